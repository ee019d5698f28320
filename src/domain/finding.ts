/** What was tried before anything is done for real, and what came of it. */
export interface Finding {
  /** A host, or two: "h1 → h2". */
  readonly about: string;
  /** In a word or two: "connection", "cpu". */
  readonly check: string;
  /** Unknown: it cannot be told from here. */
  readonly state: 'ok' | 'failed' | 'unknown';
  readonly words: string;
  /** Of a failure: what to do about it, in one sentence. */
  readonly remedy?: string;
}
