/** A simulated BMC for IPMI, one for Redfish, and a host in a network of its own that sleeps until it is woken. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { WakeOnLanHost } from '../../../src/drivers/wake-on-lan/wake-on-lan-switch.ts';
import { freePort, Running } from '../programs.ts';

const execute = promisify(execFile);
const MOST_MS = 20_000;
const run = (program: string, words: readonly string[]) => execute(program, words, { timeout: MOST_MS });
const SPACE = 'drover-sleeper';
const NEAR = 'drv-near';
const FAR = 'drv-far';
const NEAR_ADDRESS = '10.79.0.254/24';
const AWAKE_ADDRESS = '10.79.0.1';
/** The network card listens, whatever the host does. */
const CARD_ADDRESS = '10.79.0.2/24';
const MAC = '02:1a:b0:0d:0e:01';
const UP_WITHIN_LOOKS = 100;
const LOOK_EVERY_MS = 200;

/** Where everything is; plain data, since the tests run in another process. */
export interface Stage {
  readonly user: string;
  readonly password: string;
  readonly stateFolder: string;
  readonly nobodyAtPort: number;
  readonly ipmi: { readonly port: number };
  readonly redfish: {
    readonly url: string;
    readonly ca: string;
    readonly fingerprint: string;
    readonly system: string;
  };
  readonly sleeper: WakeOnLanHost;
}

export interface OpenStage {
  readonly stage: Stage;
  end(): Promise<void>;
}

const USER = 'admin';
const PASSWORD = 'open-sesame';

export async function openStage(sushy: string): Promise<OpenStage> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-power-'));
  const ends: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const end = async () => {
    for (const each of ends.reverse()) await each();
  };
  const started = (program: Running): void => {
    program.start();
    ends.push(() => program.kill());
  };
  try {
    const ipmi = await openIpmi(folder, started);
    const redfish = await openRedfish(folder, sushy, started);
    await removeSpace();
    ends.push(removeSpace);
    const sleeper = await openSleeper(started);
    const stateFolder = join(folder, 'state');
    const nobodyAtPort = await freePort();
    return { stage: { user: USER, password: PASSWORD, stateFolder, nobodyAtPort, ipmi, redfish, sleeper }, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The state of its chassis is one file, which its own program reads and writes. */
async function openIpmi(folder: string, started: (program: Running) => void): Promise<Stage['ipmi']> {
  const port = await freePort();
  const [state, chassis] = [join(folder, 'chassis-state'), join(folder, 'chassis')];
  writeFileSync(state, '0');
  const script = `#!/bin/sh
verb=$1; shift
while [ $# -gt 0 ]; do
  case $verb-$1 in
    get-power) echo "power:$(cat ${state})"; shift ;;
    get-*) echo "$1:0"; shift ;;
    set-power) printf %s "$2" > ${state}; shift 2 ;;
    set-shutdown) { sleep 2; printf 0 > ${state}; } >/dev/null 2>&1 & shift 2 ;;
    *) shift ;;
  esac
done
`;
  writeFileSync(chassis, script);
  chmodSync(chassis, 0o755);
  const kinds = 'none md2 md5 straight';
  const allowed = ['callback', 'user', 'operator', 'admin'].map((role) => `  allowed_auths_${role} ${kinds}`);
  const lan = [
    'name "h1"',
    'set_working_mc 0x20',
    'startlan 1',
    `  addr 127.0.0.1 ${port}`,
    '  priv_limit admin',
    ...allowed,
    '  guid 1ab00000000040008000000000000001',
    'endlan',
    `chassis_control "${chassis}"`,
    `user 2 true "${USER}" "${PASSWORD}" admin 10 ${kinds}`,
    '',
  ];
  const emulation = ['mc_setbmc 0x20', 'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr'];
  const more = ['sel_enable 0x20 100 0x0a', 'mc_enable 0x20', ''];
  writeFileSync(join(folder, 'lan.conf'), lan.join('\n'));
  writeFileSync(join(folder, 'bmc.emu'), [...emulation, ...more].join('\n'));
  mkdirSync(join(folder, 'bmc'));
  const files = ['-c', join(folder, 'lan.conf'), '-f', join(folder, 'bmc.emu'), '-s', join(folder, 'bmc')];
  started(new Running('ipmi_sim', ['-n', ...files]));
  const asked = ['-I', 'lanplus', '-C', '3', '-H', '127.0.0.1', '-p', `${port}`, '-U', USER, '-P', PASSWORD];
  await untilItWorks(() => run('ipmitool', [...asked, 'chassis', 'power', 'status']));
  return { port };
}

async function openRedfish(
  folder: string,
  sushy: string,
  started: (program: Running) => void,
): Promise<Stage['redfish']> {
  const port = await freePort();
  const at = (name: string) => join(folder, name);
  const [ca, fingerprint] = await makeCertificates(at);
  const hash = await run(join(sushy, '..', 'python'), [
    '-c',
    'import bcrypt, sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt(4)).decode())',
    PASSWORD,
  ]);
  writeFileSync(at('users'), `${USER}:${hash.stdout.trim()}\n`);
  const system = '1ab00000-0000-4000-8000-000000000001';
  const systems = ['h1', 'h2'].map((name, index) => ({
    uuid: index === 0 ? system : system.replace(/1$/, '2'),
    name,
    power_state: 'Off',
    external_notifier: false,
    nics: [],
  }));
  const asPython = (value: unknown) => JSON.stringify(value).replaceAll('false', 'False');
  const settings = [
    `SUSHY_EMULATOR_AUTH_FILE = ${asPython(at('users'))}`,
    `SUSHY_EMULATOR_STATE_DIR = ${asPython(folder)}`,
    `SUSHY_EMULATOR_FAKE_SYSTEMS = ${asPython(systems)}`,
    '',
  ];
  writeFileSync(at('sushy.conf'), settings.join('\n'));
  const tls = ['--ssl-certificate', at('bmc.crt'), '--ssl-key', at('bmc.key')];
  const words = ['--fake', '--config', at('sushy.conf'), '-i', '127.0.0.1', '-p', `${port}`, ...tls];
  started(new Running(sushy, words));
  await untilItWorks(async () => {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect').finally(() => socket.destroy());
  });
  return { url: `https://127.0.0.1:${port}`, ca, fingerprint, system };
}

/** An authority of our own, and a certificate of its making for this address. */
async function makeCertificates(at: (name: string) => string): Promise<[string, string]> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const [authority, bmc] = ['/CN=Drover test authority', '/CN=127.0.0.1'];
  await run('openssl', [
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    authority,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  ]);
  await run('openssl', ['req', ...key, '-subj', bmc, '-keyout', at('bmc.key'), '-out', at('bmc.csr')]);
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1\n');
  const signer = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names')];
  await run('openssl', ['x509', '-req', '-in', at('bmc.csr'), ...signer, '-days', '2', '-out', at('bmc.crt')]);
  const { stdout } = await run('openssl', ['x509', '-in', at('bmc.crt'), '-noout', '-fingerprint', '-sha256']);
  return [at('ca.crt'), stdout.trim().replace(/^.*=/, '')];
}

/** Also one that is left over from a run that was killed. */
async function removeSpace(): Promise<void> {
  await run('ip', ['netns', 'del', SPACE]).catch(() => undefined);
  await run('ip', ['link', 'del', NEAR]).catch(() => undefined);
}

/** Asleep it has no address; its card hears the packet all the same, and gives the address back. */
async function openSleeper(started: (program: Running) => void): Promise<WakeOnLanHost> {
  await run('ip', ['netns', 'add', SPACE]);
  await run('ip', ['link', 'add', NEAR, 'type', 'veth', 'peer', 'name', FAR, 'netns', SPACE]);
  await run('ip', ['addr', 'add', NEAR_ADDRESS, 'broadcast', '+', 'dev', NEAR]);
  await run('ip', ['link', 'set', NEAR, 'up']);
  const inside = (...words: readonly string[]) => run('ip', ['-n', SPACE, ...words]);
  await inside('addr', 'add', CARD_ADDRESS, 'broadcast', '+', 'dev', FAR);
  await inside('link', 'set', FAR, 'up');
  const program = join(import.meta.dirname, 'sleeper.ts');
  const words = ['netns', 'exec', SPACE, process.execPath, program, FAR, `${AWAKE_ADDRESS}/24`, MAC];
  started(new Running('ip', words));
  return {
    id: 'h1',
    mac: MAC,
    broadcast: '10.79.0.255',
    port: 9,
    address: AWAKE_ADDRESS,
    answersAtPort: 22,
    shutdownCommand: ['ip', '-n', SPACE, 'addr', 'del', `${AWAKE_ADDRESS}/24`, 'dev', FAR],
  };
}

async function untilItWorks(attempt: () => Promise<unknown>): Promise<void> {
  for (let look = 1; ; look++) {
    const error = await attempt().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    if (look === UP_WITHIN_LOOKS) throw error;
    await sleep(LOOK_EVERY_MS);
  }
}
