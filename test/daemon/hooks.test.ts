import { expect, test } from 'vitest';
import type { Hook } from '../../src/domain/hook.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { steadyLoads } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { aHost, anInventory, aVm, NOON_MS } from '../kit/fleet.ts';
import { Lives } from './lives.ts';

const FEW: Hook = {
  id: 'few-sessions',
  vms: [],
  vmLabels: { app: 'shop' },
  sessions: { most: 10, everySeconds: 5, withinSeconds: 1_200 },
  timeoutSeconds: 30,
  onFailure: 'abort',
  tries: 3,
};

/** A shop whose 100 sessions go down to a tenth within ten minutes, beside a guest that nobody uses. */
function shop(): Lives {
  const inventory = anInventory({
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: [
      aVm({ id: 'shop', host: 'h1', labels: { app: 'shop' }, liveSessions: 100 }),
      aVm({ id: 'other', host: 'h1' }),
    ],
  });
  const steady = steadyLoads(inventory.vms);
  return new Lives(
    new VirtualDatacenter({
      inventory,
      startMs: NOON_MS,
      loads: {
        read: (atMs, into) => {
          steady.read(atMs, into);
          into.liveSessions[0] = Math.max(10, 100 - (9 * (atMs - NOON_MS)) / MINUTE);
        },
      },
    }),
  );
}

test('a drain waits until the sessions of a guest are few, and says so; what no hook is about goes at once', async () => {
  const lives = shop();
  const { daemon, operator } = await lives.begin({ hooks: { mostAtOnce: 2, around: [FEW] } });
  operator.drain('h1', false);
  await lives.until(() => lives.vmsOn('h1').length === 1 || lives.clock.nowMs() > NOON_MS + 5 * MINUTE);
  await lives.until(() => daemon.steps().some(({ because }) => because.includes('waits for hook few-sessions')));
  const waiting = daemon.steps().find(({ state }) => state === 'preparing');
  expect(waiting?.because).toMatch(/^waits for hook few-sessions: \d+ sessions, at most 10 wanted/);
  await lives.until(() => lives.vmsOn('h1').length === 0);
  expect(lives.clock.nowMs() - NOON_MS).toBeGreaterThan(10 * MINUTE);
});

test('a wait that a crash cuts short is begun anew, and the guest still gets there', async () => {
  const lives = shop();
  const hooks = { mostAtOnce: 2, around: [FEW] };
  const first = await lives.begin({ hooks });
  first.operator.drain('h1', false);
  await lives.until(() => first.daemon.steps().some(({ because }) => because.includes('hook few-sessions')));
  first.crash();
  await lives.clock.advance(20 * SECOND);
  const second = await lives.begin({ hooks });
  await lives.until(() => lives.vmsOn('h1').length === 0);
  expect(second.journal.unfinishedHooks()).toEqual([]);
});
