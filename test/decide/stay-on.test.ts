import { expect, test } from 'vitest';
import type { DecideInput } from '../../src/decide/decide.ts';
import { DEFAULT_PROFILE, type Profile } from '../../src/domain/profile.ts';
import { decideOn, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aVm, many } from '../kit/fleet.ts';

const noReserve = { ...DEFAULT_PROFILE, spareHosts: 0, spareShare: 0 };

/** Two hosts with a VM each; what a row changes of that, and why the first host is on in the end. */
function whyH1IsOn(
  vm: Parameters<typeof aVm>[0],
  host: Parameters<typeof aHost>[0] = {},
  profile: Profile = noReserve,
  parts: Partial<DecideInput> = {},
) {
  const hosts = many(2, (n) => aHost({ id: `h${n}`, ...(n === 1 ? host : {}) }));
  const vms = [aVm({ id: 'a', host: 'h1', ...vm }), aVm({ id: 'b', host: 'h2', migratable: false, ...vm })];
  const { staysOn } = decideOn({ hosts, vms }, { profile, ...parts });
  return staysOn.find((each) => each.host === 'h1')?.refusal;
}

/** They fit beside each other, but a rule keeps them apart. */
function whyH1IsOnApart() {
  const hosts = many(2, (n) => aHost({ id: `h${n}` }));
  const vms = [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h2' })];
  const rules = [{ kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' }] as const;
  return decideOn({ hosts, vms, rules }, { profile: noReserve }).staysOn[0]?.refusal;
}

/** Together the others have room enough, but none of them for so large a VM. */
function whyH1IsOnLarge() {
  const hosts = many(4, (n) => aHost({ id: `h${n}` }));
  const { memoryBytes } = aHost().capacity;
  const vms = many(4, (n) =>
    aVm({ id: `v${n}`, host: `h${n}`, demand: { memoryBytes: memoryBytes * (n === 1 ? 0.4 : 0.62) } }),
  );
  return decideOn({ hosts, vms }, { profile: noReserve }).staysOn.find(({ host }) => host === 'h1')?.refusal;
}

test.each([
  ['the reserve', whyH1IsOn({}, {}, DEFAULT_PROFILE), 'reserve'],
  ['a VM that cannot leave', whyH1IsOn({ migratable: false }), 'migratable'],
  ['nobody has seen it come back', whyH1IsOn({}, { provenToWake: false }), 'proof-of-wake'],
  ['no room elsewhere', whyH1IsOnLarge(), 'capacity'],
  ['a rule', whyH1IsOnApart(), 'anti-affinity'],
  ['it does not pay', whyH1IsOn({}, {}, { ...noReserve, horizonMinutes: 1 }), 'payback'],
])('a host is on for %s', (_, refusal, rule) => {
  expect(refusal?.rule).toBe(rule);
});

test('what does not pay is said in money', () => {
  expect(whyH1IsOn({}, {}, { ...noReserve, horizonMinutes: 1 })?.because).toMatch(
    /^without h1 the fleet would cost [\d.]+ €\/h less, and [\d.]+ € once: that does not pay back 1.5 times over within 1 min$/,
  );
});

test('nobody asks where hosts are not switched, or where no policy minds that they are on', () => {
  expect(whyH1IsOn({}, {}, DEFAULT_PROFILE, { power: false })).toBeUndefined();
  const policies = STOCK_POLICIES.filter(({ policy }) => policy.id === 'load-balance');
  expect(whyH1IsOn({}, {}, DEFAULT_PROFILE, { policies })).toBeUndefined();
});

test('a host that is switched off in this cycle is not told of', () => {
  expect(whyH1IsOn({})).toBeUndefined();
});

test.each([
  ['leaves', { vm: 'b', from: 'h1', to: 'h2' }, undefined],
  ['comes to', { vm: 'b', from: 'h2', to: 'h1' }, 'in-flight'],
])('what %s a host on its way', (_, flight, rule) => {
  const hosts = many(2, (n) => aHost({ id: `h${n}` }));
  const vms = [
    aVm({ id: 'a', host: 'h1' }),
    aVm({ id: 'b', host: flight.from }),
    aVm({ id: 'c', host: 'h2', migratable: false }),
  ];
  const { decisions, staysOn } = decideOn({ hosts, vms, flights: [flight] }, { profile: noReserve });
  expect(staysOn.find(({ host }) => host === 'h1')?.refusal.rule).toBe(rule);
  const off = decisions.flatMap(({ changes }) => changes).filter(({ kind }) => kind === 'power');
  expect(off.length).toBe(rule === undefined ? 1 : 0);
});
