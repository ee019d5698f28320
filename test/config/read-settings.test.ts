import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, defaultsFor } from '../../src/config/defaults.ts';
import { problemWords } from '../../src/config/problem.ts';
import { readSettings, readSettingsFile } from '../../src/config/read-settings.ts';
import type { Settings } from '../../src/config/settings.ts';

function settings(text: string): Settings {
  const read = readSettings(text, 'drover.yaml');
  if (Array.isArray(read)) throw new Error(read.map(problemWords).join('\n'));
  return read;
}

function complaints(text: string): string[] {
  const read = readSettings(text, 'drover.yaml');
  return Array.isArray(read) ? read.map(problemWords) : [];
}

const bmc = (settings: string): string =>
  `driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+tcp://h1/system", bmc: ${settings} }] }`;

describe('a configuration that says little', () => {
  test.each(['', '# nothing\n', '{}', 'driver:\n', 'driver:\n  hosts:\n', 'profile:\n  ceilings:\n'])(
    '%j is all defaults',
    (text) => {
      expect(settings(text)).toEqual(DEFAULT_SETTINGS);
    },
  );

  test('keeps the defaults around what it says', () => {
    const read = settings('driver: { hosts: 4 }\nprofile:\n  ceilings: { cpu: 0.7 }\n');
    expect(read.driver).toEqual({ ...DEFAULT_SETTINGS.driver, hosts: 4 });
    expect(read.profile).toEqual({
      ...DEFAULT_SETTINGS.profile,
      ceilings: { ...DEFAULT_SETTINGS.profile.ceilings, cpu: 0.7 },
    });
  });

  test('takes a policy that is only named with its defaults, and no other policy', () => {
    expect(settings('profile:\n  policies:\n    load-balance:\n').profile.policies).toEqual({
      'load-balance': { weight: 1, options: {} },
    });
  });

  test('fills in what a rule and a calendar entry leave out', () => {
    const read = settings(
      'rules: [{ kind: anti-affinity, id: web, vms: [a, b] }]\ncalendar: [{ at: "0 7 * * 1-5", power: false }]',
    );
    expect(read.rules).toEqual([{ kind: 'anti-affinity', id: 'web', vms: ['a', 'b'], level: 'host' }]);
    expect(read.calendar).toEqual([{ at: '0 7 * * 1-5', timezone: 'UTC', power: false }]);
  });
});

describe('defaults', () => {
  test('only the embedded datacenter is driven without being asked', () => {
    expect(defaultsFor('simulated')).toMatchObject({ mode: 'auto', power: true });
    expect(defaultsFor('libvirt')).toMatchObject({ mode: 'recommend', power: false });
  });

  test('the embedded datacenter has a short day, and its spans fit into it', () => {
    const { driver, profile, observe } = DEFAULT_SETTINGS;
    for (const minutes of [profile.horizonMinutes, profile.vmCooldownMinutes, profile.minimumOnMinutes]) {
      expect(minutes).toBeLessThan(driver.dayMinutes / 2);
    }
    expect(observe.slowWindowSeconds).toBeLessThan(defaultsFor('libvirt').observe.slowWindowSeconds);
  });

  test('a machine that stands still for three seconds makes no data of the embedded datacenter stale', () => {
    const { driver, observe } = DEFAULT_SETTINGS;
    expect(observe.staleAfterIntervals * observe.sampleSeconds).toBeGreaterThan(3 * driver.speed);
  });
});

describe('a configuration with a mistake', () => {
  test.each([
    ['pwoer: true', '1:1: pwoer is not known — did you mean "power"?'],
    [
      'mode: atuo',
      '1:7: mode is "atuo", should be one of "observe", "recommend", "confirm", "auto" — did you mean "auto"?',
    ],
    ['power: yes', '1:8: power is "yes", should be true or false'],
    ['cluster: ""', '1:10: cluster is "", should be a text that is not empty'],
    ['driver:\n  hosts: 0', '2:10: driver.hosts is 0, should be 1 or more'],
    ['driver:\n  hosts: 1.5', '2:10: driver.hosts is 1.5, should be a whole number'],
    ['driver:\n  speed: 0', '2:10: driver.speed is 0, should be more than 0'],
    ['driver:\n  speed: .inf', '2:10: driver.speed is Infinity, should be a number'],
    [
      'driver: { kind: libvrt }',
      '1:17: driver.kind is "libvrt", should be "simulated" or "libvirt" — did you mean "libvirt"?',
    ],
    ...[
      'qemu+tls://h1',
      'qemu+tcp:///system',
      'qemu+tcp://h1:99999/system',
      'xen+tcp://h1/system',
      'qemu+unix://h1/system',
    ].map((uri): [string, string] => [
      `driver: { kind: libvirt, hosts: [{ id: h1, uri: "${uri}" }] }`,
      `1:49: driver.hosts[0].uri is "${uri}", should be such as "qemu+tls://h1/system"`,
    ]),
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+ssh://me:secret@h1/system" }] }',
      '1:49: driver.hosts[0].uri carries a password, should have none: ssh takes a key (?keyfile=FILE), and TLS certificates',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+tls://h1/system?no_verify=1" }] }',
      '1:49: driver.hosts[0].uri has no_verify, should have nothing behind "?" (certificates stand in tls)',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+ssh://h1/system?keyfile=/k&command=rsh" }] }',
      '1:49: driver.hosts[0].uri has command, should have no other than keyfile and known_hosts',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: h1 }] }',
      '1:49: driver.hosts[0].uri is "h1", should be such as "qemu+tls://h1/system"',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+tcp://h1/system" }, { id: h1, uri: "qemu+tcp://h2/system" }] }',
      '1:81: driver.hosts[1].id is "h1" like hosts[0].id, should be unique',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+tcp://h1/system" }, { id: h2, uri: "qemu+tcp://h1/system" }] }',
      '1:90: driver.hosts[1].uri is "qemu+tcp://h1/system" like hosts[0].uri, should be unique',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+tcp://h1/system", bmc: { kind: ipmi, address: b1, user: u } }] }',
      '1:78: driver.hosts[0].bmc names no password, should give either passwordFile or passwordEnv',
    ],
    [
      bmc('{ kind: redfish, url: kvm1-bmc, user: u, passwordEnv: P }'),
      '1:100: driver.hosts[0].bmc.url is "kvm1-bmc", should be a URL such as "https://kvm1-bmc.example"',
    ],
    [
      bmc('{ kind: redfish, url: "https://b", user: u, passwordEnv: P, fingerprint: 9F86 }'),
      '1:151: driver.hosts[0].bmc.fingerprint is "9F86", should be 32 bytes in hexadecimal such as "9F:86:D0:…", as openssl x509 -fingerprint -sha256 prints them',
    ],
    [
      bmc(`{ kind: redfish, url: "https://b", user: u, passwordEnv: P, ca: f, fingerprint: "${'9f'.repeat(32)}" }`),
      '1:78: driver.hosts[0].bmc gives both ca and fingerprint, should give one of them',
    ],
    [
      bmc('{ kind: wake-on-lan, mac: 525400123456, address: kvm1, shutdownCommand: [ssh, kvm1, poweroff] }'),
      '1:104: driver.hosts[0].bmc.mac is 525400123456, should be a text',
    ],
    [
      bmc('{ kind: wake-on-lan, mac: "52:54:00:12:34:56", address: kvm1, shutdownCommand: [] }'),
      '1:157: driver.hosts[0].bmc.shutdownCommand is [], should be a list of 1 or more',
    ],
    [
      bmc('{ kind: ilo }'),
      '1:86: driver.hosts[0].bmc.kind is "ilo", should be one of "ipmi", "redfish", "wake-on-lan"',
    ],
    [
      'driver: { kind: libvirt, hosts: [{ id: h1, uri: "qemu+tcp://h1/system" }] }\nlimits: { pairs: [{ hosts: [h1, h11] }] }',
      '2:33: limits.pairs[0].hosts[1] is "h11", which is none of driver.hosts — did you mean "h1"?',
    ],
    ['hooks: { around: [{ id: a }] }', '1:19: hooks.around[0] does nothing, should give before, sessions or after'],
    [
      'hooks: { around: [{ id: a, before: { kind: http, url: "ftp://x/{vm}" } }] }',
      '1:55: hooks.around[0].before.url is "ftp://x/{vm}", should be a URL such as "http://balancer/servers/{vm}/drain", without a password (headers carry it)',
    ],
    [
      'hooks: { around: [{ id: a, after: { kind: command, command: [lb, "{vn}"] } }] }',
      '1:66: hooks.around[0].after.command[1] says {vn}, should say one of {vm} {from} {to} {hook} {step} {when} {outcome}',
    ],
    ['driver: simulated', '1:9: driver is "simulated", should be a mapping of names to values'],
    ['listen:\n  port: 70707', '2:9: listen.port is 70707, should be 65535 or less'],
    ['profile: { ceilings: { cpu: 2 } }', '1:29: profile.ceilings.cpu is 2, should be 1 or less'],
    ['prices: { perKwh: -1 }', '1:19: prices.perKwh is -1, should be 0 or more'],
    [
      'limits: { migrations: 1 }',
      '1:11: limits.migrations is not known; here may stand: migrationsPerSource, migrationsPerTarget, migrationsPerPair, migrationsPerCluster, migrationsPerLink, migrationsPerRackUplink, migrationsPerSiteUplink, migrationsPerStorage, weightWithStorage, migrationBytesPerS, mostStreamsPerLink, ageingMinutes, powerSwitchesPerCluster, changesPerCycle, searchStepsPerCycle, hosts, pairs',
    ],
    [
      'rules: [{ id: a, vms: [x, y] }]',
      '1:9: rules[0].kind is missing, should be one of "anti-affinity", "affinity", "run-on", "keep-off", "most-vms", "backups", "spread", "depends-on", "failover"',
    ],
    ['rules: [{ kind: anti-affinity, id: a, vms: [x] }]', '1:44: rules[0].vms is ["x"], should be a list of 2 or more'],
    [
      'rules: [{ kind: anti-affinity, id: a, vms: [x, y], level: rak }]',
      '1:59: rules[0].level is "rak", should be one of "host", "rack", "site" — did you mean "rack"?',
    ],
    ['rules: [null]', '1:9: rules[0] is null, should be a mapping of names to values'],
    [
      'calendar: [{ at: often, mode: auto }]',
      '1:18: calendar[0].at is "often", should be a cron expression such as "0 7 * * 1-5"',
    ],
    [
      'calendar: [{ at: "0 7 * * *", timezone: Mars, mode: auto }]',
      '1:41: calendar[0].timezone is "Mars", should be an IANA time zone such as "Europe/Berlin"',
    ],
    [
      'calendar: [{ at: "0 7 * * *" }]',
      '1:12: calendar[0] changes nothing, should name one of mode, power, profile, hostsOn, maintenance',
    ],
    [
      'calendar: [{ at: "0 7 * * *", hostsOn: { atLeast: 40, by: "8 o clock" } }]',
      '1:59: calendar[0].hostsOn.by is "8 o clock", should be a time of day such as "08:00"',
    ],
    [
      'calendar: [{ at: "0 7 * * *", hostsOn: { atLeast: 40 } }]',
      '1:40: calendar[0].hostsOn.by is missing, should be a text (The time of day, such as "08:00", by which they are; hosts are woken ahead of it)',
    ],
    [
      'calendar: [{ at: "0 7 * * *", maintenance: { hosts: [], minutes: 60 } }]',
      '1:53: calendar[0].maintenance.hosts is [], should be a list of 1 or more',
    ],
    [
      'calendar: [{ at: "0 7 * * *", profile: night }]\nprofiles: { nights: {} }',
      '1:40: calendar[0].profile is "night", should be "nights" or "usual"',
    ],
    [
      'driver: { at: /tmp/dc.sock, hosts: 5 }',
      '1:29: driver.hosts says nothing beside driver.at: the datacenter there knows it by itself',
    ],
    [
      'observe: { fastWindowSeconds: 5 }',
      '1:31: observe.fastWindowSeconds is 5, should be no shorter than sampleSeconds (10)',
    ],
    ['mode: auto\nmode: auto', '2:1: is not YAML here: Map keys must be unique'],
    ['mode: !magic auto', '1:7: is not YAML here: Unresolved tag: !magic'],
  ])('%s', (text, complaint) => {
    expect(complaints(text)).toEqual([`drover.yaml:${complaint}`]);
  });

  test.each([
    ['- mode', 'drover.yaml: is ["mode"], should be settings such as "mode: recommend"'],
    ['auto', 'drover.yaml: is "auto", should be settings such as "mode: recommend"'],
  ])('%s as a whole', (text, complaint) => {
    expect(complaints(text)).toEqual([complaint]);
  });

  test('twin rules', () => {
    const rule = '{ kind: anti-affinity, id: a, vms: [x, y] }';
    expect(complaints(`rules:\n  - ${rule}\n  - ${rule}`)).toEqual([
      'drover.yaml:3:32: rules[1].id is "a" like rules[0].id, should be unique',
    ]);
  });

  test('tells all of its mistakes at once, in the order of the file', () => {
    const text =
      'mode: atuo\nlisten: { port: -1 }\nprofile: { policies: { load-balance: { wieght: 2 } } }\nlog: { level: loud }';
    expect(complaints(text).map((words) => words.split(' ')[1])).toEqual([
      'mode',
      'listen.port',
      'profile.policies.load-balance.wieght',
      'log.level',
    ]);
  });

  test('is bounded: a hopeless file says how many more', () => {
    const text = Array.from({ length: 80 }, (_, i) => `wrong${i}: 1`).join('\n');
    const said = complaints(text);
    expect(said).toHaveLength(51);
    expect(said.at(-1)).toBe('drover.yaml: and 30 more');
  });

  test('a file that is not there', async () => {
    const read = await readSettingsFile('/nowhere/drover.yaml');
    expect(read).toEqual([{ file: '/nowhere/drover.yaml', path: '', what: 'cannot be read: there is no such file' }]);
  });
});
