/**
 * JSON turns infinite and undefined numbers into null, and null means something else here (a payback of null is a change
 * made for a rule). They are written as marked texts instead, and read back as the numbers they were.
 */
const MARK = '\u0000number:';
const MARK_IN_JSON = JSON.stringify(MARK).slice(1, -1);

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? MARK + part : part,
  );
}

/** The caller vouches for the type: it reads what it wrote. */
export function fromJson<T>(json: string): T {
  if (!json.includes(MARK_IN_JSON)) return JSON.parse(json) as T;
  return JSON.parse(json, (_key, part: unknown) =>
    typeof part === 'string' && part.startsWith(MARK) ? Number(part.slice(MARK.length)) : part,
  ) as T;
}
