import { expect, it } from 'vitest';
import { Reserve } from '../../src/decide/reserve.ts';
import { Draft } from '../../src/domain/draft.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { acceptedWords, decideOn } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

const three = many(3, (n) => aHost({ id: `h${n}` }));
const profile = { ...DEFAULT_PROFILE, spareHosts: 0, spareShare: 0 };
const ceiling = DEFAULT_PROFILE.ceilings.cpu;

/** One VM that wants so much of a host at four times. */
const wanting = (now: number, soon: number, later: number, peak: number) =>
  aVm({
    demand: { cpuMhz: now * 80_000 * ceiling },
    cpuSoonMhz: soon * 80_000 * ceiling,
    cpuLaterMhz: later * 80_000 * ceiling,
    cpuPeakMhz: peak * 80_000 * ceiling,
  });

it.each<[string, [number, number, number, number], { isShort: boolean; staysOn: boolean }]>([
  ['all calm', [0.9, 0.9, 0.9, 0.9], { isShort: false, staysOn: false }],
  ['more is wanted now than is on', [2.1, 1, 1, 1], { isShort: true, staysOn: true }],
  [
    'more is wanted soon than is on: a host is sent for before it is needed',
    [1, 2.1, 1, 1],
    { isShort: true, staysOn: true },
  ],
  ['more is wanted later: nothing is sent for yet', [1, 1, 2.1, 1], { isShort: false, staysOn: true }],
  ['as much as one host soon: neither', [0.9, 1.1, 0.9, 0.9], { isShort: false, staysOn: true }],
  ['a peak of late keeps hosts on, and wakes none', [0.9, 0.9, 0.9, 1.1], { isShort: false, staysOn: true }],
])('%s', (_, wants, { isShort, staysOn }) => {
  const two = three.slice(0, 2);
  const reserve = new Reserve(new Draft(aSnapshot({ hosts: two, vms: [wanting(...wants)] })), profile);
  expect(reserve.shortage() !== undefined).toBe(isShort);
  expect(reserve.refusal(1) !== undefined).toBe(staysOn);
});

it('says that it is for what is expected', () => {
  const reserve = new Reserve(
    new Draft(aSnapshot({ hosts: three.slice(0, 1), vms: [wanting(0.5, 1.1, 1, 1)] })),
    profile,
  );
  expect(reserve.shortage()).toMatch(/^94 % of the cpu that is on is expected to be in use soon/);
});

it('wakes a host ahead of the load, and does not put it to sleep again while the load is on its way', () => {
  const asleep = [...three.slice(0, 2), aHost({ id: 'h3', power: 'off' })];
  const busy = (host: string, n: number) =>
    aVm({ id: `${host}-${n}`, host, demand: { cpuMhz: 4_000 }, cpuSoonMhz: 12_000, cpuLaterMhz: 12_000 });
  const vms = many(6, (n) => [busy('h1', n), busy('h2', n)]).flat();
  expect(acceptedWords(decideOn({ hosts: asleep, vms }, { profile }))).toEqual(['h3: switch on']);
  expect(acceptedWords(decideOn({ hosts: three, vms }, { profile }))).toEqual([]);
});

it('puts nobody to sleep on the strength of a host that boots and may not come up', () => {
  const calm = [wanting(0.9, 0.9, 0.9, 0.9)];
  const reserveWith = (power: 'on' | 'booting', leastHostsOn: number) => {
    const hosts = [...three.slice(0, 2), aHost({ id: 'h3', power })];
    return new Reserve(new Draft(aSnapshot({ hosts, vms: calm })), { ...profile, leastHostsOn });
  };
  expect(reserveWith('on', 2).refusal(1)).toBeUndefined();
  expect(reserveWith('booting', 2).refusal(1)?.rule).toBe('least-hosts-on');
  expect(reserveWith('booting', 0).refusal(1)).toBeUndefined();
  expect(reserveWith('booting', 0).shortage()).toBeUndefined();
});

it('leaves a host under maintenance on while the others are too few', () => {
  const emptied = aHost({ id: 'h4', maintenance: true });
  const refusalWith = (power: 'on' | 'booting') => {
    const hosts = [...three.slice(0, 2), aHost({ id: 'h3', power }), emptied];
    return new Reserve(new Draft(aSnapshot({ hosts })), { ...profile, leastHostsOn: 3 }).refusal(3);
  };
  expect(refusalWith('on')).toBeUndefined();
  expect(refusalWith('booting')).toEqual({
    rule: 'least-hosts-on',
    because: 'without h4 fewer than 3 hosts would be on',
  });
});
