import { execFile } from 'node:child_process';
import process from 'node:process';
import type { Io } from '../io.ts';

export interface Ran {
  readonly exitCode: number;
  readonly output: string;
  /** It was ended because it had not come to an end. */
  readonly isLate: boolean;
}

const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs one of the development tools of Drover with the Node that runs Drover. */
export function runTool(
  [script, ...given]: readonly [string, ...string[]],
  { env, cwd, deadlineMs }: Pick<Io, 'env' | 'cwd'> & { readonly deadlineMs: number },
): Promise<Ran> {
  const limits = { timeout: deadlineMs, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT_BYTES } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...given], { ...limits, env, cwd }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : (child.exitCode ?? 1);
      resolve({ exitCode, output: `${stdout}${stderr}`, isLate: error?.killed === true });
    });
  });
}
