/** Ways to make forbidden deeds throw. */

/** While the work runs, whoever asks for the time or for chance gets an error instead. */
export function forbiddingClockAndChance<T>(work: () => T): T {
  const { Date: RealDate } = globalThis;
  const { random } = Math;
  const { now } = performance;
  const forbid = (what: string) => () => {
    throw new Error(`it asks ${what}: what must be known is in the fleet`);
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given) => (given.length === 0 ? forbid('for the time')() : Reflect.construct(target, given)),
    apply: forbid('for the time'),
    get: (target, name) => (name === 'now' ? forbid('for the time') : Reflect.get(target, name)),
  });
  Math.random = forbid('for chance');
  performance.now = forbid('for the time');
  try {
    return work();
  } finally {
    globalThis.Date = RealDate;
    Math.random = random;
    performance.now = now;
  }
}

/** The same value, of which nothing can be written any more; typed arrays cannot be frozen and stay as they are. */
export function frozenDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozenDeep(part);
  return Object.freeze(value);
}
