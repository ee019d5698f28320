import { describe, expect, test } from 'vitest';
import { pageOf } from '../../src/contest/page/page.ts';
import { scaleFor, timeTicks, timeWords } from '../../src/contest/page/scale.ts';
import { HOUR } from '../../src/domain/units.ts';
import { NOON_MS } from '../kit/fleet.ts';
import { aRun } from './runs.ts';

const WORDS = { about: ['Two hosts & three VMs.'], currency: 'EUR' };

describe('the page', () => {
  const deed = {
    atMs: NOON_MS,
    policy: 'load-balance',
    changes: [{ kind: 'move', vm: '<b>vm</b>', from: 'h1', to: 'h2' } as const],
    because: 'h1 was "full"',
    savingPerHour: 1,
    onceCost: 0.1,
    lastedHours: 2,
    worth: 1.9,
  };
  const page = pageOf([aRun({ contender: '<i>one' }), aRun({ contender: 'two', deeds: [deed] })], WORDS);

  test('asks for nothing from anywhere', () => {
    expect(page).not.toMatch(/\b(?:src|href|url)\s*[=(]|https?:|@import/);
  });

  test('shows names and reasons as they are, whatever they are', () => {
    expect(page).toContain('&lt;i&gt;one');
    expect(page).not.toContain('<i>one');
    expect(page).toContain('&lt;b&gt;vm&lt;/b&gt;: h1 → h2');
    expect(page).toContain('h1 was &quot;full&quot;');
    expect(page).toContain('Two hosts &amp; three VMs.');
  });

  test('is well formed: every element that is opened is closed', () => {
    const open: string[] = [];
    const markup = page.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '').replace(/<!doctype html>/, '');
    for (const [tag, slash, name, rest] of markup.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
      if (['meta', 'br'].includes(name!) || rest!.endsWith('/')) continue;
      if (slash === '') open.push(name!);
      else expect(open.pop(), tag).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('draws no number that is none', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(pageOf([aRun()], WORDS)).not.toMatch(/NaN|Infinity|undefined|What differs/);
  });
});

describe('scales', () => {
  test.each([
    [[0], 0, 1],
    [[3, 9.7], 0, 10],
    [[0, 0.0432], 0, 0.06],
    [[-2, 7], -2.5, 7.5],
    [[1234], 0, 1500],
  ])('for %j go from %d to %d', (values, low, high) => {
    const scale = scaleFor(values);
    expect([scale.low, scale.high]).toEqual([low, high]);
    expect(scale.ticks.length).toBeLessThan(8);
  });

  test('of time have few round ticks', () => {
    const ticks = timeTicks(NOON_MS + 1, NOON_MS + 24 * HOUR);
    expect(ticks.map(timeWords)).toEqual([
      'Fri 15:00',
      'Fri 18:00',
      'Fri 21:00',
      'Sat 00:00',
      'Sat 03:00',
      'Sat 06:00',
      'Sat 09:00',
      'Sat 12:00',
    ]);
    expect(timeTicks(0, 365 * 24 * HOUR).length).toBeLessThan(20);
  });
});
