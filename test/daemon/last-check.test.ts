import { expect, test } from 'vitest';
import { lastRefusal } from '../../src/daemon/last-check.ts';
import type { DecideInput } from '../../src/decide/input.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { HOUR } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';

/** Three hosts, of which h3 is idle; one of them is spare, and two are just enough. */
const seen = anInventory({
  hosts: many(3, (n) => aHost({ id: `h${n}` })),
  vms: many(2, (n) => aVm({ id: `vm${n}`, host: `h${n}`, demand: { cpuMhz: 30_000 } })),
});

const inputOf = (inventory: Inventory): DecideInput => ({
  snapshot: toSnapshot(inventory),
  policies: [],
  profile: DEFAULT_PROFILE,
  prices: DEFAULT_PRICES,
  limits: DEFAULT_LIMITS,
  power: true,
});

const hosts = (change: (host: Inventory['hosts'][number]) => object): Inventory => ({
  ...seen,
  hosts: seen.hosts.map((host) => ({ ...host, ...change(host) })),
});

const ROWS: [string, Inventory, Inventory, string[], RegExp | undefined][] = [
  ['all is as it was', seen, seen, [], undefined],
  [
    'another host has died since',
    seen,
    hosts(({ id }) => (id === 'h2' ? { power: 'off' } : {})),
    [],
    /reserve would be broken/,
  ],
  ['another one is going off at the same time', seen, seen, ['h2'], /reserve would be broken/],
  [
    'a VM has come to it since',
    seen,
    { ...seen, vms: seen.vms.map((vm) => ({ ...vm, host: 'h3' })) },
    [],
    /2 VMs run on h3/,
  ],
  ['one is on its way to it', seen, { ...seen, flights: [{ vm: 'vm1', from: 'h1', to: 'h3' }] }, [], /h3|in flight/],
  ['its metrics are not trusted', hosts(({ id }) => (id === 'h3' ? { known: false } : {})), seen, [], /metrics of h3/],
  ['nobody saw it come back', hosts(({ id }) => (id === 'h3' ? { provenToWake: false } : {})), seen, [], /come back/],
  ['what is known is old', seen, { ...seen, atMs: NOON_MS + HOUR }, [], /older than 5 min/],
];

test.each(ROWS)('h3 may go off, at the last moment, when %s', (_, decidedBy, reported, going, because) => {
  const refusal = lastRefusal(inputOf(decidedBy), 'h3', reported, going);
  if (because === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatch(because);
});
