import type { Notes } from '../ports/notes.ts';

/** The notes of one topic: read from memory, written to disk first. */
export class Topic<T> {
  readonly #notes: Notes;
  readonly #name: string;
  readonly #bodies: Map<string, T>;

  /** The caller vouches for the type: it reads what it wrote. */
  constructor(notes: Notes, name: string) {
    this.#notes = notes;
    this.#name = name;
    this.#bodies = new Map(notes.all(name) as ReadonlyMap<string, T>);
  }

  get size(): number {
    return this.#bodies.size;
  }

  get subjects(): readonly string[] {
    return [...this.#bodies.keys()];
  }

  get entries(): readonly (readonly [string, T])[] {
    return [...this.#bodies];
  }

  has(subject: string): boolean {
    return this.#bodies.has(subject);
  }

  get(subject: string): T | undefined {
    return this.#bodies.get(subject);
  }

  /** Throws when it cannot be written down; then nothing has changed. */
  write(subject: string, body: T): void {
    this.#notes.write(this.#name, subject, body);
    this.#bodies.set(subject, body);
  }

  strike(subject: string): void {
    if (!this.#bodies.has(subject)) return;
    this.#notes.strike(this.#name, subject);
    this.#bodies.delete(subject);
  }
}

interface Since {
  readonly sinceMs: number;
}

/** A host is tried out: emptied, switched off, and switched on again. */
export interface TrialNote extends Since {
  readonly stage: 'emptying' | 'waking';
  /** False: Drover thought of it by itself. */
  readonly byPerson: boolean;
}

export interface DrainNote extends Since {
  /** How long it was expected to take, and null once it is known how long it took. */
  readonly expectedMs: number;
  readonly emptyAtMs: number | null;
}

/** What must not be forgotten, whatever happens to the process. */
export class Notebook {
  /** Hosts that persons want emptied and kept empty. */
  readonly drains: Topic<DrainNote>;
  /** VMs that persons want elsewhere. */
  readonly moves: Topic<Since & { readonly to: string }>;
  /** Hosts that persons want switched. */
  readonly switches: Topic<Since & { readonly to: 'on' | 'off' }>;
  readonly trials: Topic<TrialNote>;
  /** Hosts that have been seen to come back, or that a person vouches for. */
  readonly proofs: Topic<{ readonly how: 'seen' | 'vouched'; readonly atMs: number }>;
  /** Hosts that Drover itself has switched off. */
  readonly asleep: Topic<Since>;
  /** Hosts that did not obey. */
  readonly suspects: Topic<Since & { readonly because: string }>;
  /** One note while the cluster is paused. */
  readonly pauses: Topic<Since>;

  constructor(notes: Notes) {
    this.drains = new Topic(notes, 'drains');
    this.moves = new Topic(notes, 'moves');
    this.switches = new Topic(notes, 'switches');
    this.trials = new Topic(notes, 'trials');
    this.proofs = new Topic(notes, 'proofs');
    this.asleep = new Topic(notes, 'asleep');
    this.suspects = new Topic(notes, 'suspects');
    this.pauses = new Topic(notes, 'pauses');
  }
}
