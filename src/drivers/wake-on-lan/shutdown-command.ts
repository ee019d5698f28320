import { execFile } from 'node:child_process';
import { SECOND } from '../../domain/units.ts';

const MOST_MS = 30 * SECOND;
/** What ssh says when the other end went down under it, which is what was asked for. */
const SSH_HUNG_UP = 255;

/** Runs a program by its words, without a shell; throws with its own last words where it fails. */
export function runCommand([program = '', ...words]: readonly string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  execFile(program, words, { timeout: MOST_MS }, (error, _, stderr) => {
    const last = stderr.trim().split('\n').at(-1) ?? '';
    if (error === null || (error.code === SSH_HUNG_UP && /closed by remote host/i.test(last))) return resolve();
    const because = error.code === 'ENOENT' ? `${program} is not installed here` : last;
    reject(new Error(`its shutdown command failed: ${because === '' ? error.message : because}`));
  });
  return promise;
}
