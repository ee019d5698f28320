import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Case } from '../case/case.ts';
import { readCase } from '../case/read-case.ts';
import { fileTrouble } from '../config/file-trouble.ts';
import { problemWords } from '../config/problem.ts';
import { type Ending, type Io, isEnding, wrong } from './io.ts';

export interface InputText {
  readonly name: string;
  readonly text: string;
}

/** The text of a file, or of stdin for `-`. */
export async function readText(io: Io, name: string): Promise<InputText | Ending> {
  try {
    if (name === '-') return { name: 'stdin', text: await textOf(io.stdin ?? process.stdin) };
    return { name, text: await readFile(resolve(io.cwd, name), 'utf8') };
  } catch (error) {
    return wrong(`${name}: cannot be read: ${fileTrouble(error)}`);
  }
}

export async function readCaseFile(io: Io, name: string): Promise<Case | Ending> {
  const input = await readText(io, name);
  if (isEnding(input)) return input;
  const read = readCase(input.text, input.name);
  return Array.isArray(read) ? wrong(...read.map(problemWords)) : read;
}

async function textOf(chunks: AsyncIterable<string | Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for await (const chunk of chunks) {
    parts.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}
