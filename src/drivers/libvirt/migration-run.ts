import { SECOND } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MigrationEnd, MigrationOrder } from '../../ports/driver.ts';
import type { DomainEvent } from './events.ts';
import type { HostLink } from './host-link.ts';
import type { DomainRef, Hypervisor, MigrateCall } from './hypervisor.ts';
import { migrateManaged, type Standstill } from './managed-migration.ts';
import { migrateCallOf } from './migration-call.ts';
import { type Ends, type Glimpse, type Outcome, outcomeOf, strandedWords, unclearWords } from './migration-outcome.ts';
import { LIFECYCLE, STOPPED_BY_MIGRATION, SUSPENDED_BY_MIGRATION, SUSPENDED_BY_POST_COPY } from './procedures.ts';
import { type Progressed, type Run, RunCourse } from './run-course.ts';
import type { MigrationSettings } from './settings.ts';
import { numberOf, type TypedParameters } from './typed-parameters.ts';
import { isRunning } from './whereabouts.ts';

export interface MigrationParts {
  readonly order: MigrationOrder;
  readonly uuid: string;
  readonly source: HostLink;
  readonly target: HostLink;
  readonly settings: MigrationSettings;
  readonly clock: Clock;
  readonly progressed: Progressed;
}

const ABORT_AGAIN_MS = SECOND / 5;
const LOOK_AGAIN_MS = SECOND;
/** So long nobody needs to be reachable; after that a person has to look. */
const UNCLEAR_MOST_MS = 180 * SECOND;
/** So long a target that was told to run the guest need not be reachable. */
const ARRIVED_MOST_MS = 60 * SECOND;
const CANCELLED: MigrationEnd = { state: 'cancelled' };
const failed = (because: string): MigrationEnd => ({ state: 'failed', because });

/** One live migration from its order to its end, on a connection of its own. */
export class MigrationRun implements Run {
  readonly order: MigrationOrder;
  readonly saved = undefined;
  readonly #parts: MigrationParts;
  readonly #course: RunCourse;
  #hypervisor: Hypervisor | undefined;
  /** Only where the migration is led from here. */
  #landing: Hypervisor | undefined;
  #standstill: Standstill | undefined;
  #isStopped = false;
  #domain: DomainRef | undefined;
  #completed: TypedParameters | undefined;
  #isCancelled = false;
  /** What may be under way on it now is no longer ours. */
  #isReturned = false;
  readonly #abandoned = Promise.withResolvers<MigrationEnd>();

  constructor(parts: MigrationParts) {
    this.order = parts.order;
    this.#parts = parts;
    this.#course = new RunCourse(parts.clock, parts.progressed);
  }

  async carryOut(): Promise<MigrationEnd> {
    try {
      return await Promise.race([this.#migrate(), this.#abandoned.promise]);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    } finally {
      this.#course.end();
      this.#hypervisor?.close();
      this.#landing?.close();
    }
  }

  cancel(): boolean {
    const { isOver, state } = this.#course;
    if (isOver || state === 'switching' || state === 'finishing') return false;
    if (!this.#isCancelled) {
      this.#isCancelled = true;
      void this.#abort();
    }
    return true;
  }

  /**
   * Looks after it no longer: the hosts go on by themselves, or go back where Drover has led them. Only a guest that stands
   * still because of that is not left alone.
   */
  abandon(because: string): void {
    if (!this.#isStopped) this.#abandoned.resolve(failed(because));
  }

  /** Moves the guest now and its memory after it. */
  startPostCopy(): boolean {
    if (!this.#parts.settings.postCopy || this.#course.isOver || this.#course.state !== 'copying') return false;
    const { hypervisor } = this.#parts.source;
    if (hypervisor === undefined || this.#domain === undefined) return false;
    hypervisor.startPostCopy(this.#domain).catch(() => undefined);
    return true;
  }

  /** What the source says of its VM. */
  hear(event: DomainEvent): void {
    if (event.kind === 'iteration')
      this.#course.become('copying', { ...this.#course.progress, round: event.iteration });
    else if (event.kind === 'job-completed') this.#completed = event.values;
    else if (event.kind === 'lifecycle') this.#hearLifecycle(event.event, event.detail);
  }

  #hearLifecycle(event: number, detail: number): void {
    const isSwitching = detail === SUSPENDED_BY_MIGRATION || detail === SUSPENDED_BY_POST_COPY;
    if (event === LIFECYCLE.suspended && isSwitching) this.#course.become('switching');
    else if (event === LIFECYCLE.stopped && detail === STOPPED_BY_MIGRATION) this.#course.become('finishing');
  }

  async #migrate(): Promise<MigrationEnd> {
    const { order, uuid, source, target, settings } = this.#parts;
    this.#course.become('preparing');
    const hypervisor = await source.open();
    this.#hypervisor = hypervisor;
    const targetUri = target.host.peerUri ?? target.host.uri;
    const call = await migrateCallOf(hypervisor, uuid, targetUri, order, settings);
    if (call === undefined) return failed(`${order.vm} does not run on ${order.from}`);
    if (this.#isCancelled) return CANCELLED;
    this.#domain = call.domain;
    this.#course.follow(() => hypervisor.jobStats(call.domain));
    try {
      await (settings.control === 'managed' ? this.#lead(call, hypervisor) : hypervisor.migrate(call));
      return await this.#done();
    } catch (error) {
      this.#isReturned = true;
      return this.#settle(error instanceof Error ? error.message : String(error));
    }
  }

  async #lead(call: MigrateCall, source: Hypervisor): Promise<void> {
    const target = await this.#parts.target.open();
    this.#landing = target;
    const stopped = () => {
      this.#isStopped = true;
    };
    const arrived = () => this.#hasArrived(target);
    this.#standstill = await migrateManaged({ call, source, target, stopped, arrived });
    target.close();
    if (this.#standstill === undefined) return;
    // As long as this connection lasts, the source waits for what nobody can tell it.
    source.close();
    throw this.#standstill.error;
  }

  /** What its own connection began there libvirt undoes when that ends, unless the guest runs by then. */
  async #hasArrived(target: Hypervisor): Promise<boolean | undefined> {
    target.close();
    const { clock } = this.#parts;
    for (const endMs = clock.nowMs() + ARRIVED_MOST_MS; clock.nowMs() < endMs; ) {
      const glimpse = await this.#glimpse(this.#parts.target);
      if (glimpse === 'absent') return false;
      if (typeof glimpse === 'object' && isRunning(glimpse)) return true;
      await this.#course.pause(LOOK_AGAIN_MS);
    }
    return undefined;
  }

  async #done(): Promise<MigrationEnd> {
    this.#course.become('finishing');
    const { target } = this.#parts;
    const values = this.#completed ?? (await this.#figuresOf(target.hypervisor)) ?? {};
    return {
      state: 'done',
      seconds: (numberOf(values, 'time_elapsed') ?? 0) / SECOND,
      bytes:
        numberOf(values, 'data_processed') ?? numberOf(values, 'memory_processed') ?? this.#course.progress.copiedBytes,
      blackoutMs: numberOf(values, 'downtime') ?? 0,
    };
  }

  async #figuresOf(target: Hypervisor | undefined): Promise<TypedParameters | undefined> {
    if (target === undefined || this.#domain === undefined) return undefined;
    const job = await target.completedJob(this.#domain).catch(() => undefined);
    return job?.values;
  }

  /**
   * Until the job exists there is nothing to abort, and one that has not begun to copy goes on all the same: it is told
   * until it has ended.
   */
  async #abort(): Promise<void> {
    while (!this.#course.isOver && !this.#isReturned && this.#course.state !== 'finishing') {
      const hypervisor = this.#parts.source.hypervisor ?? this.#hypervisor;
      if (this.#domain !== undefined) await hypervisor?.abortJob(this.#domain).catch(() => undefined);
      await this.#course.pause(ABORT_AGAIN_MS);
    }
  }

  /** The call came back with an error: both hosts are asked until it is clear where the VM is. */
  async #settle(error: string): Promise<MigrationEnd> {
    const { clock } = this.#parts;
    for (let sinceMs = clock.nowMs(); ; ) {
      const ends = await this.#bothEnds();
      const outcome = outcomeOf(ends);
      const end = await this.#endOf(outcome, ends, error);
      if (end !== undefined) return end;
      if (outcome.kind === 'under way') sinceMs = clock.nowMs();
      if (clock.nowMs() - sinceMs > UNCLEAR_MOST_MS) return failed(`${error}; ${unclearWords(ends)}`);
      await this.#course.pause(LOOK_AGAIN_MS);
    }
  }

  /** Nothing where it is to be waited for what comes of it. */
  async #endOf(outcome: Outcome, ends: Ends, error: string): Promise<MigrationEnd | undefined> {
    if (outcome.kind === 'moved') return this.#done();
    if (outcome.kind === 'stayed') return this.#isCancelled ? CANCELLED : failed(error);
    if (outcome.kind === 'broken') return failed(`${error}; ${outcome.because}`);
    if (outcome.kind !== 'stranded' || this.#standstill === undefined) return undefined;
    if (!this.#standstill.mayGoOn) return failed(`${error}; ${strandedWords(ends)}`);
    await this.#goOn();
    return undefined;
  }

  /** What was never told to run on the target goes on where it stands still; whether it does is seen at the next look. */
  async #goOn(): Promise<void> {
    const { hypervisor } = this.#parts.source;
    if (this.#domain !== undefined) await hypervisor?.resume(this.#domain).catch(() => undefined);
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
}
