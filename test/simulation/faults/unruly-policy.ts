import type { Shelf } from '../../../src/loading/library.ts';
import type { Proposal } from '../../../src/sdk/fleet.ts';
import { definePolicy } from '../../../src/sdk/index.ts';
import { oneOf } from '../../../src/simulator/random.ts';
import type { Board } from './board.ts';
import type { Fault } from './kinds.ts';

export const UNRULY = 'unruly';

const NO_PRICES = [Number.NaN, Infinity, -Infinity, -1e9];
const NO_NUMBERS = [-1, 0.5, 1e9, Number.NaN];

/** A policy that behaves as long as no fault is at work on it. */
export function unrulyPolicy(board: Board): Shelf[number] {
  const isStruck = (fault: Fault) => {
    if (!board.isAt(fault)) return false;
    board.struck(fault, []);
    return true;
  };
  const policy = definePolicy({
    id: UNRULY,
    about: 'Does what no policy should.',
    options: {},
    terms: { host: 'whim' },
    phase: 'improve',
    cost: {
      host: () => {
        if (isStruck('policy-throws')) throw new Error('this policy is broken');
        return isStruck('policy-costs-nonsense') ? oneOf(board.chance('policy-costs-nonsense'), NO_PRICES) : 0;
      },
    },
    *propose({ fleet }) {
      if (!isStruck('policy-proposes-nonsense')) return;
      const random = board.chance('policy-proposes-nonsense');
      for (let i = 0; i < 8; i++) yield nonsense(fleet.hostCount, fleet.vmCount, (list) => oneOf(random, list));
    },
  });
  return { id: UNRULY, good: { policy, version: '' }, trouble: '', gone: false };
}

function nonsense(hosts: number, vms: number, pick: <T>(list: readonly T[]) => T): Proposal {
  const host = () => pick([0, hosts - 1, ...NO_NUMBERS]);
  const vm = () => pick([0, vms - 1, ...NO_NUMBERS]);
  const move = () => ({ kind: 'move', vm: vm(), to: host() }) as const;
  const same = host();
  const everybodyTo = Array.from({ length: vms }, (_, each) => ({ kind: 'move', vm: each, to: 0 }) as const);
  const wishes = pick<Proposal['wishes']>([
    [],
    [move()],
    [move(), move(), move()],
    [{ kind: 'power', host: host(), to: 'off' }],
    [
      { kind: 'power', host: same, to: 'off' },
      { kind: 'power', host: same, to: 'on' },
    ],
    [{ kind: 'empty', host: host() }],
    everybodyTo,
  ]);
  return { wishes, because: 'it felt like it' };
}
