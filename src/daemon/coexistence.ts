import type { Settings } from '../config/settings.ts';
import type { Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { StepStatus } from '../domain/plan.ts';
import type { Mode } from '../domain/profile.ts';
import { MINUTE, SECOND } from '../domain/units.ts';
import type { VmId } from '../domain/vm.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { DriverEvent } from '../ports/driver.ts';
import type { Log } from '../ports/log.ts';

export interface CoexistenceParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => Settings;
  /** VMs that are left in peace, since then. */
  readonly rests: Map<HostId | VmId, number>;
  /** What was decided no longer stands. */
  readonly changed: (reason: string) => void;
}

interface Own {
  readonly move: Move;
  readonly endedAtMs: number | null;
}

type Moved = Extract<DriverEvent, { kind: 'vm-moved' }>;
type Stopped = Extract<DriverEvent, { kind: 'vm-stopped' }>;

/** The driver tells of a move, and of the end of the migration, each in its own time. */
const TOLD_WITHIN_MS = 10 * SECOND;
/** Longer than that: drivers may be slow to tell. */
const OURS_FOR_MS = 10 * MINUTE;
/** So many guests that end on one host within this time did not end by chance. */
const LEAVING_GUESTS = 2;
const LEAVING_WITHIN_MS = 60 * SECOND;
const MOST_HOSTS = 10_000;

/** Sees that somebody else is at work here, another scheduler, a person or a host that goes down, and gives way. */
export class Coexistence {
  readonly #parts: CoexistenceParts;
  /** Drover's own migrations by step: those under way, and for a while those that are over. */
  readonly #ours = new Map<string, Own>();
  readonly #stopped = new Map<HostId, readonly { readonly vm: VmId; readonly atMs: number }[]>();
  readonly #leavingUntilMs = new Map<HostId, number>();
  #standsBackUntilMs = 0;

  constructor(parts: CoexistenceParts) {
    this.#parts = parts;
  }

  hear(event: DriverEvent): void {
    if (event.kind === 'vm-moved' && !this.#isOurs(event)) this.#somebodyMoved(event);
    else if (event.kind === 'vm-stopped') this.#somebodyStopped(event);
    else if (event.kind === 'host-power' && event.power === 'on') this.#cameBack(event.host);
  }

  /** However many end at once, what is ours stays known as long as it may be told of. */
  stepChanged({ step: { id, change }, startedAtMs, endedAtMs }: StepStatus): void {
    const known = this.#ours.get(id);
    if (change.kind !== 'move' || (startedAtMs === null && known === undefined)) return;
    this.#ours.delete(id);
    const nowMs = this.#parts.clock.nowMs();
    // What waits for its next try may arrive by the one before, of which it was said that it failed.
    if (startedAtMs !== null) this.#ours.set(id, { move: change, endedAtMs });
    else if (known !== undefined) this.#ours.set(id, { ...known, endedAtMs: known.endedAtMs ?? nowMs });
    this.#forgetOld(nowMs);
  }

  /** Somebody else runs this cluster just now: nothing is begun here. */
  get standsBack(): boolean {
    return this.#parts.clock.nowMs() < this.#standsBackUntilMs;
  }

  modeUnder(steered: Mode): Mode {
    return steered === 'auto' && this.standsBack ? 'recommend' : steered;
  }

  /** Its guests are shut down by the host itself: nothing is brought there, and nothing taken away. */
  isLeaving(host: HostId): boolean {
    return this.#parts.clock.nowMs() < (this.#leavingUntilMs.get(host) ?? 0);
  }

  get hasLeaving(): boolean {
    return this.#leavingUntilMs.size > 0;
  }

  /** For whoever asks how things are. */
  get words(): string[] {
    const nowMs = this.#parts.clock.nowMs();
    const leaving = [...this.#leavingUntilMs].filter(([, untilMs]) => untilMs > nowMs);
    return [
      ...(this.standsBack
        ? [`somebody else moves VMs here: nothing is begun for ${spanWords(this.#standsBackUntilMs - nowMs)}`]
        : []),
      ...leaving.map(([host, untilMs]) => `${host} shuts its VMs down: left alone for ${spanWords(untilMs - nowMs)}`),
    ];
  }

  #isOurs({ vm, from, to, atMs }: Moved): boolean {
    for (const { move, endedAtMs } of this.#ours.values()) {
      if (move.vm !== vm || move.to !== to || move.from !== from) continue;
      if (endedAtMs === null || endedAtMs >= atMs - TOLD_WITHIN_MS) return true;
    }
    return false;
  }

  /** They are in the order in which they last changed. */
  #forgetOld(nowMs: number): void {
    for (const [id, { endedAtMs }] of this.#ours) {
      if (endedAtMs === null) continue;
      if (Math.abs(nowMs - endedAtMs) < OURS_FOR_MS) return;
      this.#ours.delete(id);
    }
  }

  #somebodyMoved({ vm, from, to, atMs }: Moved): void {
    const { log, settings, rests, changed } = this.#parts;
    const { coexistence, profile } = settings();
    const { standBack, minutes } = coexistence;
    const fields = { vm, from, to };
    if (standBack === 'nothing') {
      log.info(`${vm} was moved from ${from} to ${to} by somebody else`, fields);
      return;
    }
    // Rests last as long as the cool-down from the instant that is noted.
    rests.set(vm, atMs + (minutes - profile.vmCooldownMinutes) * MINUTE);
    const span = spanWords(minutes * MINUTE);
    const what = standBack === 'vm' ? `it is left alone for ${span}` : `nothing is begun here for ${span}`;
    log.warn(`${vm} was moved from ${from} to ${to} by somebody else: ${what}`, fields);
    if (standBack === 'vm') return;
    const wasAtWork = !this.standsBack;
    this.#standsBackUntilMs = atMs + minutes * MINUTE;
    if (wasAtWork) changed('somebody else moves VMs');
  }

  #somebodyStopped({ vm, host, atMs }: Stopped): void {
    const { log, settings, changed } = this.#parts;
    const { standBack, minutes } = settings().coexistence;
    if (standBack === 'nothing') return;
    const lately = (this.#stopped.get(host) ?? []).filter((one) => one.atMs > atMs - LEAVING_WITHIN_MS);
    const stopped = [...lately.filter((one) => one.vm !== vm), { vm, atMs }];
    this.#stopped.set(host, stopped);
    if (this.#stopped.size > MOST_HOSTS) this.#stopped.delete(this.#stopped.keys().next().value!);
    if (stopped.length < LEAVING_GUESTS) return;
    const isNews = !this.isLeaving(host);
    this.#leavingUntilMs.set(host, atMs + minutes * MINUTE);
    if (!isNews) return;
    const names = stopped.map((one) => one.vm).join(', ');
    log.warn(`${host} shuts its VMs down (${names}): it is left alone for ${spanWords(minutes * MINUTE)}`, { host });
    changed(`${host} shuts its VMs down`);
  }

  #cameBack(host: HostId): void {
    this.#stopped.delete(host);
    if (this.#leavingUntilMs.delete(host)) this.#parts.log.info(`${host} is back, and no longer left alone`, { host });
  }
}
