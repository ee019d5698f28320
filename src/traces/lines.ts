import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { TraceTrouble, troubleAt } from './trouble.ts';

/** A line of a file, from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
  /** The last line, and no line end after it. */
  readonly isCutOff: boolean;
}

/** A file without line ends must not fill memory before somebody notices. */
const LONGEST_LINE = 1_048_576;

/** The lines of a file, unpacked on the way where its name ends in `.gz`; empty ones are left out. */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let number = 0;
  let rest = '';
  for await (const chunk of chunksOf(file)) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) throw tooLong(file, number + 1);
    for (const text of lines) {
      number += 1;
      if (text.length > LONGEST_LINE) throw tooLong(file, number);
      if (text !== '' && text !== '\r')
        yield { number, text: text.endsWith('\r') ? text.slice(0, -1) : text, isCutOff: false };
    }
  }
  rest += decoder.end();
  if (rest !== '') yield { number: number + 1, text: rest, isCutOff: true };
}

const tooLong = (file: string, line: number) =>
  troubleAt({ file, line }, `is longer than ${LONGEST_LINE} characters; is this a text of comma-separated values?`);

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file);
  const unpacked = file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream;
  if (unpacked !== stream) stream.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked) yield chunk as Buffer;
  } catch (error) {
    throw new TraceTrouble(readingWords(file, error));
  } finally {
    stream.destroy();
  }
}

const CODE_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, should be a file',
  EACCES: 'it may not be read',
  Z_DATA_ERROR: 'it is not a gzip file, though its name ends in .gz',
  Z_BUF_ERROR: 'it ends in the middle; was it copied completely?',
};

function readingWords(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return `${file}: ${CODE_WORDS[code] ?? (error instanceof Error ? error.message : String(error))}`;
}
