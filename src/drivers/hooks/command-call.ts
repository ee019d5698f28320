import { spawn } from 'node:child_process';
import type { CommandCall, HookFacts } from '../../domain/hook.ts';
import type { HookAnswer } from '../../ports/hook-caller.ts';
import { environmentOf, filled } from './filled.ts';

/** Between the polite end of a program that is late and the hard one. */
const GRACE_MS = 2_000;

/** In a process group of its own, so that it can be ended with all that it has started. */
export function callCommand(
  { command }: CommandCall,
  facts: HookFacts,
  end: AbortSignal,
  most: number,
): Promise<HookAnswer> {
  const [program, ...args] = command.map((word) => filled(word, facts));
  const { promise, resolve } = Promise.withResolvers<HookAnswer>();
  const env = { ...process.env, ...environmentOf(facts) };
  const child = spawn(program!, args, { env, detached: true, shell: false, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] = (said[name] + text).slice(0, most);
    });
  }
  let hardEnd: NodeJS.Timeout | undefined;
  const stop = () => {
    endGroup(child.pid, 'SIGTERM');
    hardEnd = setTimeout(() => endGroup(child.pid, 'SIGKILL'), GRACE_MS);
  };
  end.addEventListener('abort', stop, { once: true });
  const over = (answer: HookAnswer) => {
    clearTimeout(hardEnd);
    end.removeEventListener('abort', stop);
    resolve(answer);
  };
  child.on('error', (error) => over({ state: 'failed', because: `${program}: ${troubleOf(error)}` }));
  child.on('close', (code, signal) => over(answerOf(program!, code, signal, said, end)));
  child.on('exit', () => {
    // What it has started may hold its output open for ever: then that is closed here.
    setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, LAST_WORDS_MS);
  });
  if (end.aborted) stop();
  return promise;
}

/** What a program has said last arrives a moment after its end. */
const LAST_WORDS_MS = 100;

type Said = Readonly<Record<'stdout' | 'stderr', string>>;

function answerOf(
  program: string,
  code: number | null,
  signal: string | null,
  { stdout, stderr }: Said,
  end: AbortSignal,
): HookAnswer {
  if (end.aborted) return { state: 'failed', because: `${program}: ${(end.reason as Error).message}` };
  if (code === 0) return { state: 'done', text: stdout };
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return { state: 'failed', because: `${program} ${how}${last === '' ? '' : `: ${last}`}` };
}

function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function troubleOf(error: Error & { readonly code?: unknown }): string {
  if (error.code === 'ENOENT') return 'there is no such program';
  return error.code === 'EACCES' ? 'it may not be run' : error.message;
}
