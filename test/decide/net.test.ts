import { describe, expect, it } from 'vitest';
import { loadsOf } from '../../src/decide/loads.ts';
import { netDecisions } from '../../src/decide/net.ts';
import type { Change } from '../../src/domain/change.ts';
import { changeWords } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { Draft } from '../../src/domain/draft.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';
import { aDecision, move, power } from '../kit/verdicts.ts';

/** Four hosts, all on but the last; a and b on h1, c on h2. */
const snapshot = aSnapshot({
  hosts: many(4, (n) => aHost({ id: `h${n}`, power: n === 4 ? 'off' : 'on' })),
  vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h1' }), aVm({ id: 'c', host: 'h2' })],
});

interface Thought {
  readonly changes: readonly Change[];
  readonly saving: number;
  readonly once: number;
}

const thought = (changes: readonly Change[], saving = 1, once = 0.1): Thought => ({ changes, saving, once });

function net(thoughts: readonly Thought[]): readonly Decision[] {
  const draft = new Draft(snapshot);
  const { hosts, vms } = snapshot;
  for (const change of thoughts.flatMap(({ changes }) => changes)) {
    if (change.kind === 'move') draft.move(vms.index.get(change.vm)!, hosts.index.get(change.to)!);
  }
  const decisions = thoughts.map(({ changes, saving, once }, n) =>
    aDecision(changes, { id: `d${n}`, savingPerHour: saving, onceCost: once, because: `thought ${n}` }),
  );
  return netDecisions(decisions, draft, loadsOf(new Draft(snapshot)));
}

const words = (decisions: readonly Decision[]) => decisions.map(({ changes }) => changes.map(changeWords));

describe('what the search came to', () => {
  it.each<[string, Thought[], string[][]]>([
    [
      'is told as it was thought where nothing was thought over',
      [thought([move('a', 'h1', 'h2')]), thought([move('c', 'h2', 'h3')])],
      [['a: h1 → h2'], ['c: h2 → h3']],
    ],
    [
      'leads each VM straight to where it ends, in the decision that first moved it',
      [thought([move('a', 'h1', 'h2'), move('b', 'h1', 'h3'), power('h1', 'off')]), thought([move('a', 'h2', 'h3')])],
      [['a: h1 → h3', 'b: h1 → h3', 'h1: switch off']],
    ],
    [
      'leaves out a VM that is back where it was',
      [thought([move('a', 'h1', 'h2'), move('b', 'h1', 'h2')]), thought([move('a', 'h2', 'h1')], -0.1, -0.1)],
      [['b: h1 → h2']],
    ],
    [
      'leaves out a host that was switched off and on again',
      [
        thought([move('a', 'h1', 'h2'), move('b', 'h1', 'h2'), power('h1', 'off')]),
        thought([power('h1', 'on'), move('c', 'h2', 'h1')], 1, -0.05),
      ],
      [['a: h1 → h2', 'b: h1 → h2', 'c: h2 → h1']],
    ],
    [
      'keeps apart what can stand alone',
      [
        thought([move('a', 'h1', 'h2'), move('b', 'h1', 'h3')]),
        thought([move('a', 'h2', 'h3'), move('c', 'h2', 'h1')]),
      ],
      [['a: h1 → h3', 'b: h1 → h3'], ['c: h2 → h1']],
    ],
    ['is nothing where all was taken back', [thought([move('a', 'h1', 'h2')]), thought([move('a', 'h2', 'h1')])], []],
  ])('%s', (_, thoughts, expected) => {
    expect(words(net(thoughts))).toEqual(expected);
  });

  it('loses no money on the way: what came to nothing counts for what it paved the way for', () => {
    const thoughts = [
      thought([move('a', 'h1', 'h2')], 3, 0.2),
      thought([move('c', 'h2', 'h3')], 2, 0.1),
      thought([move('a', 'h2', 'h1')], -1, -0.2),
    ];
    const told = net(thoughts);
    expect(words(told)).toEqual([['c: h2 → h3']]);
    expect(told[0]).toMatchObject({ savingPerHour: 4, id: 'd1-1' });
    expect(told[0]?.onceCost).toBeCloseTo(0.1, 9);
  });

  it('says of a move that was thought over how full the hosts were and will be', () => {
    const [told] = net([thought([move('a', 'h1', 'h2')]), thought([move('a', 'h2', 'h3')])]);
    expect(told?.because).toBe('h1 was at 6 % memory; h3 will be at 3 % memory');
  });

  it('leaves refusals as they are', () => {
    const refused = aDecision([], { refusal: { rule: 'payback', because: 'no' }, because: 'hot' });
    const decisions = [aDecision([move('a', 'h1', 'h2')]), refused, aDecision([move('a', 'h2', 'h3')])];
    const draft = new Draft(snapshot);
    draft.move(0, 2);
    const told = netDecisions(decisions, draft, loadsOf(new Draft(snapshot)));
    expect(told.map(({ refusal }) => refusal?.because)).toEqual([undefined, 'no']);
  });
});
