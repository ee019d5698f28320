import { dirname } from 'node:path';
import type { Clock, Stop } from '../ports/clock.ts';
import type { PolicyFile } from '../sdk/choose.ts';
import type { FolderWatch } from './folder-watch.ts';
import { loadPolicy } from './load-policies.ts';
import { folderNameOf, policyFilesIn, versionOf } from './policy-files.ts';

/** An editor saves in several strokes; they are one change. */
const STROKES_MS = 200;
/** For disks that tell of no changes, and for folders that are not there yet. */
const LOOK_AGAIN_MS = 5_000;

/** How one policy stands on the shelf. */
export interface Shelved {
  /** The policy's own; until one has loaded, the name of its folder. */
  readonly id: string;
  /** The last version that was good. */
  readonly good?: PolicyFile;
  /** Why the newest version is not used; empty when it is. */
  readonly trouble: string;
  /** Whether its file has been taken away. */
  readonly gone: boolean;
}

export type Shelf = readonly Shelved[];

export interface LibraryParts {
  /** For the same id, a later folder wins. */
  readonly folders: readonly string[];
  /** Real time, whatever the datacenter's clock does. */
  readonly clock: Clock;
  readonly watch: FolderWatch;
  /** Judges a version before it is let in; gives what is wrong with it. */
  readonly tryOut: (file: string) => Promise<string | undefined>;
}

interface Book {
  /** The version that was judged last, good or not. */
  readonly seen: string;
  readonly good?: PolicyFile;
  readonly trouble: string;
  readonly gone: boolean;
}

/**
 * The policy files of some folders as they are now, and of each the last version that was good. A version that does not
 * load or fails its try-out changes nothing but what is said about it.
 */
export class Library {
  readonly #parts: LibraryParts;
  readonly #books = new Map<string, Book>();
  readonly #watches: Stop[] = [];
  #looking: Promise<boolean> | undefined;
  #tellChanged: ((shelf: Shelf) => void) | undefined;
  #stopWaiting: Stop = () => undefined;

  constructor(parts: LibraryParts) {
    this.#parts = parts;
  }

  get shelf(): Shelf {
    const byId = new Map<string, Shelved>();
    for (const folder of this.#parts.folders) {
      for (const [file, book] of this.#books) {
        if (dirname(dirname(file)) !== folder) continue;
        const shelved = onShelf(file, book);
        byId.set(shelved.id, over(byId.get(shelved.id), shelved));
      }
    }
    return [...byId.values()];
  }

  /** One sentence for each file or folder that cannot be used as it is. */
  get problems(): readonly string[] {
    const folders = this.#parts.folders.map(policyFilesIn).filter((found) => typeof found === 'string');
    return [...folders, ...[...this.#books.values()].map(({ trouble }) => trouble).filter((trouble) => trouble !== '')];
  }

  /** Looks through the folders once, and loads what is new; true if anything has changed. Never two at once. */
  look(): Promise<boolean> {
    this.#looking ??= this.#lookThrough().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** From now on, tells the shelf whenever it has changed. */
  follow(changed: (shelf: Shelf) => void): Stop {
    this.#tellChanged = changed;
    this.#watchAll();
    this.#lookIn(LOOK_AGAIN_MS);
    return () => {
      this.#tellChanged = undefined;
      this.#stopWaiting();
      this.#watchNone();
    };
  }

  #lookIn(delayMs: number): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#parts.clock.after(delayMs, () => void this.#lookAndTell());
  }

  async #lookAndTell(): Promise<void> {
    // What changes during this look is seen by the next one.
    const hasChanged = await this.look();
    if (this.#tellChanged === undefined) return;
    if (hasChanged) this.#watchAll();
    this.#lookIn(LOOK_AGAIN_MS);
    if (hasChanged) this.#tellChanged(this.shelf);
  }

  async #lookThrough(): Promise<boolean> {
    const files = this.#parts.folders.flatMap((folder) => {
      const found = policyFilesIn(folder);
      return typeof found === 'string' ? [] : found;
    });
    let hasChanged = false;
    for (const file of files) if (await this.#read(file)) hasChanged = true;
    for (const [file, book] of this.#books) {
      if (book.gone || files.includes(file)) continue;
      this.#books.set(file, { ...book, gone: true, trouble: `${file}: is gone` });
      hasChanged = true;
    }
    return hasChanged;
  }

  /** True if there was something new to read. */
  async #read(file: string): Promise<boolean> {
    const book = this.#books.get(file);
    const version = versionNow(file);
    if (version === undefined || (book?.seen === version && !book.gone)) return false;
    const loaded = (await this.#parts.tryOut(file)) ?? (await loadPolicy(file));
    const kept = book?.good === undefined ? {} : { good: book.good };
    if (typeof loaded === 'string') this.#books.set(file, { ...kept, seen: version, trouble: loaded, gone: false });
    else this.#books.set(file, { seen: version, good: loaded, trouble: '', gone: false });
    return true;
  }

  /** The folders themselves, where policies come and go, and the folder of each policy, where it changes. */
  #watchAll(): void {
    this.#watchNone();
    const folders = new Set([...this.#parts.folders, ...[...this.#books.keys()].map((file) => dirname(file))]);
    for (const folder of folders) this.#watches.push(this.#parts.watch(folder, () => this.#lookIn(STROKES_MS)));
  }

  #watchNone(): void {
    for (const stop of this.#watches.splice(0)) stop();
  }
}

function onShelf(file: string, { good, trouble, gone }: Book): Shelved {
  if (good === undefined) return { id: folderNameOf(file), trouble, gone };
  return { id: good.policy.id, good, trouble, gone };
}

/** A later folder wins, but not with a file that is broken or gone over one that works. */
function over(earlier: Shelved | undefined, later: Shelved): Shelved {
  if (earlier?.good === undefined || (later.good !== undefined && !later.gone)) return later;
  return later.gone ? earlier : { ...earlier, trouble: later.trouble };
}

function versionNow(file: string): string | undefined {
  try {
    return versionOf(file);
  } catch {
    return undefined;
  }
}
