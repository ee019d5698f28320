import { expect, test } from 'vitest';
import { SECOND } from '../../../src/domain/units.ts';
import { HypervisorError } from '../../../src/drivers/libvirt/connection.ts';
import { DirtyRates } from '../../../src/drivers/libvirt/dirty-rates.ts';
import { Guests } from '../../../src/drivers/libvirt/guests.ts';
import type { HostLink, Sighting } from '../../../src/drivers/libvirt/host-link.ts';
import type { DomainRef, Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { ERROR } from '../../../src/drivers/libvirt/procedures.ts';
import { startSampling } from '../../../src/drivers/libvirt/sampling.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';
import { labHost } from '../../real/libvirt/lab.ts';

const EVERY_SECONDS = 10;

const domain = (name: string): DomainRef => ({ name, uuid: `uuid-${name}`, number: 1 });
const guests = (...names: string[]) => names.map(domain);

/** Notes whom it is told to measure; `refuses` says what comes of it. */
function hypervisorThat(refuses: (name: string) => Error | undefined = () => undefined) {
  const started: string[] = [];
  const startDirtyRate = async ({ name }: DomainRef) => {
    started.push(name);
    const error = refuses(name);
    if (error !== undefined) throw error;
  };
  return { started, hypervisor: { startDirtyRate } as Partial<Hypervisor> as Hypervisor };
}

async function atEachSecond(rates: DirtyRates, hypervisor: Hypervisor, seconds: number, names = ['web', 'db']) {
  for (let second = 0; second < seconds; second++) {
    await rates.startDue(guests(...names), hypervisor, SECOND, second * SECOND);
  }
}

test('guests are measured in turn, each as often as it is due', async () => {
  const { started, hypervisor } = hypervisorThat();
  await atEachSecond(new DirtyRates(EVERY_SECONDS), hypervisor, 2 * EVERY_SECONDS);
  expect(started).toEqual(['web', 'db', 'web', 'db']);
});

test.each([
  ['it is busy, and does not answer in time', new Error('no answer within 10 s')],
  ['it is gone', new HypervisorError(ERROR.noDomain, 'Domain not found')],
  ['it is measured already', new HypervisorError(1, 'the dirty rate is already being measured')],
])('a guest of which %s says nothing of its host', async (_, error) => {
  const { started, hypervisor } = hypervisorThat((name) => (name === 'web' ? error : undefined));
  await atEachSecond(new DirtyRates(EVERY_SECONDS), hypervisor, EVERY_SECONDS + 1, ['web']);
  expect(started).toEqual(['web', 'web']);
});

test.each([ERROR.noSupport, ERROR.unknownProcedure, ERROR.unsupported, ERROR.accessDenied])(
  'a host that cannot (error %d) is asked again only after it was connected to anew',
  async (code) => {
    const unable = hypervisorThat(() => new HypervisorError(code, 'no'));
    const rates = new DirtyRates(EVERY_SECONDS);
    await atEachSecond(rates, unable.hypervisor, 3 * EVERY_SECONDS);
    expect(unable.started).toEqual(['web']);
    const able = hypervisorThat();
    await rates.startDue(guests('web', 'db'), able.hypervisor, SECOND, 3 * EVERY_SECONDS * SECOND);
    expect(able.started).toHaveLength(1);
  },
);

test('a guest that does not answer holds up the samples of nobody, and one that moves is not asked', async () => {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const hypervisor = {
    cpuStats: async () => ({}),
    memoryStats: async () => ({ total: 1, free: 0 }),
    stats: async () => [],
    startDirtyRate: ({ name }: DomainRef) => {
      asked.push(name);
      return new Promise<never>(() => {});
    },
  } as Partial<Hypervisor> as Hypervisor;
  const host = labHost(1);
  const facts = { info: { memoryBytes: 1, cpus: 1, mhz: 1 } } as HostLink['facts'];
  const link = { host, hypervisor, facts, tried: Promise.resolve() } as Partial<HostLink> as HostLink;
  const there = new Guests();
  const seen = (name: string): Sighting => ({
    domain: domain(name),
    state: 1,
    reason: 1,
    facts: {} as Sighting['facts'],
  });
  there.settle(new Map([[host.id, [seen('moving'), seen('web'), seen('db')]]]));
  let batches = 0;
  const stop = startSampling({
    links: [link],
    guests: there,
    clock,
    intervalMs: SECOND,
    dirtyRateSeconds: EVERY_SECONDS,
    interning: { host: () => 0, vm: () => 0 },
    receive: () => {
      batches += 1;
    },
    failed: (because) => expect.fail(because),
    isOff: () => false,
    isMoving: (uuid) => uuid === 'uuid-moving',
    doubtOf: () => undefined,
  });
  for (let second = 0; second < 5; second++) await clock.advance(SECOND);
  stop();
  expect(asked).toEqual(['web']);
  expect(batches).toBeGreaterThanOrEqual(8);
});
