import type { HostId } from '../../domain/host.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { SECOND } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import type { Operator, Reply } from '../operator.ts';
import { type PlannedOutlook, stuckWords } from '../outlook.ts';
import { counted } from '../sentences.ts';
import { notNowBecause } from '../trials.ts';
import { type Counter, done, refuse } from './counter.ts';

/** Orders about hosts as such: emptied or not, trusted or not. */
export class HostDesk implements Pick<Operator, 'drain' | 'undrain' | 'clear' | 'prove' | 'vouch'> {
  readonly #counter: Counter;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  drain(host: HostId, dryRun: boolean): Reply {
    return this.#counter.about(host, (input) => {
      const { notebook, outlook, leadMs, hurry } = this.#counter.parts;
      if (notebook.drains.has(host)) return refuse(`${host} is being drained already; undrain it to end that`);
      const prospect = outlook(input, host);
      const sinceMs = this.#counter.nowMs;
      const expectedMs = prospect.moves.length === 0 ? 0 : prospect.makespanMs + leadMs();
      const words = `${host} takes no more VMs${drainWords(prospect, expectedMs)}${this.#counter.whilePaused}`;
      const endsAtMs = stuckWords(prospect) === undefined ? sinceMs + expectedMs : null;
      return this.#counter.order(dryRun, done(words, prospect.steps, endsAtMs), () => {
        notebook.drains.write(host, { sinceMs, expectedMs, emptyAtMs: null });
        hurry(`a drain of ${host}`);
      });
    });
  }

  /** A host that is gone for good can be forgotten too. */
  undrain(host: HostId, dryRun: boolean): Reply {
    const { notebook, hurry } = this.#counter.parts;
    if (!notebook.drains.has(host)) {
      return this.#counter.about(host, () => refuse(`${host} is not being drained`));
    }
    return this.#counter.order(dryRun, done(`${host} takes VMs again`), () => {
      notebook.drains.strike(host);
      hurry(`${host} is drained no more`);
    });
  }

  clear(host: HostId, dryRun: boolean): Reply {
    const { notebook, executor, hurry } = this.#counter.parts;
    const note = notebook.suspects.get(host);
    if (note === undefined) return this.#counter.about(host, () => refuse(`${host} is not suspect`));
    const words = `${host} is suspect no more (${note.because}); it has to be proven anew that it comes back`;
    return this.#counter.order(dryRun, done(words), () => {
      notebook.suspects.strike(host);
      executor.clearSuspect(host);
      hurry(`${host} was cleared`);
    });
  }

  prove(host: HostId, dryRun: boolean): Reply {
    return this.#counter.about(host, (input, index) => {
      const { notebook, trials, outlook, hurry } = this.#counter.parts;
      if (notebook.trials.has(host)) return refuse(`${host} is being tried out already`);
      if (input.snapshot.hosts.provenToWake[index] === 1) return refuse(`${host} counts as proven already`);
      if (!input.power) return refuse('hosts may not be switched on or off (power: false)');
      const prospect = outlook(input, host);
      const because = notNowBecause(input, host) ?? stuckWords(prospect);
      if (because !== undefined) return refuse(`${host} cannot be tried out now: ${because}`);
      const takesMs = prospect.makespanMs + powerCycleMs(input.snapshot, index) + 3 * this.#counter.parts.leadMs();
      const words = `${host} is emptied, switched off and on again, to see that it comes back: ${spanWords(takesMs)}`;
      const reply = done(`${words}${this.#counter.whilePaused}`, prospect.steps, this.#counter.nowMs + takesMs);
      return this.#counter.order(dryRun, reply, () => {
        trials.begin(host, this.#counter.nowMs, true);
        hurry(`a trial of ${host}`);
      });
    });
  }

  vouch(host: HostId, dryRun: boolean): Reply {
    return this.#counter.about(host, (input, index) => {
      const { notebook, hurry, log } = this.#counter.parts;
      if (input.snapshot.hosts.provenToWake[index] === 1) return refuse(`${host} counts as proven already`);
      const words = `${host} may be switched off from now on: a person vouches that it comes back`;
      return this.#counter.order(dryRun, done(words), () => {
        notebook.proofs.write(host, { how: 'vouched', atMs: this.#counter.nowMs });
        log.info(words);
        hurry(`${host} was vouched for`);
      });
    });
  }
}

function drainWords(prospect: PlannedOutlook, expectedMs: number): string {
  const stuck = stuckWords(prospect);
  const warning = stuck === undefined ? '' : `; ${stuck}`;
  if (prospect.moves.length === 0) return stuck === undefined ? '; it is empty' : warning;
  const leaving = `${counted(prospect.moves.length, 'VM')} ${prospect.moves.length === 1 ? 'leaves' : 'leave'} it`;
  return `; ${leaving}, which takes about ${spanWords(expectedMs)}${warning}`;
}

function powerCycleMs({ hosts, pools }: Snapshot, host: number): number {
  const { bootSeconds, shutdownSeconds } = pools.powerModels[hosts.powerModel[host]!]!;
  return (bootSeconds + shutdownSeconds) * SECOND;
}
