import type { ServerResponse } from 'node:http';
import type { DaemonEvent, DaemonQueries } from '../daemon/queries.ts';
import type { StepStatus } from '../domain/plan.ts';
import { SECOND } from '../domain/units.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { SECURITY_HEADERS } from './answer.ts';
import { planView, statusView, stepView } from './views.ts';

export const MOST_STREAMS = 64;
/** Between two tellings: at most four a second, whatever happens in the daemon. */
export const TELL_EVERY_MS = 250;
export const HEARTBEAT_MS = 15 * SECOND;
/** A client with more than this unread is too slow. */
const MOST_UNREAD_BYTES = 1024 * 1024;
const MOST_STEPS_AT_ONCE = 500;

/**
 * Server-sent events. What happens within one interval is told once, with its newest state, so a busy daemon cannot
 * flood its watchers; time here is real time.
 */
export class EventStreams {
  readonly #daemon: DaemonQueries;
  readonly #telemetry: Telemetry;
  readonly #clock: Clock;
  readonly #open = new Set<ServerResponse>();
  readonly #happened = new Set<Exclude<DaemonEvent['kind'], 'step'>>();
  readonly #steps = new Map<string, StepStatus>();
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #nextTelling: Stop | undefined;
  #nextHeartbeat: Stop | undefined;

  constructor(daemon: DaemonQueries, telemetry: Telemetry, clock: Clock) {
    this.#daemon = daemon;
    this.#telemetry = telemetry;
    this.#clock = clock;
  }

  /** False: there are too many already. */
  add(response: ServerResponse): boolean {
    if (this.#open.size >= MOST_STREAMS) {
      this.#telemetry.streamDropped();
      return false;
    }
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(`retry: 2000\n\n${this.#lifecycle()}`);
    this.#open.add(response);
    this.#counted();
    response.on('close', () => {
      this.#open.delete(response);
      this.#counted();
    });
    this.#nextHeartbeat ??= this.#clock.after(HEARTBEAT_MS, () => this.#beat());
    return true;
  }

  heard(event: DaemonEvent): void {
    if (this.#open.size === 0) return;
    if (event.kind === 'step') this.#heardStep(event.status);
    else this.#happened.add(event.kind);
    const waitMs = this.#toldAtMs + TELL_EVERY_MS - this.#clock.nowMs();
    if (waitMs <= 0) this.#tell();
    else this.#nextTelling ??= this.#clock.after(waitMs, () => this.#tell());
  }

  close(): void {
    this.#nextTelling?.();
    this.#nextHeartbeat?.();
    for (const response of this.#open) response.end();
  }

  #heardStep(status: StepStatus): void {
    this.#steps.delete(status.step.id);
    this.#steps.set(status.step.id, status);
    if (this.#steps.size <= MOST_STEPS_AT_ONCE) return;
    const [oldest] = this.#steps.keys();
    if (oldest !== undefined) this.#steps.delete(oldest);
  }

  #tell(): void {
    this.#nextTelling?.();
    this.#nextTelling = undefined;
    this.#toldAtMs = this.#clock.nowMs();
    const news = this.#news();
    this.#happened.clear();
    this.#steps.clear();
    for (const response of this.#open) this.#write(response, news);
  }

  #news(): string {
    const parts: string[] = [];
    const { nowMs } = this.#daemon.status();
    if (this.#happened.has('lifecycle')) parts.push(this.#lifecycle());
    if (this.#happened.has('snapshot')) parts.push(message('snapshot', this.#status()));
    if (this.#happened.has('verdicts')) parts.push(message('verdicts', this.#lastVerdicts()));
    if (this.#happened.has('plan')) parts.push(message('plan', this.#daemon.plans().slice(0, 1).map(planView)));
    for (const status of this.#steps.values()) parts.push(message('step', stepView(status, nowMs)));
    return parts.join('');
  }

  #lifecycle(): string {
    return message('lifecycle', this.#status());
  }

  #status() {
    return statusView(this.#daemon.status(), this.#daemon.snapshot(), this.#daemon.verdicts()[0]);
  }

  #lastVerdicts() {
    const newest = this.#daemon.verdicts()[0];
    return newest === undefined ? null : { snapshotVersion: newest.snapshotVersion, efficacy: newest.efficacy };
  }

  #beat(): void {
    for (const response of this.#open) this.#write(response, ': still here\n\n');
    this.#nextHeartbeat = this.#open.size === 0 ? undefined : this.#clock.after(HEARTBEAT_MS, () => this.#beat());
  }

  #write(response: ServerResponse, chunk: string): void {
    if (response.writableLength > MOST_UNREAD_BYTES) {
      this.#telemetry.streamDropped();
      response.destroy();
      return;
    }
    response.write(chunk);
  }

  #counted(): void {
    this.#telemetry.streamsOpen(this.#open.size);
  }
}

function message(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
