/**
 * `drover check --live` on real hosts, as they should be and with one thing wrong at a time: `node
 * test/real/libvirt/check-live.ts FOLDER_OF_THE_LAB`. What is wrong must be found, and nothing else.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../../src/domain/finding.ts';
import { type LabCase, tryAll } from './cases.ts';
import { checked } from './check-live-report.ts';
import { bmcAddressOf, type Lab, labHostSettings, SHARED_FOLDER } from './lab.ts';

type Host = ReturnType<typeof labHostSettings> & Readonly<Record<string, unknown>>;

interface Driver {
  readonly hosts: readonly Host[];
  readonly sharedPaths: readonly string[];
  readonly saveFolder: string;
  readonly migration: { readonly control: string };
}

const PLAIN: Driver = {
  hosts: ['h1', 'h2', 'h3'].map(labHostSettings),
  sharedPaths: [SHARED_FOLDER],
  saveFolder: SHARED_FOLDER,
  // Here hosts must get through to each other's libvirt.
  migration: { control: 'peer-to-peer' },
};

/** With something else about the second host. */
const second = (parts: Readonly<Record<string, unknown>>): Driver => ({
  ...PLAIN,
  hosts: PLAIN.hosts.map((host) => (host.id === 'h2' ? { ...host, ...parts } : host)),
});

/** These and no others must fail, each with a remedy, and then the exit code says so. */
async function mustFail(driver: Driver, expected: readonly string[], password?: string): Promise<string[]> {
  const { exitCode, findings } = await checked(driver, password);
  const failed = findings.filter(({ state }) => state === 'failed');
  const named = failed.map(({ about, check }) => `${about} ${check}`);
  const wordless = failed.filter(({ remedy = '' }) => !/^[A-Z].*\.$/.test(remedy));
  return [
    ...(findings.length === 0 ? ['nothing was tried'] : []),
    ...(JSON.stringify(named) === JSON.stringify(expected)
      ? []
      : [`failed: ${failed.map(wordsOf).join(', ') || 'nothing'}`]),
    ...wordless.map(({ about, check }) => `${about} ${check} has no remedy`),
    ...(exitCode === (expected.length === 0 ? 0 : 1) ? [] : [`exit code ${exitCode}`]),
  ];
}

const wordsOf = ({ about, check, words }: Finding): string => `${about} ${check} (${words})`;

const ALL_CHECKS = [
  'connection',
  'version',
  'name',
  'memory',
  'storage',
  'saved guests',
  'ports',
  'way',
  'cpu',
  'room elsewhere',
  'bmc',
];
const OTHER_UUID = '1ab00000-0000-4000-8000-000000000001';

const CASES: readonly LabCase[] = [
  { name: 'all is well', run: () => mustFail(PLAIN, []) },
  {
    name: 'all that can be told is told',
    run: async () => {
      const { findings } = await checked(PLAIN);
      const unknown = findings.filter(({ state }) => state === 'unknown').map(wordsOf);
      const ok = new Set(findings.filter(({ state }) => state === 'ok').map(({ check }) => check));
      const missing = ALL_CHECKS.filter((check) => !ok.has(check));
      process.stdout.write(`  not told: ${unknown.join(', ') || 'nothing'}\n`);
      return missing.map((check) => `nothing is said of ${check}`);
    },
  },
  {
    name: 'a wrong password of the BMCs',
    run: () => mustFail(PLAIN, ['h1 bmc', 'h2 bmc', 'h3 bmc'], 'wrong'),
  },
  {
    name: 'a host that is off',
    run: async (lab) => {
      await lab.do('off', 'h3');
      const faults = await mustFail(PLAIN, ['h3 connection']);
      await switchedOn(lab, 'h3');
      return faults;
    },
  },
  {
    name: 'the BMC of another host, which is off',
    run: async (lab) => {
      await lab.do('off', 'h3');
      const bmc = { ...labHostSettings('h2').bmc, address: bmcAddressOf(3) };
      const faults = await mustFail(second({ bmc }), ['h2 bmc', 'h3 connection'].sort().reverse());
      await switchedOn(lab, 'h3');
      return faults;
    },
  },
  {
    name: 'a shared folder that one host has not mounted',
    run: async (lab) => {
      const elsewhere = join(tmpdir(), 'drover-lab-elsewhere');
      await mkdir(elsewhere, { recursive: true });
      await writeFile(join(SHARED_FOLDER, 'some-disk.img'), '');
      await lab.do('in', 'h2', 'mount', '--bind', elsewhere, SHARED_FOLDER);
      const faults = await mustFail(PLAIN, ['h2 storage', 'h2 saved guests']);
      await lab.do('in', 'h2', 'umount', SHARED_FOLDER);
      await rm(join(SHARED_FOLDER, 'some-disk.img'));
      await rm(elsewhere, { recursive: true });
      return faults;
    },
  },
  {
    name: 'a folder that is nowhere',
    run: () => mustFail({ ...PLAIN, sharedPaths: ['/no/such/folder'] }, ['h1 storage', 'h2 storage', 'h3 storage']),
  },
  {
    name: 'a way from host to host that leads nowhere',
    run: () => mustFail(second({ peerUri: 'qemu+tcp://10.77.0.2:16510/system' }), ['h1 → h2 way', 'h3 → h2 way']),
  },
  {
    name: 'such a way where Drover leads, and nobody needs it',
    run: () =>
      mustFail({ ...second({ peerUri: 'qemu+tcp://10.77.0.2:16510/system' }), migration: { control: 'managed' } }, []),
  },
  {
    name: 'a firewall between the hosts that is not seen from here',
    run: async (lab) => {
      const wall = ['type', 'unreachable', 'ipproto', 'tcp', 'dport', '49152-49215'];
      await lab.do('in', 'h1', 'ip', 'rule', 'add', ...wall);
      const faults = await mustFail(PLAIN, ['h1 → h2 ports', 'h1 → h3 ports']);
      await lab.do('in', 'h1', 'ip', 'rule', 'del', ...wall);
      return faults;
    },
  },
  {
    name: 'a host that the others can reach by nothing',
    run: () => mustFail(second({ peerUri: 'qemu+unix:///system' }), ['h2 ports', 'h1 → h2 way', 'h3 → h2 way']),
  },
  {
    name: 'a shared folder that libvirt does not take for shared',
    run: async (lab) => {
      const disk = join(SHARED_FOLDER, 'disk.img');
      await lab.do('in', 'h1', 'truncate', '-s', '1M', disk);
      await lab.do('virsh', 'h1', 'attach-disk', 'on-h1', disk, 'vda', '--targetbus', 'virtio', '--live');
      const faults = await mustFail(PLAIN, ['h1 disks']);
      await lab.do('virsh', 'h1', 'destroy', 'on-h1');
      await rm(disk);
      await switchedOn(lab, 'h1');
      return faults;
    },
  },
  {
    name: 'more guests than a host has memory for',
    run: () => mustFail(second({ memoryGib: 1.05, reservedMemoryGib: 1 }), ['h2 memory']),
  },
  {
    name: 'two hosts from one image',
    run: async (lab) => {
      await renamed(lab, OTHER_UUID);
      const faults = await mustFail(PLAIN, ['h1 → h2 identity']);
      await renamed(lab, OTHER_UUID.replace(/1$/, '2'));
      return faults;
    },
  },
];

/** The second host believes that it is another one; its guest lives through that. */
async function renamed(lab: Lab, uuid: string): Promise<void> {
  await lab.restartLibvirt('h2', `sed -i 's/^host_uuid.*/host_uuid = "${uuid}"/' /etc/libvirt/libvirtd.conf`);
}

/** With a guest, without which nobody there can be asked for the way. */
async function switchedOn(lab: Lab, host: string): Promise<void> {
  await lab.on(host);
  await lab.do('vm', host, `on-${host}`, '96', 'cpu=0');
}

process.exitCode = await tryAll(3, CASES, async (lab) => {
  for (const host of ['h1', 'h2', 'h3']) await switchedOn(lab, host);
});
