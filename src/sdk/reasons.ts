/** The blanks of a reason, from its own text: '{host} was hot' has the blank host. */
export type Blanks<Text extends string> = Text extends `${string}{${infer Blank}}${infer Rest}`
  ? Blank | Blanks<Rest>
  : never;

export type ReasonTexts = Readonly<Record<string, string>>;

/** One function per reason that fills its blanks; a missing blank does not compile. */
export type Because<R extends ReasonTexts> = {
  readonly [K in keyof R]: (blanks: Readonly<Record<Blanks<R[K]>, string | number>>) => string;
};

export function reasonWriters<R extends ReasonTexts>(texts: R): Because<R> {
  const writers: Record<string, (blanks: Readonly<Record<string, string | number>>) => string> = {};
  for (const [name, text] of Object.entries(texts)) {
    writers[name] = (blanks) => text.replace(/\{(\w+)\}/g, (_, blank: string) => String(blanks[blank] ?? `{${blank}}`));
  }
  return writers as Because<R>;
}
