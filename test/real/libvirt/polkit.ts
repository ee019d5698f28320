/**
 * The example rule for polkit on real hosts that ask polkit for each call: `node test/real/libvirt/polkit.ts
 * FOLDER_OF_THE_LAB`. A user without any other rights must be able to do through ssh all that Drover does, and nothing
 * else. Needs `sshd`, `dbus-daemon`, `polkitd`, and libvirt's own actions for it: installed, or in the folder that
 * LIBVIRT_ACTIONS names (they are in Debian's libvirt-daemon-system: `apt-get download` and `dpkg -x` will do).
 */
import { access, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import type { LibvirtDriver } from '../../../src/drivers/libvirt/libvirt-driver.ts';
import type { MigrationEnd, MigrationOrder } from '../../../src/ports/driver.ts';
import { METRICS, type SampleBatch } from '../../../src/ports/samples.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';
import { type LabCase, tryAll } from './cases.ts';
import { checked } from './check-live-report.ts';
import { type Lab, labHost, openLabDriver, SHARED_FOLDER } from './lab.ts';
import { SshServers } from './ssh.ts';

const GUEST = 'web';
const USER = 'drover';
const ACTIONS = '/usr/share/polkit-1/actions';
const RULES = '/etc/polkit-1/rules.d';
const LIBVIRT_ACTIONS = process.env.LIBVIRT_ACTIONS ?? ACTIONS;
const OWN_ACTIONS = ['org.libvirt.api.policy', 'org.libvirt.unix.policy'];
const MOST_LOOKS = 40;
const SAMPLED = ['cpuMhz', 'memoryActiveBytes', 'netRxBytesPerS', 'netTxBytesPerS', 'dirtyBytesPerS'];
const SLOW = { mostMibPerS: 16 };

const folder = await mkdtemp(join(tmpdir(), 'drover-polkit-'));
const at = (name: string) => join(folder, name);
let ssh: SshServers | undefined;

const hosts = () => [1, 2].map((number) => ({ ...labHost(number), uri: ssh?.uri(number, USER) ?? '' }));

async function withDriver<T>(use: (driver: LibvirtDriver) => Promise<T>, migration = {}): Promise<T> {
  const driver = openLabDriver(hosts(), migration, undefined, new SystemClock(), 5);
  try {
    return await use(driver);
  } finally {
    await driver.close();
  }
}

async function placeOf(driver: LibvirtDriver): Promise<string | undefined> {
  return (await driver.inventory()).vms.find(({ id }) => id === GUEST)?.host;
}

async function moved(how: MigrationOrder['how'], expected: MigrationEnd['state'], cancelAfterMs?: number) {
  const slowly = cancelAfterMs === undefined ? {} : SLOW;
  return withDriver(async (driver) => {
    const from = (await placeOf(driver)) ?? '';
    const to = from === 'h1' ? 'h2' : 'h1';
    const migration = driver.migrate({ id: `${how} ${Date.now()}`, vm: GUEST, from, to, how }, () => {});
    if (cancelAfterMs !== undefined) await sleep(cancelAfterMs).then(() => migration.cancel());
    const end = await migration.ended;
    if (end.state !== expected) return [`ended as ${JSON.stringify(end)}`];
    const place = await placeOf(driver);
    return place === (expected === 'done' ? to : from) ? [] : [`it is on ${place}`];
  }, slowly);
}

/** Of which metrics the guest's samples were, once all were there that can be. */
async function sampled(driver: LibvirtDriver): Promise<Set<string>> {
  const metrics = new Set<string>();
  const receive = ({ kind, metric }: SampleBatch) => {
    if (kind === 'vm') for (const each of metric) metrics.add(METRICS[each] ?? '');
  };
  const failures: string[] = [];
  const stop = driver.sample(SECOND, { host: () => 0, vm: () => 0 }, receive, (because) => failures.push(because));
  const isWhole = () => SAMPLED.every((metric) => metrics.has(metric));
  for (let look = 0; look < MOST_LOOKS && !isWhole(); look++) await sleep(SECOND / 2);
  stop();
  if (failures[0] !== undefined) throw new Error(failures[0]);
  return metrics;
}

/** As that user, with libvirt's own client. */
async function mayNot(lab: Lab, host: string, words: readonly string[]): Promise<string[]> {
  const said = await lab
    .do('in', host, 'runuser', '-u', USER, '--', 'virsh', '-c', 'qemu:///system', ...words)
    .then(() => 'it was done')
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return /access denied/.test(said) ? [] : [`${words.join(' ')}: ${said}`];
}

const CASES: readonly LabCase[] = [
  { name: 'what runs is seen', run: () => withDriver(async (d) => ((await placeOf(d)) === 'h1' ? [] : ['it is not'])) },
  {
    name: 'all that is sampled comes, and how fast the guest writes',
    run: () =>
      withDriver(async (driver) => {
        await driver.inventory();
        const metrics = await sampled(driver);
        return SAMPLED.filter((metric) => !metrics.has(metric)).map((metric) => `no ${metric}`);
      }),
  },
  { name: 'a migration led by Drover', run: () => moved('live', 'done') },
  { name: 'and back', run: () => moved('live', 'done') },
  { name: 'one that is cancelled', run: () => moved('live', 'cancelled', SECOND) },
  { name: 'a quick one', run: () => moved('quick', 'done') },
  {
    name: 'drover check --live',
    run: async () => {
      const { findings } = await checked({
        hosts: hosts().map(({ id, uri }) => ({ id, uri })),
        sharedPaths: [SHARED_FOLDER],
        saveFolder: SHARED_FOLDER,
        migration: { control: 'managed' },
      });
      const words = findings.map(({ about, check, state, words }) => `${about} ${check} ${state}: ${words}`);
      const compared = findings.filter(({ check, state }) => check === 'cpu' && state === 'ok');
      return [
        ...(compared.length > 0 ? [] : ['processors were not compared']),
        ...words.filter((each) => / failed: |denied/.test(each)),
      ];
    },
  },
  {
    name: 'what Drover does not need is refused',
    run: async (lab) => {
      const place = await withDriver(placeOf);
      const attempts = [
        ['destroy', GUEST],
        ['reboot', GUEST],
        ['shutdown', GUEST],
        ['screenshot', GUEST, '/dev/null'],
        ['snapshot-create', GUEST],
        ['send-key', GUEST, '1'],
        ['nodesuspend', 'mem', '60'],
        ['secret-list'],
        ['nwfilter-list'],
      ];
      return (await Promise.all(attempts.map((words) => mayNot(lab, place ?? 'h1', words)))).flat();
    },
  },
  {
    name: 'without the rule nothing is possible, and it is said why',
    run: async (lab) => {
      for (const host of ['h1', 'h2']) await lab.do('in', host, 'rm', '-f', `${RULES}/50-drover.rules`);
      await sleep(2 * SECOND);
      return withDriver(async (driver) => {
        const words = await driver.inventory().then(
          () => 'it was seen',
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        process.stdout.write(`  ${words}\n`);
        return /denied|polkit|authoriz|authenticat/i.test(words) ? [] : [words];
      });
    },
  },
];

/** Where nothing that is missing has been asked for. */
async function actions(): Promise<void> {
  await mkdir(at('actions'));
  for (const name of await readdir(ACTIONS)) await copyFile(join(ACTIONS, name), at(`actions/${name}`));
  for (const name of OWN_ACTIONS) {
    const file = join(LIBVIRT_ACTIONS, name);
    await access(file).catch(() => {
      throw new Error(`there is no ${file}: name the folder of libvirt's actions for polkit as LIBVIRT_ACTIONS`);
    });
    await copyFile(file, at(`actions/${name}`));
  }
}

/** Its own bus and its own polkit, which end with the host. */
async function askPolkit(lab: Lab, host: string): Promise<void> {
  const rules = at(`rules-${host}`);
  await mkdir(rules);
  await copyFile('examples/50-drover.rules', join(rules, '50-drover.rules'));
  const script = `set -e
    echo '${USER}:x:64056:65534::/tmp:/bin/sh' >>/etc/passwd
    mkdir -p /run/dbus ${RULES}
    mount -t tmpfs -o mode=755 none /run/dbus
    mount --bind ${at('actions')} ${ACTIONS}
    mount --bind ${rules} ${RULES}
    dbus-daemon --system --fork --nopidfile
    setsid /usr/lib/polkit-1/polkitd --no-debug >/var/log/libvirt/polkitd.log 2>&1 </dev/null &
    sleep 1
    sed -i '/^auth_unix_rw/d; /^unix_sock_rw_perms/d' /etc/libvirt/libvirtd.conf
    cat ${at('polkit.conf')} >>/etc/libvirt/libvirtd.conf
    old=$(cat /run/libvirt/libvirtd.pid); kill $old; while kill -0 $old 2>/dev/null; do sleep 0.1; done
    for look in $(seq ${MOST_LOOKS}); do virsh -q -c qemu:///system uri && exit 0; sleep 0.5; done
    exit 1`;
  await lab.do('in', host, 'sh', '-c', script);
}

process.exitCode = await tryAll(2, CASES, async (lab) => {
  await actions();
  const settings = ['auth_unix_rw = "polkit"', 'access_drivers = [ "polkit" ]', 'unix_sock_rw_perms = "0777"'];
  await writeFile(at('polkit.conf'), `${settings.join('\n')}\n`);
  await lab.do('vm', 'h1', GUEST, '96', 'cpu=1,dirty=2');
  await lab.awake(GUEST);
  ssh = await SshServers.open(folder);
  for (const number of [1, 2]) {
    await askPolkit(lab, `h${number}`);
    await ssh.serve(lab, number);
  }
}).finally(async () => {
  ssh?.stop();
  await rm(folder, { recursive: true });
});
