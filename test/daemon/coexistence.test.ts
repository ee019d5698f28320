import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { Coexistence } from '../../src/daemon/coexistence.ts';
import { withKnowledge } from '../../src/daemon/knowledge.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Step, StepStatus } from '../../src/domain/plan.ts';
import { ON, SHUTTING_DOWN } from '../../src/domain/power.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { eachAccepted, move, theVerdicts } from '../kit/verdicts.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { Lives } from './lives.ts';

const GREEN = {
  ...DEFAULT_SETTINGS.profile,
  policies: { 'green-consolidation': { weight: 1, options: {} } },
  spareHosts: 0,
  spareShare: 0,
  vmCooldownMinutes: 0,
};

/** Two VMs that one host would do for; Drover has brought them together. */
async function together(standBack: 'nothing' | 'vm' | 'cluster') {
  const lives = new Lives(
    anInventory({
      hosts: many(2, (n) => aHost({ id: `h${n}` })),
      vms: many(2, (n) => aVm({ id: `vm${n}`, host: `h${n}` })),
    }),
  );
  const coexistence = { standBack, minutes: 120 };
  const life = await lives.begin({ profile: GREEN, mode: 'auto', coexistence });
  await lives.until(() => lives.datacenter.hostOf('vm1') === lives.datacenter.hostOf('vm2'));
  await lives.clock.advance(MINUTE);
  return { ...life, lives };
}

/** Somebody moves a VM away from where it is, to the host that was switched off. */
async function meddle(lives: Lives): Promise<string> {
  const from = lives.datacenter.hostOf('vm1')!;
  const to = from === 'h1' ? 'h2' : 'h1';
  lives.datacenter.switchOn(to);
  await lives.until(() => lives.datacenter.powerOf(to) === 'on', 1);
  expect(lives.datacenter.startMigration({ id: 'theirs', vm: 'vm1', from, to, how: 'live' })).toBeUndefined();
  await lives.until(() => lives.datacenter.hostOf('vm1') === to);
  return to;
}

describe('when somebody else moves VMs', () => {
  test('what Drover moves itself is nobody else', async () => {
    const { told } = await together('vm');
    expect(told.filter((line) => line.includes('somebody else'))).toEqual([]);
  });

  test.each(['vm', 'cluster'] as const)('it gives way by %s for as long as is configured, then goes on', async (by) => {
    const { lives, told, daemon } = await together(by);
    const to = await meddle(lives);
    expect(told.filter((line) => line.startsWith('warn: vm1 was moved from'))).toHaveLength(1);
    expect(daemon.status().troubles).toEqual(by === 'vm' ? [] : [expect.stringMatching(/nothing is begun for 2 h/)]);
    const ordered = lives.orders.length;
    await lives.clock.advance(HOUR);
    expect(lives.datacenter.hostOf('vm1')).toBe(to);
    // Left alone by itself, the VM does not keep the other from joining it.
    if (by === 'cluster') expect(lives.orders.length).toBe(ordered);
    await lives.clock.advance(2 * HOUR);
    expect(lives.datacenter.hostOf('vm1')).toBe(lives.datacenter.hostOf('vm2'));
    expect(daemon.status().troubles).toEqual([]);
  });

  test('it need not give way', async () => {
    const { lives, told } = await together('nothing');
    await meddle(lives);
    await lives.until(() => lives.datacenter.hostOf('vm1') === lives.datacenter.hostOf('vm2'));
    expect(told.filter((line) => line.startsWith('info: vm1 was moved from'))).toHaveLength(1);
  });
});

describe('when a host shuts its VMs down', () => {
  const snapshot = toSnapshot(
    anInventory({
      hosts: many(2, (n) => aHost({ id: `h${n}` })),
      vms: many(6, (n) => aVm({ id: `vm${n}`, host: n <= 3 ? 'h1' : 'h2' })),
    }),
  );

  function watcher() {
    const clock = new VirtualClock(NOON_MS);
    const changes: string[] = [];
    const rests = new Map<string, number>();
    const coexistence = new Coexistence({
      clock,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      settings: () => DEFAULT_SETTINGS,
      rests,
      changed: (reason) => changes.push(reason),
    });
    const stopped = (vm: string) => coexistence.hear({ kind: 'vm-stopped', vm, host: 'h1', atMs: clock.nowMs() });
    const seen = () =>
      withKnowledge(snapshot, {
        isSuspect: () => false,
        isReserved: () => false,
        isProven: () => true,
        mayBeWoken: () => true,
        isLeaving: (host) => coexistence.isLeaving(host),
        restsSinceMs: new Map(),
      });
    return { clock, coexistence, stopped, seen, changes, rests };
  }

  test('what Drover moved is its own, however many steps have ended since', async () => {
    const { clock, coexistence, rests } = watcher();
    const { steps } = makePlan({
      snapshot,
      verdicts: theVerdicts(eachAccepted(many(3, (n) => move(`vm${n}`, 'h1', 'h2'))), 1),
      limits: DEFAULT_LIMITS,
      atMs: NOON_MS,
    });
    const status = (step: Step, endedAtMs: number | null): StepStatus => ({
      step,
      plan: 'p1',
      state: endedAtMs === null ? 'preparing' : 'done',
      because: '',
      startedAtMs: NOON_MS,
      endedAtMs,
      progress: null,
    });
    const moved = (vm: string) => coexistence.hear({ kind: 'vm-moved', vm, from: 'h1', to: 'h2', atMs: clock.nowMs() });
    for (const step of steps) coexistence.stepChanged(status(step, null));
    for (const step of steps.slice(0, 2)) coexistence.stepChanged(status(step, NOON_MS));
    for (let n = 0; n < 300; n++)
      coexistence.stepChanged({
        ...status(steps[0]!, NOON_MS),
        step: { ...steps[0]!, id: `dropped-${n}` },
        startedAtMs: null,
      });
    await clock.advance(5 * SECOND);
    moved('vm1');
    expect([...rests.keys()]).toEqual([]);
    await clock.advance(HOUR);
    moved('vm2');
    moved('vm3');
    expect([...rests.keys()]).toEqual(['vm2']);
  });

  test('one VM that ends is no such thing, and neither are two with an hour between them', async () => {
    const { clock, stopped, seen, changes } = watcher();
    stopped('vm1');
    await clock.advance(HOUR);
    stopped('vm2');
    stopped('vm2');
    expect(changes).toEqual([]);
    expect(Array.from(seen().vms.migratable)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('nothing goes there and nothing is taken from it, until it is back or the time is over', async () => {
    const { clock, coexistence, stopped, seen, changes } = watcher();
    stopped('vm1');
    await clock.advance(10 * SECOND);
    stopped('vm2');
    stopped('vm3');
    expect(changes).toEqual(['h1 shuts its VMs down']);
    expect(Array.from(seen().vms.migratable)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(Array.from(seen().hosts.power)).toEqual([SHUTTING_DOWN, ON]);
    expect(coexistence.words).toEqual([expect.stringContaining('h1 shuts its VMs down')]);
    coexistence.hear({ kind: 'host-power', host: 'h1', power: 'on', atMs: clock.nowMs() });
    expect(Array.from(seen().hosts.power)).toEqual([ON, ON]);
    stopped('vm1');
    stopped('vm2');
    await clock.advance(31 * MINUTE);
    expect(coexistence.words).toEqual([]);
    expect(Array.from(seen().hosts.power)).toEqual([ON, ON]);
  });
});
