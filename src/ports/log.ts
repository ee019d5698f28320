export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One sentence for people, fields for machines. */
export interface Log {
  debug(sentence: string, fields?: LogFields): void;
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
}
