import type { Notes } from '../ports/notes.ts';

/** So many numbers are set aside at a time: a crash wastes no more. */
const BLOCK = 100;

const TOPIC = 'snapshots';
const SUBJECT = 'numbered to';

/**
 * Numbers snapshots on from where the last life of the daemon ended: plans, steps and cycles are named after them, and
 * no name may come twice.
 */
export class SnapshotNumbers {
  readonly #notes: Notes;
  readonly #before: number;
  #reserved: number;

  constructor(notes: Notes) {
    this.#notes = notes;
    this.#before = Number(notes.all(TOPIC).get(SUBJECT) ?? 0);
    this.#reserved = this.#before;
  }

  /** For versions that count from 1 in each life. Throws when it cannot be made sure that the number is new. */
  numberOf(version: number): number {
    const number = this.#before + version;
    if (number > this.#reserved) {
      const next = number + BLOCK - 1;
      this.#notes.write(TOPIC, SUBJECT, next);
      this.#reserved = next;
    }
    return number;
  }
}
