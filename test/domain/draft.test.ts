import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/domain/draft.ts';
import { OFF, ON } from '../../src/domain/power.ts';
import { CPU, MEMORY, NET_RX, RESOURCES } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { HostView } from '../../src/sdk/views.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

const HOSTS = 5;
const VMS = 12;

/** Loads that have no exact binary form, so that sums done and undone by subtraction would drift. */
const fleet = () =>
  aSnapshot({
    hosts: many(HOSTS, (n) => aHost({ id: `h${n}`, reserved: { cpuMhz: 0.1 * n } })),
    vms: many(VMS, (n) =>
      aVm({ id: `v${n}`, host: `h${(n % HOSTS) + 1}`, demand: { cpuMhz: 0.1 + n / 3 }, cpuDeviationMhz: n / 7 }),
    ),
  });

function stateOf(draft: Draft): unknown {
  return {
    used: RESOURCES.map((_, r) => Array.from(draft.used(r))),
    variance: Array.from(draft.cpuVariance),
    peak: Array.from(draft.cpuPeak),
    count: Array.from(draft.vmCount),
    hostOf: Array.from(draft.hostOf),
    power: Array.from(draft.power),
    on: many(HOSTS, (n) => draft.vmsOn(n - 1).sort((a, b) => a - b)),
  };
}

/** The same from scratch, by plain sums over all VMs. */
function recounted(snapshot: Snapshot, hostOf: ArrayLike<number>, resource: number): number[] {
  return snapshot.hosts.ids.map((_, host) => {
    const vms = snapshot.vms.ids.flatMap((_, vm) => (hostOf[vm] === host ? [snapshot.vms.demand[resource]![vm]!] : []));
    return vms.reduce((sum, demand) => sum + demand, snapshot.hosts.reserved[resource]![host]!);
  });
}

const moves = fc.array(fc.tuple(fc.nat(VMS - 1), fc.nat(HOSTS - 1)), { maxLength: 40 });

describe('a draft', () => {
  it('keeps totals that agree with a recount after any moves', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const snapshot = fleet();
        const draft = new Draft(snapshot);
        for (const [vm, to] of list) draft.move(vm, to);
        for (let r = 0; r < RESOURCES.length; r++) {
          recounted(snapshot, draft.hostOf, r).forEach((sum, host) => {
            expect(draft.used(r)[host]).toBeCloseTo(sum, 6);
          });
        }
        const counted = many(HOSTS, (n) => Array.from(draft.hostOf).filter((host) => host === n - 1).length);
        expect(Array.from(draft.vmCount)).toEqual(counted);
        expect(many(HOSTS, (n) => draft.vmsOn(n - 1).length)).toEqual(counted);
      }),
    );
  });

  it('undoes to the very same state, bit for bit, from any depth', () => {
    fc.assert(
      fc.property(moves, moves, (kept, undone) => {
        const draft = new Draft(fleet());
        for (const [vm, to] of kept) draft.move(vm, to);
        draft.setPower(0, OFF);
        const before = stateOf(draft);
        const mark = draft.mark();
        for (const [vm, to] of undone) draft.move(vm, to);
        draft.setPower(1, OFF);
        draft.setPower(0, ON);
        draft.undo(mark);
        expect(stateOf(draft)).toEqual(before);
      }),
    );
  });

  it('tells of changes of power and of undone ones', () => {
    const draft = new Draft(fleet());
    const heard: string[] = [];
    draft.followPower((host, before, after) => heard.push(`${host}: ${before} to ${after}`));
    const mark = draft.mark();
    draft.setPower(2, OFF);
    draft.undo(mark);
    expect(heard).toEqual([`2: ${ON} to ${OFF}`, `2: ${OFF} to ${ON}`]);
  });

  it('lets a lifted VM hover over any host, and puts everything back, bit for bit', () => {
    fc.assert(
      fc.property(moves, fc.nat(VMS - 1), fc.nat(HOSTS - 1), (kept, vm, host) => {
        const draft = new Draft(fleet());
        for (const [each, to] of kept) draft.move(each, to);
        const before = stateOf(draft);
        const moved = new Draft(fleet());
        for (const [each, to] of kept) moved.move(each, to);
        moved.move(vm, host);
        draft.lift(vm);
        const home = draft.hostOf[vm]!;
        draft.hover(vm, host);
        expect(draft.hostOf[vm]).toBe(host);
        expect(Array.from(draft.vmCount)).toEqual(Array.from(moved.vmCount));
        expect(draft.used(CPU)[host]).toBeCloseTo(moved.used(CPU)[host]!, 6);
        draft.hoverHome(vm, home);
        draft.lower(vm);
        expect(stateOf(draft)).toEqual(before);
      }),
    );
  });

  const GPUS = { name: 'gpu', heldWhileMoving: false, hosts: { h1: 4, h2: 4 }, vms: { v: 2 } };

  it.each([
    ['copied', undefined, 1],
    ['being saved', 'saving', 1],
    ['saved', 'saved', 0],
  ] as const)(
    'counts a VM that is %s on its target, and on its source what it still holds there',
    (_, quick, times) => {
      const flight = { vm: 'v', from: 'h1', to: 'h2', ...(quick && { quick }) };
      const snapshot = aSnapshot({
        hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
        vms: [aVm({ id: 'v', host: 'h1', demand: { cpuMhz: 700, memoryBytes: 64, netRxBytesPerS: 5 } })],
        flights: [flight],
        counted: [GPUS],
      });
      const draft = new Draft(snapshot);
      expect(draft.isInFlight(0)).toBe(true);
      expect(draft.hostOf[0]).toBe(1);
      expect(Array.from(draft.used(CPU))).toEqual([0, 700]);
      expect(Array.from(draft.used(NET_RX))).toEqual([0, 5]);
      expect(Array.from(draft.used(MEMORY))).toEqual([64 * times, 64]);
      expect(Array.from(draft.countedUsed(0))).toEqual([2 * times, 2]);
      expect(Array.from(draft.held(MEMORY) ?? [0, 0])).toEqual([64 * times, 0]);
      expect(Array.from(draft.countedHeld(0) ?? [0, 0])).toEqual([2 * times, 0]);
      expect(draft.held(CPU)).toBeUndefined();
      expect(draft.movedVms()).toEqual([]);
    },
  );

  it('shows hosts to policies as if all who are on their way had arrived', () => {
    const snapshot = aSnapshot({
      hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
      vms: [
        aVm({ id: 'v', host: 'h1', demand: { memoryBytes: 64 } }),
        aVm({ id: 'stays', host: 'h1', demand: { memoryBytes: 10 } }),
      ],
      flights: [{ vm: 'v', from: 'h1', to: 'h2' }],
      counted: [GPUS],
    });
    const view = new HostView(new Draft(snapshot));
    const seen = [0, 1].map((host) => {
      view.index = host;
      return {
        bytes: view.memory.used,
        free: view.memory.capacity - view.memory.free,
        gpus: view.resource('gpu').share,
      };
    });
    expect(seen).toEqual([
      { bytes: 10, free: 10, gpus: 0 },
      { bytes: 64, free: 64, gpus: 0.5 },
    ]);
  });

  it('lists what differs from its snapshot', () => {
    const draft = new Draft(fleet());
    draft.move(2, draft.hostOf[2] === 0 ? 1 : 0);
    draft.setPower(4, OFF);
    expect(draft.movedVms()).toEqual([2]);
    expect(draft.hostsSwitched(OFF)).toEqual([4]);
    expect(draft.hostsSwitched(ON)).toEqual([]);
  });
});
