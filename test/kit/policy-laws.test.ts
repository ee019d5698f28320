/** The tester itself: each law has a policy that breaks it, and one that keeps all of them. */
import { describe, expect, it } from 'vitest';
import { definePolicy, type Fleet, move, option } from '../../src/sdk/index.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { aHost, aVm, many } from './fleet.ts';
import { LAWS_OF_POLICY, LAWS_OF_ROW } from './policy-laws.ts';
import type { PolicyRow } from './policy-row.ts';

const ROW: PolicyRow = {
  it: 'three VMs that talk, on the first of two hosts',
  hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
  vms: many(3, (n) => aVm({ id: `v${n}`, demand: { cpuMhz: 20_000 }, labels: { wave: 'one' } })),
  flows: [{ from: 'v1', to: 'v2', bytesPerS: 1_000 }],
};

function policy(parts: Partial<Policy>): Policy {
  const good = definePolicy({
    id: 'crowding',
    about: 'Keeps hosts from being crowded.',
    phase: 'improve',
    options: { most: option.number('VMs that are comfortable', 2, 'VMs', { least: 1, most: 10 }) },
    terms: { host: 'crowding', pair: 'talk', vm: 'place' },
    cost: { host: (host, { most }, prices) => Math.max(0, host.vmCount - most) * prices.perStarvedCoreHour },
  });
  return { ...good, ...parts };
}

const hostCost = (host: NonNullable<Policy['cost']['host']>): Partial<Policy> => ({ cost: { host } });

/** Wants everything on one host in this cycle and on the other in the next. */
function undecided(): Partial<Policy> {
  let cycle = 0;
  return {
    cost: { vm: (_, host) => (cycle % 2 === Number(host.id === 'h1') ? 5 : 0) },
    *propose(fleet: Fleet) {
      cycle += 1;
      if (fleet.vmCount < 0) yield { wishes: [], because: 'never' };
    },
  };
}

let calls = 0;

const BREAKERS: Readonly<Record<string, readonly [Partial<Policy>, RegExp]>> = {
  'says what it is': [{ id: 'My Policy', about: ' ', terms: {} }, /id "My Policy".*about.*terms.host/],
  'explains its options': [{ options: { x: option.number('', 1, '', { least: 0 }) } }, /in a sentence.*a unit/],
  'has options whose defaults are allowed': [{ options: { x: option.share('x', 2) } }, /"x" must be at most 1/],
  'has options that take no nonsense': [{ options: { x: option.number('x', 1, 'pieces') } }, /takes -1e\+300/],
  'copes with an empty fleet': [
    {
      *propose(fleet) {
        if (fleet.host(0).id.length < 0) yield { wishes: [], because: 'never' };
      },
    },
    /Cannot read properties of undefined/,
  ],
  'copes with hosts that are off, empty, or offer no network': [
    hostCost((host) => host.netTx.share),
    /no-network costs Inf/,
  ],
  'decides the same twice': [
    hostCost((host) => (host.vmCount > 2 ? ++calls : 0)),
    /the same situation led to different verdicts/,
  ],
  'remembers nothing from one call to the next': [
    hostCost(() => ++calls),
    /host h1 costs \d+ once and \d+ another time/,
  ],
  'asks neither the clock nor chance': [hostCost(() => (new Date().getHours() < 25 ? 0 : 1)), /asks for the time/],
  'writes nothing': [
    { cost: { vm: (vm) => Object.keys(Object.assign(vm.labels, { seen: 'yes' })).length } },
    /Cannot add property seen/,
  ],
  'does not depend on the order of hosts and VMs': [
    hostCost((host) => host.index),
    /host h1 costs 0 once and 1 another/,
  ],
  'looks at nothing but what it is shown': [
    { cost: { vm: (_, host) => host.vmCount } },
    /vm v2 costs 3 once and 2 another time, though only v1 moved/,
  ],
  'does not depend on the unit of MHz': [
    hostCost((host) => Number(host.cpu.used > 70_000)),
    /host h1 costs 0 once and 1/,
  ],
  'does not depend on the currency': [hostCost((host) => host.vmCount), /amounts come from prices/],
  'gives amounts of money at the bounds of its options': [
    {
      options: { limit: option.share('limit', 0.8) },
      cost: { host: (host, { limit }) => host.cpu.share / (1 - Number(limit)) },
    },
    /with limit 1: host h1 costs Infinity/,
  ],
  'gives whole reasons': [
    {
      cost: { vm: (_, host) => (host.id === 'h2' ? 0 : 5) },
      *propose(fleet) {
        yield { wishes: [move(fleet.vm(0), fleet.host(1))], because: '{vm} belongs there' };
      },
    },
    /"\{vm\} belongs there" has an empty blank/,
  ],
  'comes to rest': [undecided(), /on unchanged load it goes on with v1: h\d → h\d/],
  'comes to rest beside the policies of Drover': [undecided(), /on unchanged load it goes on with v1: h\d → h\d/],
};

const LAWS = {
  ...LAWS_OF_ROW,
  ...Object.fromEntries(Object.entries(LAWS_OF_POLICY).map(([name, law]) => [name, (of: Policy) => law(of)] as const)),
};

describe.each(Object.keys(LAWS))('a policy that %s', (name) => {
  it('is let through', () => {
    expect(LAWS[name]?.(policy({}), ROW)).toEqual([]);
  });

  it('is told from one that does not', () => {
    const [parts, complaint] = BREAKERS[name] ?? [{}, /no policy here breaks this law/];
    expect(LAWS[name]?.(policy(parts), ROW).join('; ')).toMatch(complaint);
  });
});

it('a view that is pointed elsewhere is seen', () => {
  const pointing = hostCost((host) => {
    host.index = 1;
    return 0;
  });
  expect(LAWS_OF_ROW['writes nothing']?.(policy(pointing), ROW)).toEqual(['it points a view elsewhere']);
});
