import type { MigrationProgress } from '../../domain/plan.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { MigrationEnd, MigrationOrder, MigrationState } from '../../ports/driver.ts';
import type { DomainEvent } from './events.ts';
import type { HostLink } from './host-link.ts';
import type { DomainRef, Hypervisor } from './hypervisor.ts';
import { migrateCallOf } from './migration-call.ts';
import { type Ends, type Glimpse, outcomeOf, unclearWords } from './migration-outcome.ts';
import { LIFECYCLE, STOPPED_BY_MIGRATION, SUSPENDED_BY_MIGRATION, SUSPENDED_BY_POST_COPY } from './procedures.ts';
import type { MigrationSettings } from './settings.ts';
import { numberOf, type TypedParameters } from './typed-parameters.ts';

export interface MigrationParts {
  readonly order: MigrationOrder;
  readonly uuid: string;
  readonly source: HostLink;
  readonly target: HostLink;
  readonly settings: MigrationSettings;
  readonly clock: Clock;
  readonly progressed: (state: MigrationState, progress: MigrationProgress) => void;
}

const STATES: readonly MigrationState[] = ['preparing', 'copying', 'switching', 'finishing'];
const LOOK_EVERY_MS = SECOND / 2;
const ABORT_AGAIN_MS = SECOND / 5;
const LOOK_AGAIN_MS = SECOND;
/** So long nobody needs to be reachable; after that a person has to look. */
const UNCLEAR_MOST_MS = 180 * SECOND;
const CANCELLED: MigrationEnd = { state: 'cancelled' };

/** One live migration from its order to its end, on a connection of its own. */
export class MigrationRun {
  readonly order: MigrationOrder;
  readonly #parts: MigrationParts;
  readonly #stops = new Set<Stop>();
  #hypervisor: Hypervisor | undefined;
  #domain: DomainRef | undefined;
  #state: MigrationState = 'preparing';
  #progress: MigrationProgress = { round: 0, copiedBytes: 0, remainingBytes: 0, bytesPerS: 0 };
  #completed: TypedParameters | undefined;
  #isCancelled = false;
  #isOver = false;
  readonly #abandoned = Promise.withResolvers<MigrationEnd>();

  constructor(parts: MigrationParts) {
    this.order = parts.order;
    this.#parts = parts;
  }

  async carryOut(): Promise<MigrationEnd> {
    try {
      return await Promise.race([this.#migrate(), this.#abandoned.promise]);
    } catch (error) {
      return { state: 'failed', because: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#isOver = true;
      for (const stop of this.#stops) stop();
      this.#hypervisor?.close();
    }
  }

  cancel(): boolean {
    if (this.#isOver || this.#state === 'switching' || this.#state === 'finishing') return false;
    if (!this.#isCancelled) {
      this.#isCancelled = true;
      void this.#abort();
    }
    return true;
  }

  /** Looks after it no longer; the hosts go on by themselves. */
  abandon(because: string): void {
    this.#abandoned.resolve({ state: 'failed', because });
  }

  /** Moves the guest now and its memory after it. */
  startPostCopy(): boolean {
    if (!this.#parts.settings.postCopy || this.#isOver || this.#state !== 'copying') return false;
    const { hypervisor } = this.#parts.source;
    if (hypervisor === undefined || this.#domain === undefined) return false;
    hypervisor.startPostCopy(this.#domain).catch(() => undefined);
    return true;
  }

  /** What the source says of its VM. */
  hear(event: DomainEvent): void {
    if (event.kind === 'iteration') this.#become('copying', { ...this.#progress, round: event.iteration });
    else if (event.kind === 'job-completed') this.#completed = event.values;
    else if (event.kind === 'lifecycle') this.#hearLifecycle(event.event, event.detail);
  }

  #hearLifecycle(event: number, detail: number): void {
    const isSwitching = detail === SUSPENDED_BY_MIGRATION || detail === SUSPENDED_BY_POST_COPY;
    if (event === LIFECYCLE.suspended && isSwitching) this.#become('switching');
    else if (event === LIFECYCLE.stopped && detail === STOPPED_BY_MIGRATION) this.#become('finishing');
  }

  async #migrate(): Promise<MigrationEnd> {
    const { order, uuid, source, target, settings } = this.#parts;
    this.#become('preparing');
    this.#hypervisor = await source.open();
    const targetUri = target.host.peerUri ?? target.host.uri;
    const call = await migrateCallOf(this.#hypervisor, uuid, targetUri, order, settings);
    if (call === undefined) return { state: 'failed', because: `${order.vm} does not run on ${order.from}` };
    if (this.#isCancelled) return CANCELLED;
    this.#domain = call.domain;
    this.#lookLater();
    try {
      await this.#hypervisor.migrate(call);
      return await this.#done();
    } catch (error) {
      return this.#settle(error instanceof Error ? error.message : String(error));
    }
  }

  #lookLater(): void {
    this.#after(LOOK_EVERY_MS, () => {
      void this.#look().finally(() => {
        if (!this.#isOver) this.#lookLater();
      });
    });
  }

  async #look(): Promise<void> {
    const hypervisor = this.#hypervisor;
    if (hypervisor === undefined || this.#domain === undefined) return;
    const job = await hypervisor.jobStats(this.#domain).catch(() => undefined);
    if (job?.isRunning !== true || this.#isOver) return;
    const copiedBytes = numberOf(job.values, 'memory_processed') ?? 0;
    const progress = {
      round: Math.max(this.#progress.round, numberOf(job.values, 'memory_iteration') ?? 0),
      copiedBytes: Math.max(this.#progress.copiedBytes, copiedBytes),
      remainingBytes: numberOf(job.values, 'memory_remaining') ?? 0,
      bytesPerS: numberOf(job.values, 'memory_bps') ?? 0,
    };
    this.#become(copiedBytes > 0 ? 'copying' : this.#state, progress);
  }

  /** States only go on: what is told late does not turn them back. */
  #become(state: MigrationState, progress = this.#progress): void {
    if (this.#isOver) return;
    if (STATES.indexOf(state) > STATES.indexOf(this.#state)) this.#state = state;
    this.#progress = progress;
    this.#parts.progressed(this.#state, progress);
  }

  async #done(): Promise<MigrationEnd> {
    this.#become('finishing');
    const { target } = this.#parts;
    const values = this.#completed ?? (await this.#figuresOf(target.hypervisor)) ?? {};
    return {
      state: 'done',
      seconds: (numberOf(values, 'time_elapsed') ?? 0) / SECOND,
      bytes: numberOf(values, 'data_processed') ?? numberOf(values, 'memory_processed') ?? this.#progress.copiedBytes,
      blackoutMs: numberOf(values, 'downtime') ?? 0,
    };
  }

  async #figuresOf(target: Hypervisor | undefined): Promise<TypedParameters | undefined> {
    if (target === undefined || this.#domain === undefined) return undefined;
    const job = await target.completedJob(this.#domain).catch(() => undefined);
    return job?.values;
  }

  /** Until the job exists there is nothing to abort, and while it switches it cannot be. */
  async #abort(): Promise<void> {
    while (!this.#isOver && this.#state !== 'finishing') {
      const hypervisor = this.#parts.source.hypervisor ?? this.#hypervisor;
      const isAborted =
        this.#domain !== undefined && hypervisor !== undefined
          ? await hypervisor.abortJob(this.#domain).then(
              () => true,
              () => false,
            )
          : false;
      if (isAborted) return;
      await this.#pause(ABORT_AGAIN_MS);
    }
  }

  /** The call came back with an error: both hosts are asked until it is clear where the VM is. */
  async #settle(error: string): Promise<MigrationEnd> {
    const { clock } = this.#parts;
    for (let sinceMs = clock.nowMs(); ; ) {
      const ends = await this.#bothEnds();
      const outcome = outcomeOf(ends);
      if (outcome.kind === 'moved') return this.#done();
      if (outcome.kind === 'stayed') return this.#isCancelled ? CANCELLED : { state: 'failed', because: error };
      if (outcome.kind === 'broken') return { state: 'failed', because: `${error}; ${outcome.because}` };
      if (outcome.kind === 'under way') sinceMs = clock.nowMs();
      if (clock.nowMs() - sinceMs > UNCLEAR_MOST_MS)
        return { state: 'failed', because: `${error}; ${unclearWords(ends)}` };
      await this.#pause(LOOK_AGAIN_MS);
    }
  }

  async #bothEnds(): Promise<Ends> {
    const { order, source, target } = this.#parts;
    const [onSource, onTarget] = await Promise.all([this.#glimpse(source), this.#glimpse(target)]);
    const job =
      this.#domain === undefined ? undefined : await source.hypervisor?.jobStats(this.#domain).catch(() => undefined);
    return { vm: order.vm, from: order.from, to: order.to, onSource, onTarget, hasJob: job?.isRunning === true };
  }

  async #glimpse(link: HostLink): Promise<Glimpse> {
    const sightings = await link.lookNow();
    if (sightings === undefined) return 'unreachable';
    return sightings.find(({ domain }) => domain.uuid === this.#parts.uuid) ?? 'absent';
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#after(ms, resolve);
    return promise;
  }

  #after(ms: number, call: () => void): void {
    const stop = this.#parts.clock.after(ms, () => {
      this.#stops.delete(stop);
      call();
    });
    this.#stops.add(stop);
  }
}
