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
  readonly refusal?: { readonly rule: string; readonly because: RegExp; readonly remedy?: string };
}

const nobodyElse = { vms: ['a'], vmLabels: {} };
const onHosts = (...hosts: string[]) => ({ hosts, hostLabels: {} });
const hostRule = (kind: 'run-on' | 'keep-off', ...hosts: string[]): Rule => ({
  kind,
  id: 'place',
  ...nobodyElse,
  ...onHosts(...hosts),
});
const together = (level: 'host' | 'rack'): Rule => ({ kind: 'affinity', id: 'together', vms: ['a', 'b'], level });
const mostVms = (most: number): Rule => ({
  kind: 'most-vms',
  id: 'few',
  most,
  vms: [],
  vmLabels: {},
  ...onHosts('h2'),
});
/** `a` is backed up from 23:30 to 00:30, `b` from midnight on. */
const nightly = (most: number, startMinute = 0): Rule => ({
  kind: 'backups',
  id: 'nightly',
  most,
  jobs: [
    { startMinute: 23 * 60 + 30, minutes: 60, ...nobodyElse },
    { startMinute, minutes: 60, vms: ['b'], vmLabels: {} },
  ],
  ...onHosts(),
});

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
    {
      it: 'unknown',
      target: { known: false },
      refusal: { rule: 'open-host', because: /^the metrics of h2 cannot be trusted$/ },
    },
    {
      it: 'unknown, and why',
      target: { known: false, doubt: 'its clock is wrong' },
      refusal: { rule: 'open-host', because: /^the metrics of h2 cannot be trusted: its clock is wrong$/ },
    },
    {
      it: 'memory',
      vm: { demand: { memoryBytes: 125 * GIB } },
      refusal: {
        rule: 'capacity',
        because: /h2 would be at 98 % of its memory; 95 % allowed/,
        remedy: 'h2 needs 3.4 GiB of memory more',
      },
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
    {
      it: 'anti-affinity by rack, where the VM only moves about in it',
      rules: [apart('rack')],
      vm: { host: 'h3' },
      neighbour: { host: 'h1' },
    },
    { it: 'anti-affinity that is preferred', rules: [{ ...apart('rack'), preferred: true } as Rule] },
    { it: 'run-on', rules: [hostRule('run-on', 'h1', 'h2')] },
    {
      it: 'run-on elsewhere',
      rules: [hostRule('run-on', 'h1', 'h3')],
      refusal: { rule: 'run-on', because: /rule place lets a run on h1, h3 only/, remedy: 'add h2 to rule place' },
    },
    {
      it: 'run-on by label',
      rules: [
        {
          kind: 'run-on',
          id: 'dmz',
          vms: [],
          vmLabels: { net: 'out' },
          hosts: [],
          hostLabels: { zone: 'dmz', fire: 'wall' },
        },
      ],
      vm: { labels: { net: 'out' } },
      target: { labels: { zone: 'dmz' } },
      refusal: { rule: 'run-on', because: /lets a run on what is labelled zone: dmz, fire: wall only/ },
    },
    {
      it: 'run-on by label, for VMs that do not carry it',
      rules: [{ kind: 'run-on', id: 'dmz', vms: [], vmLabels: { net: 'out' }, ...onHosts('h3') }],
    },
    {
      it: 'keep-off',
      rules: [hostRule('keep-off', 'h2')],
      refusal: { rule: 'keep-off', because: /rule place keeps a off h2/, remedy: 'take h2 out of rule place' },
    },
    { it: 'keep-off elsewhere', rules: [hostRule('keep-off', 'h1', 'h3')] },
    {
      it: 'affinity',
      rules: [together('host')],
      neighbour: { host: 'h1' },
      refusal: {
        rule: 'affinity',
        because: /rule together keeps a together with b, which is on h1/,
        remedy: 'move b to h2 as well, or take rule together away',
      },
    },
    { it: 'affinity that is broken already', rules: [together('host')] },
    { it: 'affinity by rack', rules: [together('rack')], vm: { host: 'h3' } },
    { it: 'a limit of VMs that is not reached', rules: [mostVms(2)], neighbour: { host: 'h2' } },
    {
      it: 'a limit of VMs',
      rules: [mostVms(1)],
      neighbour: { host: 'h2' },
      refusal: {
        rule: 'most-vms',
        because: /rule few allows 1 VM on h2, and 1 is there/,
        remedy: 'move one of them away from h2 first, or let rule few allow 2',
      },
    },
    {
      it: 'backups at the same time, past midnight',
      rules: [nightly(1)],
      neighbour: { host: 'h2' },
      refusal: { rule: 'backups', because: /allows 1 backup at once \(00:00 UTC\) on h2, and 1 is there/ },
    },
    { it: 'backups at the same time, as many as allowed', rules: [nightly(2)], neighbour: { host: 'h2' } },
    { it: 'backups one after the other', rules: [nightly(1, 30)], neighbour: { host: 'h2' } },
  ])('$it', (row) => {
    const judge = judged(row);
    const refusal = judge.refusal(0, 1);
    expect(judge.permits(0, 1)).toBe(row.refusal === undefined);
    expect(refusal?.rule).toBe(row.refusal?.rule);
    if (row.refusal === undefined) return;
    expect(refusal?.because).toMatch(row.refusal.because);
    expect(refusal?.remedy).toMatch(/./);
    if (row.refusal.remedy !== undefined) expect(refusal?.remedy).toBe(row.refusal.remedy);
  });
});

describe('a VM stays where it is', () => {
  it.each<{ it: string; vm: Partial<Vm>; rule?: string; because?: string; repairing?: boolean }>([
    { it: 'not without a reason', vm: {} },
    {
      it: 'when it cannot be migrated',
      vm: { migratable: false },
      rule: 'migratable',
      because: 'a cannot be migrated',
    },
    {
      it: 'when something ties it to its host',
      vm: { migratable: false, tie: 'it holds a host device (pci)' },
      rule: 'migratable',
      because: 'a cannot be migrated: it holds a host device (pci)',
    },
    {
      it: 'when its data cannot be trusted',
      vm: { known: false, doubt: 'its clock is wrong' },
      rule: 'known',
      because: 'the metrics of a cannot be trusted: its clock is wrong',
    },
    { it: 'while it rests from its last move', vm: { lastMoveAtMs: NOON_MS - 10 * MINUTE }, rule: 'cool-down' },
    { it: 'no longer after that', vm: { lastMoveAtMs: NOON_MS - 31 * MINUTE } },
    { it: 'unless a rule must be repaired', vm: { lastMoveAtMs: NOON_MS - 10 * MINUTE }, repairing: true },
  ])('$it', ({ vm, rule, because, repairing }) => {
    const traits = { id: 'a', host: 'h1', ...vm } as Parameters<typeof aVm>[0];
    const judge = new Judge(new Draft(aSnapshot({ hosts: [aHost()], vms: [aVm(traits)] })), DEFAULT_PROFILE);
    const refusal = judge.staysBecause(0, repairing ?? false);
    expect(refusal?.rule).toBe(rule);
    if (because !== undefined) expect(refusal?.because).toBe(because);
  });
});
