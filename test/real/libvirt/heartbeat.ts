import { createSocket, type Socket } from 'node:dgram';
import { Turns } from '../turns.ts';

const PORT = 7000;
const ASK_EVERY_MS = 500;

interface Pulse {
  readonly guest: string;
  heardAtMs: number;
  longestMs: number;
  upUs: number;
  restarts: number;
  wrongPages: number;
}

/** Asks each guest all the time from outside, where clocks do not stand still: is it alive, the same, and unharmed? */
export class Heartbeat {
  readonly #socket: Socket;
  readonly #pulses: ReadonlyMap<string, Pulse>;
  readonly #timer: NodeJS.Timeout;
  readonly #turns = new Turns();

  private constructor(socket: Socket, pulses: ReadonlyMap<string, Pulse>) {
    this.#socket = socket;
    this.#pulses = pulses;
    socket.on('message', (answer, { address }) => this.#hear(address, String(answer)));
    this.#timer = setInterval(() => {
      for (const address of pulses.keys()) socket.send('stat', PORT, address, () => {});
    }, ASK_EVERY_MS);
  }

  /** By guest, its address; all are up already. */
  static open(guests: ReadonlyMap<string, string>): Heartbeat {
    const pulses = [...guests].map(([guest, address]): [string, Pulse] => [
      address,
      { guest, heardAtMs: 0, longestMs: 0, upUs: 0, restarts: 0, wrongPages: 0 },
    ]);
    return new Heartbeat(createSocket('udp4'), new Map(pulses));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#turns.stop();
    this.#socket.close();
  }

  /** The longest that any guest said nothing, silence that still lasts included. */
  get longest(): { readonly guest: string; readonly ms: number } {
    const silences = [...this.#pulses.values()].map(({ guest, heardAtMs, longestMs }) => ({
      guest,
      ms: Math.round(Math.max(longestMs, this.#turns.ms - heardAtMs)),
    }));
    return silences.reduce((a, b) => (b.ms > a.ms ? b : a));
  }

  get faults(): string[] {
    return [...this.#pulses.values()].flatMap(({ guest, restarts, wrongPages, heardAtMs }) => [
      ...(restarts > 0 ? [`${guest} began anew ${restarts} times`] : []),
      ...(wrongPages > 0 ? [`${guest} has ${wrongPages} damaged pages`] : []),
      ...(this.#turns.ms - heardAtMs > SILENT_MS ? [`${guest} is silent`] : []),
    ]);
  }

  #hear(address: string, answer: string): void {
    const pulse = this.#pulses.get(address);
    if (pulse === undefined) return;
    const nowMs = this.#turns.ms;
    pulse.longestMs = Math.max(pulse.longestMs, nowMs - pulse.heardAtMs);
    pulse.heardAtMs = nowMs;
    const upUs = Number(/up_us=(\d+)/.exec(answer)?.[1] ?? 0);
    if (upUs < pulse.upUs) pulse.restarts += 1;
    pulse.upUs = upUs;
    pulse.wrongPages = Number(/wrong=(\d+)/.exec(answer)?.[1] ?? 0);
  }
}

const SILENT_MS = 10_000;
