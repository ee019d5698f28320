import { type DecideInput, decideNext } from '../decide/decide.ts';
import type { Memory } from '../decide/memory.ts';
import { spanWords } from '../domain/words.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import type { Policy } from '../sdk/policy.ts';
import { TOO_LATE, withDeadline } from './deadline.ts';

type TellLate = (policy: string, because: string) => void;
type Decided = ReturnType<typeof decideNext>;

/** Verdicts in time, or an error that says why not. A policy that does not come to an end is told, and left out. */
export function decideInTime(
  input: DecideInput,
  memory: Memory | undefined,
  deadlineMs: number,
  tellLate: TellLate,
): Decided {
  const decided = decideUntil(deadlineMs, input, memory);
  return decided === TOO_LATE ? decideWatched(input, deadlineMs, tellLate) : decided;
}

/** Of the deadline, the part after which the search ends by itself, with what it has: the rest is for telling it. */
const SEARCH_SHARE = 0.7;

function decideUntil(deadlineMs: number, input: DecideInput, memory: Memory | undefined): Decided | typeof TOO_LATE {
  const searchEndsMs = performance.now() + deadlineMs * SEARCH_SHARE;
  const isTimeUp = () => performance.now() > searchEndsMs;
  return withDeadline(deadlineMs, () => decideNext({ ...input, isTimeUp }, memory));
}

/** Once more, to see who is at work at the deadline: the same input leads to the same place. */
function decideWatched(input: DecideInput, deadlineMs: number, tellLate: TellLate): Decided {
  const watch = new Watch();
  const policies = input.policies.map((policy) => watch.over(policy));
  const decided = decideUntil(deadlineMs, { ...input, policies }, undefined);
  if (decided !== TOO_LATE) return decided;
  const { busy } = watch;
  const span = spanWords(deadlineMs);
  if (busy === undefined) throw new Error(`deciding took longer than ${span}, and no policy is to blame for it alone`);
  const because = `it did not come to an end within ${span}`;
  tellLate(busy, because);
  const rest = input.policies.filter(({ policy }) => policy.id !== busy);
  const { verdicts, memory } = decideInTime({ ...input, policies: rest }, undefined, deadlineMs, tellLate);
  return { memory, verdicts: { ...verdicts, skipped: [{ policy: busy, because }, ...verdicts.skipped] } };
}

/** Knows whose code is running. It costs some time, so nobody is watched until there is a reason. */
class Watch {
  busy: string | undefined;

  over(loaded: LoadedPolicy): LoadedPolicy {
    const { id, cost, propose } = loaded.policy;
    const watched: Policy['cost'] = {
      ...(cost.host && { host: this.#during(id, cost.host) }),
      ...(cost.pair && { pair: this.#during(id, cost.pair) }),
      ...(cost.vm && { vm: this.#during(id, cost.vm) }),
    };
    const proposing = propose && { propose: this.#proposing(id, propose) };
    return { ...loaded, policy: { ...loaded.policy, cost: watched, ...proposing } };
  }

  #during<A extends readonly unknown[], T>(id: string, work: (...args: A) => T): (...args: A) => T {
    return (...args) => {
      this.busy = id;
      const result = work(...args);
      this.busy = undefined;
      return result;
    };
  }

  #proposing(id: string, propose: NonNullable<Policy['propose']>): NonNullable<Policy['propose']> {
    const during = <A extends readonly unknown[], T>(work: (...args: A) => T) => this.#during(id, work);
    return function* (...args) {
      const proposals = during(propose)(...args);
      const next = during(proposals.next.bind(proposals));
      let proposal = next();
      while (proposal.done !== true) proposal = next(yield proposal.value);
    };
  }
}
