/**
 * Every way to reach a host that a URI can name, and each where it must be refused: `node test/real/libvirt/reach.ts
 * FOLDER_OF_THE_LAB`. Needs `openssl`, and `sshd` for what goes by ssh.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SECOND } from '../../../src/domain/units.ts';
import type { TlsFiles } from '../../../src/drivers/libvirt/transport.ts';
import { type LabCase, tryAll } from './cases.ts';
import { addressOf, type Lab, labHost, openLabDriver, STATE_FOLDER } from './lab.ts';
import { SshServers } from './ssh.ts';

const run = promisify(execFile);
const GUEST = 'web';
const MOST_LOOKS = 20;
const folder = await mkdtemp(join(tmpdir(), 'drover-reach-'));
const at = (name: string) => join(folder, name);

/** What is seen there, or why nothing is, once it is as expected: a busy machine takes its time to answer. */
async function seen(expected: RegExp, uri: string, tls?: TlsFiles): Promise<string> {
  const driver = openLabDriver([{ ...labHost(1), uri }], {}, tls);
  try {
    for (let look = 1; ; look++) {
      const words = await driver.inventory().then(
        ({ vms }) => vms.map(({ id }) => id).join(', '),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (expected.test(words) || look === MOST_LOOKS) return words;
      await sleep(SECOND);
    }
  } finally {
    await driver.close();
  }
}

async function mustSee(uri: string, tls?: TlsFiles): Promise<string[]> {
  const words = await seen(new RegExp(`^${GUEST}$`), uri, tls);
  return words === GUEST ? [] : [words];
}

async function mustSay(pattern: RegExp, uri: string, tls?: TlsFiles): Promise<string[]> {
  const words = await seen(pattern, uri, tls);
  process.stdout.write(`  ${words}\n`);
  return pattern.test(words) ? [] : [words];
}

const tlsOf = (client: string, ca = 'ca'): TlsFiles => ({
  ca: at(`${ca}.crt`),
  cert: at(`${client}.crt`),
  key: at(`${client}.key`),
});
const TLS_URI = `qemu+tls://${addressOf(1)}/system`;
const sshUri = (key: string, known?: string) => ssh?.uri(1, 'root', key, known) ?? '';

const CASES: readonly LabCase[] = [
  { name: 'tcp', run: () => mustSee(labHost(1).uri) },
  { name: 'tcp, nobody listens', run: () => mustSay(/ECONNREFUSED/, `qemu+tcp://${addressOf(1)}:16510/system`) },
  { name: 'tcp, no host there', run: () => mustSay(/does not answer|EHOSTUNREACH/, 'qemu+tcp://10.77.0.77/system') },
  { name: 'unix', run: () => mustSee(`qemu+unix:///system?socket=${STATE_FOLDER}/h1/run/libvirt-sock`) },
  { name: 'unix, no socket there', run: () => mustSay(/ENOENT/, `qemu+unix:///system?socket=${at('none')}`) },
  { name: 'tls', run: () => mustSee(TLS_URI, tlsOf('drover')) },
  {
    name: 'tls, another authority there',
    run: () => mustSay(/not by the authority in .*other-ca/, TLS_URI, tlsOf('drover', 'other-ca')),
  },
  {
    name: 'tls, a certificate of another authority here',
    run: () => mustSay(/certificate/, TLS_URI, tlsOf('stranger')),
  },
  { name: 'tls, a name that is not on their list', run: () => mustSay(/certificate/, TLS_URI, tlsOf('unlisted')) },
  { name: 'tls, no certificate', run: () => mustSay(/tls\.ca/, TLS_URI) },
  {
    name: 'tls, a file that is not there',
    run: () => mustSay(/nobody\.key/, TLS_URI, { ...tlsOf('drover'), key: at('nobody.key') }),
  },
  { name: 'ssh', run: () => mustSee(sshUri('id')) },
  { name: 'ssh, a key that they do not know', run: () => mustSay(/Permission denied/, sshUri('stranger-id')) },
  { name: 'ssh, a host that is not known', run: () => mustSay(/[Hh]ost key/, sshUri('id', 'nobody')) },
];

async function certify(): Promise<void> {
  const openssl = (...words: string[]) => run('openssl', words, { cwd: folder });
  for (const ca of ['ca', 'other-ca']) {
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${ca}`,
      '-keyout',
      `${ca}.key`,
      '-out',
      `${ca}.crt`,
    );
  }
  await certificate('host', 'ca', `subjectAltName=IP:${addressOf(1)}`);
  await certificate('drover', 'ca');
  await certificate('unlisted', 'ca');
  await certificate('stranger', 'other-ca');
}

async function certificate(name: string, ca: string, extension = 'basicConstraints=CA:FALSE'): Promise<void> {
  const openssl = (...words: string[]) => run('openssl', words, { cwd: folder });
  await writeFile(at(`${name}.ext`), `${extension}\n`);
  await openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
  );
  await openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${ca}.crt`,
    '-CAkey',
    `${ca}.key`,
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.crt`,
  );
}

/** The daemon of the host listens for TLS too, to those with a certificate that is on its list. */
async function serveTls(lab: Lab): Promise<void> {
  const settings = [
    'listen_tls = 1',
    `ca_file = "${at('ca.crt')}"`,
    `cert_file = "${at('host.crt')}"`,
    `key_file = "${at('host.key')}"`,
    'crl_file = ""',
    'tls_allowed_dn_list = ["CN=drover"]',
  ];
  await writeFile(at('tls.conf'), `${settings.join('\n')}\n`);
  const edit = `sed -i '/^listen_tls/d' /etc/libvirt/libvirtd.conf; cat ${at('tls.conf')} >>/etc/libvirt/libvirtd.conf`;
  await lab.restartLibvirt('h1', edit);
}

let ssh: SshServers | undefined;
process.exitCode = await tryAll(1, CASES, async (lab) => {
  await lab.do('vm', 'h1', GUEST, '96', 'cpu=0');
  await certify();
  await serveTls(lab);
  ssh = await SshServers.open(folder, ['stranger-id']);
  await ssh.serve(lab, 1);
}).finally(async () => {
  ssh?.stop();
  await rm(folder, { recursive: true });
});
