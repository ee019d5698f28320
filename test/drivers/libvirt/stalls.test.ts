import { expect, test } from 'vitest';
import type { HostId } from '../../../src/domain/host.ts';
import { MINUTE } from '../../../src/domain/units.ts';
import { Guests } from '../../../src/drivers/libvirt/guests.ts';
import type { HostLink, Sighting } from '../../../src/drivers/libvirt/host-link.ts';
import { Stalls } from '../../../src/drivers/libvirt/stalls.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';

const RUNS = { state: 1, reason: 2 };
const STANDS_STILL = { state: 3, reason: 2 };
const UUID = '1ab00000-0000-4000-9000-000000000001';

interface World {
  readonly places: Readonly<Record<HostId, typeof RUNS>>;
  /** Where a job on it is under way; nobody knows on a host that is not reached. */
  readonly jobs?: readonly HostId[];
  readonly unreached?: readonly HostId[];
  readonly isOurs?: boolean;
}

/** What is said of it after a minute of looking. */
async function seen({ places, jobs = [], unreached = [], isOurs = false }: World) {
  const clock = new VirtualClock(0);
  const stalls = new Stalls(clock);
  const guests = new Guests();
  const listings = new Map(
    Object.entries(places).map(([host, state]): [HostId, Sighting[]] => [
      host,
      [{ domain: { uuid: UUID, name: 'web', number: 1 }, ...state, facts: {} as Sighting['facts'] }],
    ]),
  );
  const linkOf = (id: HostId): HostLink => {
    const hypervisor = { jobStats: async () => ({ isRunning: jobs.includes(id), values: {} }) };
    return {
      host: { id },
      hypervisor: unreached.includes(id) ? undefined : hypervisor,
    } as Partial<HostLink> as HostLink;
  };
  const links = new Map([...listings.keys()].map((id) => [id, linkOf(id)]));
  await stalls.look(links, listings, () => isOurs);
  expect(guests.settle(listings, stalls.uuids).guests[0]?.trouble).toBeUndefined();
  await clock.advance(MINUTE);
  await stalls.look(links, listings, () => isOurs);
  const [guest] = guests.settle(listings, stalls.uuids).guests;
  return { host: guest?.host, isOnItsWay: guest?.flight !== undefined, trouble: guest?.trouble };
}

test.each<[string, World, Awaited<ReturnType<typeof seen>>]>([
  [
    'stands still alone',
    { places: { h1: STANDS_STILL } },
    { host: 'h1', isOnItsWay: false, trouble: expect.stringContaining('virsh resume') },
  ],
  [
    'stands still on both',
    { places: { h1: STANDS_STILL, h2: STANDS_STILL } },
    { host: 'h1', isOnItsWay: false, trouble: expect.stringContaining('on one host only') },
  ],
  [
    'runs on its target, and its source was never told',
    { places: { h1: STANDS_STILL, h2: RUNS } },
    { host: 'h2', isOnItsWay: false, trouble: expect.stringMatching(/runs on h2.*still on h1.*virsh destroy/) },
  ],
  [
    'is moved by somebody else',
    { places: { h1: RUNS, h2: STANDS_STILL }, jobs: ['h1', 'h2'] },
    { host: 'h2', isOnItsWay: true, trouble: undefined },
  ],
  [
    'comes from a host that nobody reaches',
    { places: { h2: STANDS_STILL }, jobs: ['h2'] },
    { host: 'h2', isOnItsWay: false, trouble: undefined },
  ],
  [
    'is on a host that does not answer',
    { places: { h1: STANDS_STILL }, unreached: ['h1'] },
    { host: 'h1', isOnItsWay: false, trouble: undefined },
  ],
  [
    'is ours to lead',
    { places: { h1: STANDS_STILL }, isOurs: true },
    { host: 'h1', isOnItsWay: false, trouble: undefined },
  ],
])('in the middle of a migration a guest %s', async (_, world, expected) => {
  expect(await seen(world)).toEqual(expected);
});
