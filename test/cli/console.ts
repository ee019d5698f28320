/** A command line in memory: runs `drover` in this process and keeps what it prints. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  /** The lines on stderr. */
  readonly said: readonly string[];
}

export interface Around {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export async function drover(
  argv: readonly string[],
  { cwd = tmpdir(), env = {}, stdin = '' }: Around = {},
): Promise<Ran> {
  const stdout = new Kept();
  const stderr = new Kept();
  const exitCode = await runCli(argv, { stdout, stderr, env, cwd, stdin: pieces(stdin) });
  return { exitCode, out: stdout.text, said: stderr.text.split('\n').filter((line) => line !== '') };
}

/** As from a pipe: in pieces that do not care where a character ends. */
async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += 1_001) yield bytes.subarray(start, start + 1_001);
}

const folders: string[] = [];

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-cli-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
