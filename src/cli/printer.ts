/** Nobody reads on: what `head` does to a long output. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

const LINES_PER_CHUNK = 1_000;

/** Writes no faster than the reader reads, and stops when nobody does. */
export class Printer {
  readonly #stream: NodeJS.WritableStream;
  #trouble: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    const wake = () => this.#wake?.();
    stream.on('drain', wake);
    stream.on('close', wake);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#trouble = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new BrokenPipe() : error;
      wake();
    });
  }

  async print(text: string): Promise<void> {
    if (this.#trouble !== undefined) throw this.#trouble;
    const drained = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (!this.#stream.write(text)) await drained;
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  async printAll(chunks: Iterable<string>): Promise<void> {
    for (const chunk of chunks) await this.print(chunk);
  }

  async printLines(lines: readonly string[]): Promise<void> {
    for (let start = 0; start < lines.length; start += LINES_PER_CHUNK) {
      await this.print(`${lines.slice(start, start + LINES_PER_CHUNK).join('\n')}\n`);
    }
  }

  async printJson(value: unknown): Promise<void> {
    await this.print(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** Waits until everything written has been handed on, so that the process may end. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    if (this.#trouble !== undefined) throw this.#trouble;
  }
}
