import { describe, expect, it } from 'vitest';
import { Judge } from '../../src/decide/judge.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { Host } from '../../src/domain/host.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GIB, MINUTE } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { aHost, aSnapshot, aVm, NOON_MS } from '../kit/fleet.ts';

interface Row {
  readonly it: string;
  readonly target?: Partial<Host>;
  readonly vm?: Parameters<typeof aVm>[0];
  readonly neighbour?: Parameters<typeof aVm>[0];
  readonly rules?: readonly Rule[];
  readonly refusal?: { readonly rule: string; readonly because: RegExp };
}

const apart = (level: 'host' | 'rack'): Rule => ({ kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level });

function judged(row: Row) {
  const snapshot = aSnapshot({
    hosts: [
      aHost({ id: 'h1', rack: 'r1' }),
      aHost({ id: 'h2', rack: 'r2', ...row.target }),
      aHost({ id: 'h3', rack: 'r2' }),
    ],
    vms: [aVm({ id: 'a', host: 'h1', ...row.vm }), aVm({ id: 'b', host: 'h3', ...row.neighbour })],
    rules: row.rules ?? [],
  });
  return new Judge(new Draft(snapshot), DEFAULT_PROFILE);
}

describe('a target is refused by name of the rule', () => {
  it.each<Row>([
    { it: 'allows what nothing forbids' },
    { it: 'off', target: { power: 'off' }, refusal: { rule: 'open-host', because: /h2 is off/ } },
    { it: 'maintenance', target: { maintenance: true }, refusal: { rule: 'open-host', because: /under maintenance/ } },
    { it: 'unknown', target: { known: false }, refusal: { rule: 'open-host', because: /cannot be trusted/ } },
    {
      it: 'memory',
      vm: { demand: { memoryBytes: 125 * GIB } },
      refusal: { rule: 'capacity', because: /h2 would be at 98 % of its memory; 95 % allowed/ },
    },
    { it: 'cpu', vm: { demand: { cpuMhz: 70_000 } }, refusal: { rule: 'capacity', because: /88 % of its cpu; 85 %/ } },
    {
      it: 'network',
      vm: { demand: { netTxBytesPerS: 1_100_000_000 } },
      refusal: { rule: 'capacity', because: /88 % of its netTx/ },
    },
    {
      it: 'vendor',
      vm: { cpuNeeds: { vendor: 'AMD', features: [] } },
      target: { cpu: { vendor: 'Intel', model: 'x', features: [] } },
      refusal: { rule: 'fitness', because: /CPU by Intel, not AMD/ },
    },
    {
      it: 'features',
      vm: { cpuNeeds: { vendor: '', features: ['avx512f'] } },
      refusal: { rule: 'fitness', because: /CPU of h2 lacks avx512f/ },
    },
    { it: 'storage', vm: { storages: ['ceph'] }, refusal: { rule: 'fitness', because: /does not see storage ceph/ } },
    { it: 'VLAN', vm: { vlans: ['42'] }, refusal: { rule: 'fitness', because: /does not carry VLAN 42/ } },
    { it: 'subnet', vm: { subnet: '10.1.0.0/16' }, refusal: { rule: 'fitness', because: /not in subnet/ } },
    { it: 'pinning', vm: { pinnedTo: ['h1', 'h3'] }, refusal: { rule: 'fitness', because: /pinned to h1, h3/ } },
    { it: 'anti-affinity elsewhere', rules: [apart('host')] },
    {
      it: 'anti-affinity',
      rules: [apart('host')],
      neighbour: { host: 'h2' },
      refusal: { rule: 'anti-affinity', because: /rule apart keeps a apart from b, which is on h2/ },
    },
    {
      it: 'anti-affinity by rack',
      rules: [apart('rack')],
      refusal: { rule: 'anti-affinity', because: /which is on the rack of h2/ },
    },
  ])('$it', (row) => {
    const judge = judged(row);
    const refusal = judge.refusal(0, 1);
    expect(judge.permits(0, 1)).toBe(row.refusal === undefined);
    expect(refusal?.rule).toBe(row.refusal?.rule);
    if (row.refusal !== undefined) expect(refusal?.because).toMatch(row.refusal.because);
  });
});

describe('a VM stays where it is', () => {
  it.each<{ it: string; vm: Partial<Vm>; rule?: string; repairing?: boolean }>([
    { it: 'not without a reason', vm: {} },
    { it: 'when it cannot be migrated', vm: { migratable: false }, rule: 'migratable' },
    { it: 'when its data cannot be trusted', vm: { known: false }, rule: 'known' },
    { it: 'while it rests from its last move', vm: { lastMoveAtMs: NOON_MS - 10 * MINUTE }, rule: 'cool-down' },
    { it: 'no longer after that', vm: { lastMoveAtMs: NOON_MS - 31 * MINUTE } },
    { it: 'unless a rule must be repaired', vm: { lastMoveAtMs: NOON_MS - 10 * MINUTE }, repairing: true },
  ])('$it', ({ vm, rule, repairing }) => {
    const traits = { id: 'a', host: 'h1', ...vm } as Parameters<typeof aVm>[0];
    const judge = new Judge(new Draft(aSnapshot({ hosts: [aHost()], vms: [aVm(traits)] })), DEFAULT_PROFILE);
    expect(judge.staysBecause(0, repairing ?? false)?.rule).toBe(rule);
  });
});
