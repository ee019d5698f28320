/** What a command may touch of the world around it. */
export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** For `-` in place of a file; absent: the process's own. */
  readonly stdin?: AsyncIterable<string | Uint8Array>;
}

/** How a command ended: 0 success, 1 refused or failed, 2 wrong usage or configuration; sentences for stderr. */
export interface Ending {
  readonly exitCode: number;
  readonly sentences: readonly string[];
}

export const DONE: Ending = { exitCode: 0, sentences: [] };
export const refused = (...sentences: string[]): Ending => ({ exitCode: 1, sentences });
export const wrong = (...sentences: string[]): Ending => ({ exitCode: 2, sentences });

export function isEnding(value: object): value is Ending {
  return 'exitCode' in value;
}
