import { connect, type Socket } from 'node:net';
import type { Refusal } from '../../domain/rule.ts';
import { Lines } from './lines.ts';
import type { Ask, Question, Questions, Tell } from './protocol.ts';

interface Asking {
  readonly answer: (answer: never) => void;
  readonly fail: (error: Error) => void;
}

export type Told = Exclude<Tell, { readonly what: 'answer' | 'failed' }>;

export interface Listening {
  /** Called with the time of each message, before anything is done about it. */
  readonly heard: (nowMs: number) => void;
  readonly told: (message: Told) => void;
  readonly lost: (because: string) => void;
}

/** One connection to a datacenter in a process of its own. */
export class Connection {
  readonly #socket: Socket;
  readonly #lines: Lines<Ask, Tell>;
  readonly #open = new Map<number, Asking>();
  #asked = 0;
  #lostBecause = '';

  constructor(socket: Socket, path: string, { heard, told, lost }: Listening) {
    this.#socket = socket;
    this.#lines = new Lines(socket, (message) => {
      heard(message.nowMs);
      if (message.what === 'answer') this.#take(message.number)?.answer(message.answer as never);
      else if (message.what === 'failed') this.#take(message.number)?.fail(new Error(message.because));
      else told(message);
    });
    socket.on('error', (error) => {
      this.#lostBecause = error.message;
    });
    socket.on('close', () => {
      this.#lostBecause ||= `the datacenter at ${path} has gone`;
      for (const asking of this.#open.values()) asking.fail(new Error(this.#lostBecause));
      this.#open.clear();
      lost(this.#lostBecause);
    });
  }

  tell(ask: Exclude<Ask, { readonly number: number }>): void {
    this.#lines.send(ask);
  }

  ask<Q extends Question>(what: Q, ask: Questions[Q]['ask']): Promise<Questions[Q]['answer']> {
    if (this.#socket.destroyed) return Promise.reject(new Error(this.#lostBecause));
    const number = ++this.#asked;
    return new Promise((answer, fail) => {
      this.#open.set(number, { answer, fail });
      this.#lines.send({ ...ask, what, number } as Ask);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(number: number): Asking | undefined {
    const asking = this.#open.get(number);
    this.#open.delete(number);
    return asking;
  }
}

export function openConnection(path: string, listening: Listening): Promise<Connection | Refusal> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const refuse = (error: Error) =>
      resolve({
        rule: 'socket',
        because: `no datacenter answers at ${path}: ${error.message}; start one with \`drover datacenter --socket ${path}\``,
      });
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      resolve(new Connection(socket, path, listening));
    });
  });
}
