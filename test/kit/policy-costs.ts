/** What a policy says things cost, asked directly and not by way of the engine. */
import type { Draft } from '../../src/domain/draft.ts';
import { DEFAULT_PRICES, type Prices } from '../../src/domain/profile.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { HostView, PairView, VmView } from '../../src/sdk/views.ts';
import type { Values } from './policy-row.ts';

/** By what it is about: 'host h1', 'vm v1', 'pair v1 v2'. */
export type CostsByName = ReadonlyMap<string, number>;

export interface Asking {
  readonly policy: Policy;
  readonly draft: Draft;
  readonly values: Values;
  readonly prices?: Prices;
}

/** Every cost once, in the order of the snapshot or backwards. */
export function costsOf(asking: Asking, order: 'forwards' | 'backwards' = 'forwards'): CostsByName {
  const questions = [...hostQuestions(asking), ...vmQuestions(asking), ...pairQuestions(asking)];
  if (order === 'backwards') questions.reverse();
  return new Map(questions.map(({ name, ask }) => [name, ask()] as const));
}

interface Question {
  readonly name: string;
  readonly ask: () => number;
}

function hostQuestions({ policy, draft, values, prices = DEFAULT_PRICES }: Asking): Question[] {
  const { host: cost } = policy.cost;
  const view = new HostView(draft);
  if (cost === undefined) return [];
  return draft.snapshot.hosts.ids.map((id, index) => ({
    name: `host ${id}`,
    ask: () => {
      view.index = index;
      return unmoved(cost(view, values, prices), view.index === index);
    },
  }));
}

function vmQuestions({ policy, draft, values, prices = DEFAULT_PRICES }: Asking): Question[] {
  const { vm: cost } = policy.cost;
  const view = new VmView(draft);
  const host = new HostView(draft);
  if (cost === undefined) return [];
  return draft.snapshot.vms.ids.map((id, index) => ({
    name: `vm ${id}`,
    ask: () => {
      view.index = index;
      host.index = draft.hostOf[index]!;
      return unmoved(cost(view, host, values, prices), view.index === index && host.index === draft.hostOf[index]);
    },
  }));
}

function pairQuestions({ policy, draft, values, prices = DEFAULT_PRICES }: Asking): Question[] {
  const { pair: cost } = policy.cost;
  const { traffic, vms } = draft.snapshot;
  if (cost === undefined) return [];
  const view = new PairView(draft);
  return traffic.flows.map(({ from, to, bytesPerS }) => {
    const [a, b] = [vms.index.get(from)!, vms.index.get(to)!];
    return {
      name: `pair ${from} ${to}`,
      ask: () => {
        Object.assign(view, { a, b, bytesPerS });
        return unmoved(cost(view, values, prices), view.a === a && view.b === b);
      },
    };
  });
}

function unmoved(cost: number, isWhereItWas: boolean): number {
  if (!isWhereItWas) throw new Error('it points a view elsewhere');
  return cost;
}
