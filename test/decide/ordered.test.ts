import { expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { decideOrders } from '../../src/decide/ordered.ts';
import { isAccepted } from '../../src/domain/decision.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { decideInput } from '../kit/deciding.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';
import { power } from '../kit/verdicts.ts';

it('a host that a person puts to sleep is not woken in the same cycle, though a rule could use it', () => {
  const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2' })];
  const vms = [aVm({ id: 'vm1', host: 'h2' }), aVm({ id: 'vm2', host: 'h2' })];
  const rules = [{ kind: 'anti-affinity', id: 'apart', vms: ['vm1', 'vm2'], level: 'host' }] as const;
  const profile = { ...decideInput(toSnapshot(anInventory())).profile, spareHosts: 0, spareShare: 0 };
  const input = decideInput(toSnapshot(anInventory({ hosts, vms, rules })), { profile });
  const { decisions, input: rest } = decideOrders(input, [
    { change: power('h1', 'off'), because: 'a person asked for it' },
  ]);
  expect(decisions.map(isAccepted)).toEqual([true]);
  const changes = decide(rest)
    .decisions.filter(isAccepted)
    .flatMap((decision) => decision.changes);
  expect(changes.filter((change) => change.kind === 'power')).toEqual([]);
});
