/**
 * `npm start` passes on to its child the interrupt that the terminal has already sent to both. What comes this soon
 * after the first is the same press of Ctrl-C.
 */
const SAME_PRESS_MS = 500;

export type StopAnswer = 'stop' | 'same press' | 'end at once';

/** What to do about each signal that asks for the end: the first stops cleanly, a second one does not wait for that. */
export class StopSignals {
  #firstAtMs: number | undefined;

  received(atMs: number): StopAnswer {
    if (this.#firstAtMs === undefined) {
      this.#firstAtMs = atMs;
      return 'stop';
    }
    return atMs - this.#firstAtMs < SAME_PRESS_MS ? 'same press' : 'end at once';
  }
}
