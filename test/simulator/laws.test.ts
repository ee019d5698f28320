import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GIB, HOUR, MIB } from '../../src/domain/units.ts';
import { generateLoads, loadsOf } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { anInventory, aVm } from '../kit/fleet.ts';
import { aServer } from './datacenters.ts';

const HOSTS = 4;
const VMS = 7;

/** Tight on memory, and with guests from idle to furious. */
function tightDatacenter(): VirtualDatacenter {
  const hosts = Array.from({ length: HOSTS }, (_, i) => aServer(`h${i}`, { capacity: { memoryBytes: 14 * GIB } }));
  const vms = Array.from({ length: VMS }, (_, i) =>
    aVm({ id: `vm${i}`, host: `h${i % HOSTS}`, dirtyBytesPerS: i * 300 * MIB, memoryActiveBytes: 2 * GIB }),
  );
  const loads = loadsOf(vms, generateLoads(vms, 1, { lengthMs: HOUR, midnightMs: 0 }));
  return new VirtualDatacenter({ inventory: anInventory({ hosts, vms }), loads, startMs: 0 });
}

type Command = (datacenter: VirtualDatacenter) => void;

const host = fc.nat(HOSTS - 1).map((i) => `h${i}`);
const vm = fc.nat(VMS - 1).map((i) => `vm${i}`);
const how = fc.constantFrom('live' as const, 'quick' as const);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(vm, host, how).map(([name, to, kind]) => migrate(name, to, kind)) },
  fc.tuple(vm, host).map(
    ([name, to]): Command =>
      (datacenter) =>
        datacenter.cancelMigration(`${name} ${to}`),
  ),
  host.map(
    (id): Command =>
      (datacenter) =>
        datacenter.switchOff(id),
  ),
  host.map(
    (id): Command =>
      (datacenter) =>
        datacenter.switchOn(id),
  ),
  host.map(
    (id): Command =>
      (datacenter) =>
        datacenter.crash(id),
  ),
);
const script = fc.array(fc.record({ command, waitMs: fc.nat(100_000), pieces: fc.integer({ min: 1, max: 5 }) }), {
  maxLength: 25,
});

function migrate(name: string, to: string, kind: 'live' | 'quick'): Command {
  return (datacenter) => {
    const from = datacenter.hostOf(name)!;
    datacenter.startMigration({ id: `${name} ${to}`, vm: name, from, to, how: kind });
  };
}

/** Written apart from the simulator: what must never be. */
function faults(datacenter: VirtualDatacenter): string[] {
  const { hosts, vms, flights } = datacenter.inventory();
  const held = new Map(hosts.map((row) => [row.id, row.reserved.memoryBytes]));
  const hold = (id: string, bytes: number) => held.set(id, held.get(id)! + bytes);
  const quick = new Map(flights.map((flight) => [flight.vm, flight.quick]));
  for (const row of vms) if (quick.get(row.id) !== 'saved') hold(row.host, row.demand.memoryBytes);
  for (const { vm: id, to } of flights) {
    if (quick.get(id) === undefined) hold(to, vms.find((row) => row.id === id)!.demand.memoryBytes);
  }
  const found = hosts
    .filter((row) => held.get(row.id)! > row.capacity.memoryBytes)
    .map((row) => `${row.id} is too full`);
  for (const row of vms) {
    const power = datacenter.powerOf(row.host);
    if (power !== 'on' && power !== 'booting') found.push(`${row.id} is on ${row.host}, which is ${power}`);
    if (flights.some((flight) => flight.vm === row.id && flight.from !== row.host)) found.push(`${row.id} is nowhere`);
  }
  if (new Set(flights.map((flight) => flight.vm)).size !== flights.length) found.push('a VM flies twice');
  return found;
}

/** What is left of the host's memory beside what its VMs take: all of them but those that are saved. */
function roomOn(datacenter: VirtualDatacenter, id: string): number {
  const { hosts, vms, flights } = datacenter.inventory();
  const saved = new Set(flights.flatMap((flight) => (flight.quick === 'saved' ? [flight.vm] : [])));
  const here = vms.filter((row) => row.host === id && !saved.has(row.id));
  const used = here.reduce((sum, row) => sum + row.demand.memoryBytes, 0);
  return hosts.find((row) => row.id === id)!.capacity.memoryBytes - used;
}

function stateOf(datacenter: VirtualDatacenter) {
  const { energyWattHours, starvedCoreHours, nextEventAtMs } = datacenter;
  return {
    inventory: datacenter.inventory(),
    measures: datacenter.measure(),
    energyWattHours,
    starvedCoreHours,
    nextEventAtMs,
    events: datacenter.takeEvents(),
  };
}

describe('whatever is commanded', () => {
  test('each VM is on one host that is not off, memory is never over-committed, and sums only grow', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const datacenter = tightDatacenter();
        for (const step of steps) {
          const before = { energy: datacenter.energyWattHours, starved: datacenter.starvedCoreHours };
          step.command(datacenter);
          datacenter.advanceTo(datacenter.nowMs + step.waitMs);
          expect(faults(datacenter)).toEqual([]);
          expect(datacenter.energyWattHours).toBeGreaterThanOrEqual(before.energy);
          expect(datacenter.starvedCoreHours).toBeGreaterThanOrEqual(before.starved);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('time in one step or in many, looked at or not, gives the same to the last bit', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const [large, small] = [tightDatacenter(), tightDatacenter()];
        for (const { command: run, waitMs, pieces } of steps) {
          run(large);
          run(small);
          const [startMs, endMs] = [large.nowMs, large.nowMs + waitMs];
          large.advanceTo(endMs);
          for (let piece = 1; piece < pieces; piece++) {
            small.advanceTo(startMs + (waitMs * piece) / pieces);
            small.measure();
            small.inventory();
          }
          small.advanceTo(endMs);
        }
        expect(stateOf(small)).toEqual(stateOf(large));
      }),
      { numRuns: 80 },
    );
  });

  test('every migration comes to an end, unless its guest is saved and there is no room anywhere', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const datacenter = tightDatacenter();
        for (const step of steps) {
          step.command(datacenter);
          datacenter.advanceTo(datacenter.nowMs + step.waitMs);
        }
        datacenter.advanceTo(datacenter.nowMs + 2 * HOUR);
        const events = datacenter.takeEvents();
        const begun = events.filter((event) => event.kind === 'migration' && event.state === 'preparing');
        const ended = events.filter((event) => event.kind === 'migration-ended');
        const saved = datacenter.inventory().flights;
        expect(ended.length + saved.length).toBe(begun.length);
        expect(saved.filter(({ from }) => roomOn(datacenter, from) >= 4 * GIB)).toEqual([]);
        expect(datacenter.nextEventAtMs).toBe(Infinity);
      }),
      { numRuns: 80 },
    );
  });
});
