/** Primary result codes of SQLite, in words that say what would be right. */
const CODE_WORDS: ReadonlyMap<number, string> = new Map([
  [5, 'another process holds it, most likely another Drover daemon; stop that one or choose another stateFolder'],
  [8, 'it is read-only; make it writable for this user'],
  [10, 'the disk failed or refused to write; check the disk and its quota'],
  [11, 'it is damaged; move it away, or restore it from a backup'],
  [13, 'the disk is full; make room on it'],
  [14, 'it cannot be opened; make the folder writable for this user or choose another stateFolder'],
  [26, 'it is not a journal; move it away or choose another stateFolder'],
]);

const SYSTEM_WORDS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission is denied; make it writable for this user or choose another stateFolder'],
  ['EPERM', 'permission is denied; make it writable for this user or choose another stateFolder'],
  ['EROFS', 'the file system is read-only; choose another stateFolder'],
  ['ENOENT', 'no folder can be made there; choose another stateFolder'],
  ['ENOSPC', 'the disk is full; make room on it'],
  ['EEXIST', 'a file of that name stands in its place; move the file away or choose another stateFolder'],
  ['ENOTDIR', 'a part of the path is a file; choose another stateFolder'],
]);

/** What went wrong and what would be right, without saying where. */
export function troubleWords(error: unknown): string {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string };
  // The low byte is the primary code; the rest tells shades apart that ask for the same remedy.
  const words = errcode === undefined ? SYSTEM_WORDS.get(code ?? '') : CODE_WORDS.get(errcode & 0xff);
  return words ?? message ?? String(error);
}

/** The journal could not keep what it was told: nothing that relies on it may be done. */
export class JournalUnwritable extends Error {
  override readonly name = 'JournalUnwritable';

  constructor(file: string, cause: unknown) {
    super(`The journal ${file} cannot be written: ${troubleWords(cause)}.`, { cause });
  }
}

export class JournalUnreadable extends Error {
  override readonly name = 'JournalUnreadable';

  constructor(file: string, cause: unknown) {
    super(`The journal ${file} cannot be read: ${troubleWords(cause)}.`, { cause });
  }
}
