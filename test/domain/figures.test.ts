import { describe, expect, it } from 'vitest';
import { TYPICAL_SERVER, wattsAt } from '../../src/domain/power.ts';
import { estimateMigration } from '../../src/domain/precopy.ts';
import { DAY, GIB, HOUR, MIB, MINUTE, SECOND } from '../../src/domain/units.ts';
import { bytesWords, moneyWords, spanWords } from '../../src/domain/words.ts';

describe('watts of a host', () => {
  const curve = { ...TYPICAL_SERVER, watts: [100, 140, 240] };
  it.each([
    [0, 100],
    [0.25, 120],
    [0.5, 140],
    [0.75, 190],
    [1, 240],
    [1.4, 240],
    [-1, 100],
  ])('at a load of %d are %d', (share, watts) => {
    expect(wattsAt(curve, share)).toBeCloseTo(watts, 9);
  });
});

describe('pre-copy', () => {
  const guest = { memoryBytes: 4 * GIB, dirtyBytesPerS: 0, writableSetBytes: 4 * GIB, bytesPerS: GIB };

  it('copies an idle guest once', () => {
    const estimate = estimateMigration(guest);
    expect(estimate.bytes).toBe(4 * GIB);
    expect(estimate.converges).toBe(true);
  });

  it('copies what was dirtied meanwhile: a geometric series', () => {
    const estimate = estimateMigration({ ...guest, dirtyBytesPerS: GIB / 2 });
    // 4 + 2 + 1 + ½, and ¼ GiB in the blackout.
    expect(estimate.bytes).toBeCloseTo(7.75 * GIB, -3);
    expect(estimate.rounds).toBe(5);
    expect(estimate.blackoutMs).toBeGreaterThan(250);
  });

  it('throttles a guest that writes faster than it can be copied, and so gets it across', () => {
    const estimate = estimateMigration({ ...guest, dirtyBytesPerS: 2 * GIB });
    expect(estimate.converges).toBe(true);
    expect(estimate.bytes).toBeLessThan(15 * 4 * GIB);
  });

  it('says when even that does not help', () => {
    expect(estimateMigration({ ...guest, dirtyBytesPerS: 400 * GIB }).converges).toBe(false);
  });

  it('is content with a small writable set, whatever the rate', () => {
    expect(estimateMigration({ ...guest, dirtyBytesPerS: 2 * GIB, writableSetBytes: 64 * MIB }).converges).toBe(true);
  });

  it('never ends without bandwidth', () => {
    expect(estimateMigration({ ...guest, bytesPerS: 0 })).toMatchObject({
      seconds: Number.POSITIVE_INFINITY,
      converges: false,
    });
  });
});

describe('words', () => {
  it.each([
    [0, '0 B'],
    [1536, '1.5 KiB'],
    [3 * GIB, '3 GiB'],
    [250 * GIB, '250 GiB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(bytesWords(bytes)).toBe(words);
  });

  it.each([
    [300, '300 ms'],
    [1500, '1.5 s'],
    [2 * MINUTE + 24 * SECOND, '2 min 24 s'],
    [59 * MINUTE + 59.9 * SECOND, '1 h'],
    [3 * HOUR + 5 * MINUTE, '3 h 5 min'],
    [10 * DAY, '10 days'],
    [Number.POSITIVE_INFINITY, 'never'],
  ])('%d ms are %s', (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });

  it.each([
    [-0.42, 'EUR', '−0.42 €'],
    [12.345, 'EUR', '12.35 €'],
    [0.00123, 'EUR', '0.0012 €'],
    [-1e-12, 'EUR', '0.00 €'],
    [0, 'CHF', '0.00 CHF'],
  ])('%d %s is %s', (amount, currency, words) => {
    expect(moneyWords(amount, currency)).toBe(words);
  });
});
