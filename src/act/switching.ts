import type { PowerSwitch } from '../domain/change.ts';
import { doubtWords } from '../domain/doubt.ts';
import type { HostId } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { PowerControl, SwitchEnd } from '../ports/power-control.ts';
import type { Crew } from './crew.ts';
import type { Patience } from './patience.ts';
import type { StepRun } from './step-run.ts';

type PowerEnd = SwitchEnd | { readonly state: 'timed out'; readonly because: string };

/** Why a host must not be switched off, given what the driver reports right then; nothing when it may be. */
export type SwitchOffGuard = (host: HostId, reported: Inventory) => string | undefined;

function stillNeeded({ hosts, vms, flights }: Inventory, id: HostId): string | undefined {
  const host = hosts.find((candidate) => candidate.id === id);
  if (host === undefined) return `${id} is gone`;
  if (!host.known) return doubtWords(id, host.doubt);
  const guest = vms.find((vm) => vm.host === id);
  if (guest !== undefined) return `${guest.id} runs on ${id}`;
  const flight = flights.find(({ from, to }) => from === id || to === id);
  return flight === undefined ? undefined : `${flight.vm} is in flight from ${flight.from} to ${flight.to}`;
}

/** How long a switch may take; a host whose model is not known has the least. */
export function powerCeilingMs({ host, to }: PowerSwitch, snapshot: Snapshot | undefined, patience: Patience): number {
  const index = snapshot?.hosts.index.get(host);
  const model = index === undefined ? undefined : snapshot?.pools.powerModels[snapshot.hosts.powerModel[index]!];
  const seconds = (to === 'on' ? model?.bootSeconds : model?.shutdownSeconds) ?? 0;
  return Math.max(patience.powerLeastMs, seconds * SECOND * patience.powerFactor);
}

/** Commands one power switch and waits for its end, but not for ever. */
function switchPower(
  order: string,
  change: PowerSwitch,
  ceilingMs: number,
  power: PowerControl,
  clock: Clock,
): Promise<PowerEnd> {
  const { promise, resolve } = Promise.withResolvers<PowerEnd>();
  const stopAlarm = clock.after(ceilingMs, () =>
    resolve({ state: 'timed out', because: `not ${change.to} after ${spanWords(ceilingMs)}` }),
  );
  command(order, change, power).then(resolve, (error: unknown) =>
    resolve({ state: 'failed', because: messageOf(error) }),
  );
  return promise.finally(stopAlarm);
}

async function command(order: string, { host, to }: PowerSwitch, power: PowerControl): Promise<SwitchEnd> {
  return to === 'on' ? power.switchOn(host, order) : power.switchOff(host, order);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Carries power switches out. A host that does not do as it is told is suspect. */
export class Switching {
  readonly #crew: Crew;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async start(run: StepRun, change: PowerSwitch, guard: SwitchOffGuard): Promise<void> {
    const { clock, driver, gate, patience, started, settle, writeAhead } = this.#crew;
    gate.switchStarts(change);
    started(run, 'running');
    const refusal = change.to === 'off' ? await this.#lastLook(change.host, guard) : undefined;
    if (refusal !== undefined) this.#notSent(run, change, 'failed', `not switched off: ${refusal}`);
    else if (this.#heldBecause(run) === '' && writeAhead.begin(run)) {
      const ceilingMs = powerCeilingMs(change, gate.now.snapshot, patience);
      this.#ended(run, change, await switchPower(run.orderId, change, ceilingMs, driver, clock));
    } else this.#notSent(run, change, 'cancelled', this.#heldBecause(run));
    settle();
  }

  suspect(host: HostId, because: string): void {
    this.#crew.gate.suspects.add(host);
    this.#crew.log.error(`${host} is suspect: ${because}; nothing is done with it until somebody clears it`);
  }

  /** Why it may not begin any more, although it could when the last look began. */
  #heldBecause({ isWanted }: StepRun): string {
    const { isPaused, stoppedBecause } = this.#crew;
    const stopped = stoppedBecause();
    if (stopped !== '') return stopped;
    if (isPaused()) return 'Drover is paused';
    return isWanted ? '' : 'no longer wanted';
  }

  /** Why a host must not be switched off, judged by what the driver reports at this very moment. */
  async #lastLook(host: HostId, guard: SwitchOffGuard): Promise<string | undefined> {
    const { clock, driver, patience } = this.#crew;
    const askedAtMs = clock.nowMs();
    try {
      const reported = await this.#inTime(driver.inventory());
      // A process that stood still hears the answer before it hears that the answer is late.
      const agoMs = clock.nowMs() - askedAtMs;
      if (agoMs > patience.noProgressMs) return `${host} was looked at ${spanWords(agoMs)} ago`;
      return stillNeeded(reported, host) ?? guard(host, reported);
    } catch (error) {
      return `${host} could not be looked at once more: ${messageOf(error)}`;
    }
  }

  async #inTime<T>(promise: Promise<T>): Promise<T> {
    const { clock, patience } = this.#crew;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const because = `no answer within ${spanWords(patience.noProgressMs)}`;
    const stopAlarm = clock.after(patience.noProgressMs, () => reject(new Error(because)));
    return Promise.race([promise, late]).finally(stopAlarm);
  }

  #ended(run: StepRun, change: PowerSwitch, end: PowerEnd): void {
    const { clock, ended, gate, writeAhead } = this.#crew;
    gate.switchEnds(change, end.state === 'done', clock.nowMs());
    const state = end.state === 'done' ? 'done' : 'failed';
    const because = end.state === 'done' ? '' : end.because;
    if (end.state === 'timed out' || (state === 'failed' && change.to === 'on')) this.suspect(change.host, because);
    writeAhead.end(run.orderId, state, because);
    ended(run, state, because);
  }

  #notSent(run: StepRun, change: PowerSwitch, state: 'failed' | 'cancelled', because: string): void {
    this.#crew.gate.switchEnds(change, false, this.#crew.clock.nowMs());
    this.#crew.ended(run, state, because);
  }
}
