import type { Duplex } from 'node:stream';
import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import { Frames, frame, type Message, STATUS_ERROR, TYPE } from './frames.ts';
import { KEEPALIVE_PROGRAM, PING, PONG, REMOTE_PROGRAM } from './procedures.ts';
import { XdrReader } from './xdr.ts';

/** What the hypervisor says is wrong; its codes are libvirt's. */
export class HypervisorError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The connection ended, or an answer did not come: what was commanded may have happened or not. */
export class ConnectionLost extends Error {}

interface Call {
  readonly frame: Buffer;
  readonly timeoutMs: number;
  readonly resolve: (reply: XdrReader) => void;
  readonly reject: (error: Error) => void;
  stopAlarm: Stop;
  isGivenUp: boolean;
}

export interface ConnectionParts {
  readonly stream: Duplex;
  readonly clock: Clock;
  /** Silence that is answered by a ping; after three times as much the connection counts as lost. */
  readonly pingMs: number;
  readonly heard: (event: XdrReader) => void;
}

/** A server reads no further from a client with five calls under way, and then misses its pings too. */
const MOST_CALLS = 4;
const SILENT_PINGS = 3;
/** Longer than anything but a migration takes. */
const CALL_MS = 10 * SECOND;
export const NO_TIMEOUT = Infinity;

/** One connection: calls answered in any order, events in between, and pings of its own. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #frames = new Frames();
  readonly #calls = new Map<number, Call>();
  readonly #waiting: [number, Call][] = [];
  readonly #over = Promise.withResolvers<string>();
  #serial = 0;
  #isOver = false;
  #heardAtMs: number;
  #silentPings = 0;
  #stopPing: Stop = () => {};

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#heardAtMs = parts.clock.nowMs();
    parts.stream.on('data', (bytes: Buffer) => this.#take(bytes));
    parts.stream.on('error', (error) => this.#end(error.message));
    for (const end of ['end', 'close'])
      parts.stream.on(end, () => this.#end('the other side has closed the connection'));
    this.#pingLater();
  }

  /** Kept once the connection is over, with the reason. */
  get over(): Promise<string> {
    return this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  call(procedure: number, args: Buffer = Buffer.alloc(0), timeoutMs = CALL_MS): Promise<XdrReader> {
    if (this.#isOver) return Promise.reject(new ConnectionLost('the connection is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<XdrReader>();
    this.#serial += 1;
    const serial = this.#serial;
    const bytes = frame({ program: REMOTE_PROGRAM, procedure, type: TYPE.call, serial, status: 0, payload: args });
    this.#waiting.push([serial, { frame: bytes, timeoutMs, resolve, reject, stopAlarm: () => {}, isGivenUp: false }]);
    this.#send();
    return promise;
  }

  close(): void {
    this.#end('closed by Drover');
  }

  #send(): void {
    while (this.#calls.size < MOST_CALLS) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const [serial, call] = next;
      this.#calls.set(serial, call);
      if (call.timeoutMs < NO_TIMEOUT) call.stopAlarm = this.#giveUpLater(call);
      this.#parts.stream.write(call.frame);
    }
  }

  /** Its place stays taken: the server is still at it. Without a place left nothing could be asked any more. */
  #giveUpLater(call: Call): Stop {
    const because = `no answer within ${call.timeoutMs / SECOND} s`;
    return this.#parts.clock.after(call.timeoutMs, () => {
      call.isGivenUp = true;
      call.reject(new ConnectionLost(because));
      const stuck = [...this.#calls.values()].filter(({ isGivenUp }) => isGivenUp);
      if (stuck.length === MOST_CALLS) this.#end(`${because} to any of ${MOST_CALLS} questions`);
    });
  }

  #take(bytes: Buffer): void {
    this.#heardAtMs = this.#parts.clock.nowMs();
    this.#silentPings = 0;
    try {
      for (const message of this.#frames.take(bytes)) this.#hear(message);
    } catch (error) {
      this.#end(`what it says is not understood: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #hear(message: Message): void {
    if (message.program === KEEPALIVE_PROGRAM) {
      if (message.procedure === PING) this.#keepAlive(PONG);
    } else if (message.type === TYPE.event) this.#parts.heard(new XdrReader(message.payload));
    else if (message.type === TYPE.reply) this.#answer(message);
  }

  #answer({ serial, status, payload }: Message): void {
    const call = this.#calls.get(serial);
    if (call === undefined) return;
    this.#calls.delete(serial);
    call.stopAlarm();
    const reader = new XdrReader(payload);
    if (status === STATUS_ERROR) call.reject(errorOf(reader));
    else call.resolve(reader);
    this.#send();
  }

  /** Counted and not measured: after a pause of this machine, or a clock that was set, answers are read before any end. */
  #pingLater(): void {
    const { clock, pingMs } = this.#parts;
    this.#stopPing = clock.after(pingMs, () => {
      const silentMs = Math.abs(clock.nowMs() - this.#heardAtMs);
      if (silentMs >= pingMs) {
        this.#silentPings += 1;
        if (this.#silentPings === SILENT_PINGS)
          return this.#end(`no sign of life for ${Math.round((SILENT_PINGS * pingMs) / SECOND)} s`);
        this.#keepAlive(PING);
      }
      this.#pingLater();
    });
  }

  #keepAlive(procedure: number): void {
    const payload = Buffer.alloc(0);
    this.#parts.stream.write(
      frame({ program: KEEPALIVE_PROGRAM, procedure, type: TYPE.event, serial: 0, status: 0, payload }),
    );
  }

  #end(because: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopPing();
    this.#parts.stream.destroy();
    const calls = [...this.#calls.values(), ...this.#waiting.map(([, call]) => call)];
    this.#calls.clear();
    this.#waiting.length = 0;
    for (const call of calls) {
      call.stopAlarm();
      call.reject(new ConnectionLost(because));
    }
    this.#over.resolve(because);
  }
}

function errorOf(reader: XdrReader): HypervisorError {
  const code = reader.int();
  reader.int();
  return new HypervisorError(code, reader.optionalText() ?? `error ${code}`);
}
