import { describe, expect, test } from 'vitest';
import { isAccepted } from '../../src/domain/decision.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { acceptedWords, decideOn, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aVm, many } from '../kit/fleet.ts';

const hosts = many(3, (n) => aHost({ id: `h${n}` }));
const { cpuMhz } = aHost().capacity;
const aThird = { cpuMhz: cpuMhz * 0.36 };
const rules = [{ kind: 'affinity', id: 'pair', vms: ['a', 'b'], level: 'host' }] as const;
const policies = STOCK_POLICIES.filter(({ policy }) => policy.id === 'load-balance');

describe('VMs that must be together', () => {
  const vms = ['a', 'b', 'c'].map((id) => aVm({ id, host: 'h1', demand: aThird, migratable: id !== 'c' }));

  test('leave a hot host together, where none of them may leave alone', () => {
    const { decisions } = decideOn({ hosts, vms, rules }, { policies });
    const [together, ...others] = decisions.filter(isAccepted);
    expect(others).toEqual([]);
    expect(together?.changes).toMatchObject([
      { vm: 'a', from: 'h1', to: 'h2' },
      { vm: 'b', from: 'h1', to: 'h2' },
    ]);
    expect(together).toMatchObject({ phase: 'relieve', policy: 'load-balance' });
    expect(together?.because).toBe('h1 was at 108 % cpu; rule pair keeps a, b together');
  });

  test('stay where they are while they rest', () => {
    const rested = vms.map((vm) => ({ ...vm, lastMoveAtMs: 1 }));
    expect(acceptedWords(decideOn({ hosts, vms: rested, rules, atMs: 60_000 }, { policies }))).toEqual([]);
  });
});

test('a move for the sake of traffic names whom the VM talks to, and not how full hosts are', () => {
  const vms = [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h2', migratable: false })];
  const flows = [{ from: 'a', to: 'b', bytesPerS: 5e7 }];
  const profile = { ...DEFAULT_PROFILE, leastSavingPerHour: 0 };
  const { decisions } = decideOn({ hosts, vms, flows }, { profile, power: false });
  expect(decisions.find(isAccepted)?.because).toMatch(/^a talks to b, which is there; h2 will be at /);
});
