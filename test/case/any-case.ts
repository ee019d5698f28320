/** Cases of every kind that a case file can state, however odd as datacenters. */
import fc from 'fast-check';
import type { Case } from '../../src/case/case.ts';
import type { Host } from '../../src/domain/host.ts';
import { POWER_STATES } from '../../src/domain/power.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { amountsOf, perResource, RESOURCE_COUNT } from '../../src/domain/resources.ts';
import { LEVELS, MOMENTS, type Rule } from '../../src/domain/rule.ts';
import type { Vm } from '../../src/domain/vm.ts';

const amount = fc.oneof(
  fc.nat(1_000_000),
  fc.double({ min: 0, max: 1e15, noNaN: true }).filter((value) => value > 0),
);
const word = fc.constantFrom('', 'a', 'site 1', 'ü"\n', 'x'.repeat(50));
const words = fc.uniqueArray(fc.constantFrom('a', 'b', 'san "1"', '❄'), { maxLength: 3 });
const labels = fc.dictionary(fc.constantFrom('a', 'b c', 'toString'), fc.string({ maxLength: 5 }), {
  maxKeys: 2,
  noNullPrototype: true,
});
const amounts = fc
  .array(amount, { minLength: RESOURCE_COUNT, maxLength: RESOURCE_COUNT })
  .map((values) => amountsOf((resource) => values[resource]!));

const host: fc.Arbitrary<Omit<Host, 'id'>> = fc.record({
  capacity: amounts,
  reserved: amounts,
  cores: fc.integer({ min: 1, max: 256 }),
  migrationBytesPerS: fc.integer({ min: 1, max: 1e10 }),
  cpu: fc.record({ vendor: word, model: word, features: words }),
  subnet: word,
  storages: words,
  vlans: words,
  rack: word,
  site: word,
  labels,
  powerModel: fc.record({
    watts: fc.array(amount, { minLength: 2, maxLength: 4 }),
    offWatts: amount,
    bootSeconds: amount,
    shutdownSeconds: amount,
  }),
  power: fc.constantFrom(...POWER_STATES),
  maintenance: fc.boolean(),
  known: fc.boolean(),
  doubt: word,
  provenToWake: fc.boolean(),
  mayBeWoken: fc.boolean(),
  lastPowerChangeAtMs: fc.nat(),
  lastArrivalAtMs: fc.nat(),
});

const vm = (hostIds: readonly string[]): fc.Arbitrary<Omit<Vm, 'id'>> =>
  fc.record({
    host: fc.constantFrom(...hostIds),
    vcpus: fc.integer({ min: 1, max: 64 }),
    demand: amounts,
    cpuDeviationMhz: amount,
    cpuPeakMhz: amount,
    cpuLowMhz: amount,
    cpuSoonMhz: amount,
    cpuLaterMhz: amount,
    memoryActiveBytes: amount,
    dirtyBytesPerS: amount,
    localDiskBytes: amount,
    storages: words,
    vlans: words,
    subnet: word,
    cpuNeeds: fc.record({ vendor: word, features: words }),
    labels,
    tier: word,
    liveSessions: fc.nat(9),
    migratable: fc.boolean(),
    tie: word,
    quickAllowed: fc.boolean(),
    postCopyAllowed: fc.boolean(),
    pinnedTo: fc.subarray([...hostIds]),
    known: fc.boolean(),
    doubt: word,
    lastMoveAtMs: fc.nat(),
  });

const numbered = <T>(rows: readonly T[], prefix: string) => rows.map((row, i) => ({ id: `${prefix}${i}`, ...row }));

const hosts = fc.array(host, { minLength: 2, maxLength: 5 }).map((rows) => numbered(rows, 'h'));

const inventory = hosts.chain((rows) => {
  const ids = rows.map(({ id }) => id);
  const vms = fc.array(vm(ids), { minLength: 2, maxLength: 6 }).map((each) => numbered(each, 'v'));
  return vms.chain((each) => relations(rows, each));
});

function relations(hostRows: readonly Host[], vmRows: readonly Vm[]): fc.Arbitrary<Case['inventory']> {
  const ids = vmRows.map(({ id }) => id);
  const pair = fc.shuffledSubarray(ids, { minLength: 2, maxLength: 2 });
  const flying = fc
    .subarray([...vmRows])
    .map((each) =>
      each.map(({ id, host: from }) => ({ vm: id, from, to: hostRows.find((row) => row.id !== from)!.id })),
    );
  const rules = fc.array(anyRule(ids, hostRows), { maxLength: 4 }).map((each) => numbered(each, 'r') as Rule[]);
  return fc.record({
    atMs: fc.nat(),
    hosts: fc.constant(hostRows),
    vms: fc.constant(vmRows),
    flows: fc.array(
      fc.tuple(pair, amount).map(([[from, to], bytesPerS]) => ({ from: from!, to: to!, bytesPerS })),
      { maxLength: 4 },
    ),
    rules,
    flights: flying,
  });
}

/** Some say when they hold and whether they are preferred, and some leave it at what is usual. */
function anyRule(vmIds: readonly string[], hostRows: readonly Host[]): fc.Arbitrary<Omit<Rule, 'id'>> {
  const pair = fc.shuffledSubarray([...vmIds], { minLength: 2, maxLength: 2 });
  const vms = { vms: fc.subarray([...vmIds], { minLength: 1 }), vmLabels: fc.constant({}) };
  const labelled = hostRows.map(({ labels }) => labels).filter((own) => Object.keys(own).length > 0);
  const hosts = {
    hosts: fc.subarray(
      hostRows.map(({ id }) => id),
      { minLength: 1 },
    ),
    hostLabels: fc.constantFrom({}, ...labelled),
  };
  const at = fc.option(fc.constantFrom(...MOMENTS), { nil: undefined });
  const preferred = fc.option(fc.boolean(), { nil: undefined });
  const level = fc.constantFrom(...LEVELS);
  const most = fc.integer({ min: 1, max: 9 });
  const job = fc.record({ startMinute: fc.nat(1439), minutes: fc.integer({ min: 1, max: 1440 }), ...vms });
  return fc
    .oneof(
      fc.record({ kind: fc.constant('anti-affinity'), vms: pair, level, preferred, at }),
      fc.record({ kind: fc.constant('affinity'), vms: pair, level, preferred }),
      fc.record({ kind: fc.constantFrom('run-on', 'keep-off'), ...vms, ...hosts, preferred, at }),
      fc.record({ kind: fc.constant('most-vms'), most, ...vms, ...hosts, at }),
      fc.record({
        kind: fc.constant('backups'),
        most,
        jobs: fc.array(job, { minLength: 1, maxLength: 2 }),
        ...hosts,
        at,
      }),
      fc.record({ kind: fc.constant('failover'), failures: fc.integer({ min: 1, max: 3 }), ...vms }),
    )
    .map(
      (rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as Omit<Rule, 'id'>,
    );
}

/** Often the default, so that what is left out is tried too. */
const share = (usual: number) => fc.constantFrom(usual, 0, 0.5, 1);

export const anyCase: fc.Arbitrary<Case> = fc.record({
  inventory,
  profile: fc.record({
    policies: fc.constantFrom(DEFAULT_PROFILE.policies, {}, { mine: { weight: 2, options: { share: 0.5 } } }),
    horizonMinutes: fc.constantFrom(DEFAULT_PROFILE.horizonMinutes, 5),
    margin: fc.constantFrom(DEFAULT_PROFILE.margin, 3),
    leastSavingPerHour: fc.constantFrom(DEFAULT_PROFILE.margin, 3),
    ceilings: fc.record(perResource(({ usualCeiling }) => share(usualCeiling))),
    evacuationCeilings: fc.record({ cpu: share(1), memory: share(1), netRx: share(1), netTx: share(1) }),
    peaksTogether: share(DEFAULT_PROFILE.peaksTogether),
    vmCooldownMinutes: fc.constantFrom(DEFAULT_PROFILE.vmCooldownMinutes, 0),
    minimumOnMinutes: fc.constantFrom(DEFAULT_PROFILE.minimumOnMinutes, 0),
    minimumOffMinutes: fc.constantFrom(DEFAULT_PROFILE.minimumOffMinutes, 0),
    leastHostsOn: fc.constantFrom(DEFAULT_PROFILE.leastHostsOn, 3),
    spareHosts: fc.constantFrom(DEFAULT_PROFILE.spareHosts, 0, 3),
    spareShare: share(DEFAULT_PROFILE.spareShare),
  }),
  prices: fc.constantFrom(DEFAULT_PRICES, { ...DEFAULT_PRICES, currency: 'USD', perKwh: 0 }),
  limits: fc.constantFrom(DEFAULT_LIMITS, { ...DEFAULT_LIMITS, migrationsPerSource: 2 }),
  power: fc.boolean(),
});
