import type { Socket } from 'node:net';

/** A line longer than this is no message of ours. */
const LONGEST_LINE = 256 * 1024 * 1024;

/** Messages over a socket, one JSON document per line. */
export class Lines<Out, In> {
  readonly #socket: Socket;
  #begun: string[] = [];
  #length = 0;

  constructor(socket: Socket, receive: (message: In) => void) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#take(chunk, receive));
  }

  send(message: Out): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** What the other side has not taken yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  #take(chunk: string, receive: (message: In) => void): void {
    const pieces = chunk.split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = [...this.#begun, piece].join('');
      this.#begun = [];
      this.#length = 0;
      if (!this.#socket.destroyed) this.#read(line, receive);
    }
    this.#begun.push(rest);
    this.#length += rest.length;
    if (this.#length > LONGEST_LINE) this.#socket.destroy(new Error('a message is too long to be one of Drover'));
  }

  #read(line: string, receive: (message: In) => void): void {
    let message: In;
    try {
      message = JSON.parse(line) as In;
    } catch {
      this.#socket.destroy(new Error('what came is not JSON, so nobody from Drover speaks there'));
      return;
    }
    receive(message);
  }
}
