/**
 * Small facts that must outlive the process, by topic and subject. Each call returns once what it was told is on disk,
 * and throws when it cannot be.
 */
export interface Notes {
  /** In place of what was noted of the subject before. */
  write(topic: string, subject: string, body: unknown): void;
  strike(topic: string, subject: string): void;
  all(topic: string): ReadonlyMap<string, unknown>;
}
