import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/domain/units.ts';
import { Forecast } from '../../src/observe/forecast.ts';
import { SeasonProfile, usual } from '../../src/observe/forecast-season.ts';
import { TRUSTED, verdictOf } from '../../src/observe/trust-gate.ts';

const SPANS = { seasonMinutes: 1440, soonMinutes: 30, laterMinutes: 120 };
const STEP_MINUTES = 5;

type LoadAt = (minutes: number) => number;

/** Lives through the minutes from one to the other with one row for each load. */
function live(forecast: Forecast, loads: readonly LoadAt[], fromMinute: number, toMinute: number): void {
  for (let minute = fromMinute; minute <= toMinute; minute += STEP_MINUTES) {
    const values = Float64Array.from(loads, (load) => load(minute));
    const verdict = Uint8Array.from(values, (value) => (Number.isNaN(value) ? verdictOf('stale') : TRUSTED));
    forecast.learn(values, verdict, minute * MINUTE);
    forecast.look(values, minute * MINUTE);
  }
}

function lived(days: number, ...loads: readonly LoadAt[]): Forecast {
  const forecast = new Forecast(SPANS);
  forecast.reserve(loads.length);
  live(forecast, loads, 0, days * SPANS.seasonMinutes);
  return forecast;
}

const hourOf = (minutes: number) => (minutes / 60) % 24;
const dayOf = (minutes: number) => Math.floor(minutes / 1440) % 7;
const officeHours: LoadAt = (minutes) => (hourOf(minutes) >= 8 && hourOf(minutes) < 18 ? 1000 : 100);
const workdays: LoadAt = (minutes) => (dayOf(minutes) < 5 ? officeHours(minutes) : 100);

describe('a forecast', () => {
  it('stands by what is, and says why, as long as there is too little history', () => {
    const forecast = lived(0.9, officeHours);
    expect(forecast.of(0)).toEqual({ because: 'too little history' });
    expect([forecast.soon[0], forecast.later[0]]).toEqual([100, 100]);
    expect(forecast.state(Int32Array.of(0))).toMatchObject({ 'too little history': 1, daily: 0 });
  });

  it('knows of the morning before it comes', () => {
    const forecast = lived(3, officeHours);
    live(forecast, [officeHours], 3 * 1440 + STEP_MINUTES, 3 * 1440 + 7 * 60);
    expect(forecast.soon[0]).toBeLessThan(400);
    expect(forecast.later[0]).toBeCloseTo(1000, -1);
    expect(forecast.of(0)).toMatchObject({ later: { method: 'daily' } });
  });

  it('knows of the weekend after two weeks', () => {
    const forecast = lived(19, workdays);
    live(forecast, [workdays], 19 * 1440 + STEP_MINUTES, 19 * 1440 + 7 * 60);
    expect(forecast.later[0]).toBeLessThan(300);
    expect(forecast.of(0)).toMatchObject({ later: { method: 'weekly' } });
  });

  it('adds what is unusual today to what is usual', () => {
    const busier: LoadAt = (minutes) => officeHours(minutes) * (minutes >= 3 * 1440 ? 1.5 : 1);
    const forecast = lived(3.5, busier);
    expect(forecast.soon[0]).toBeGreaterThan(1200);
    expect(forecast.soon[0]).toBeLessThanOrEqual(1500);
  });

  it('takes each row by itself, and leaves out what is unknown', () => {
    const gone: LoadAt = (minutes) => (minutes < 1440 ? 500 : Number.NaN);
    const forecast = lived(3, officeHours, () => 300, gone);
    expect(forecast.soon[1]).toBeCloseTo(300);
    expect(forecast.of(2)).toEqual({ because: 'too little history' });
    expect(forecast.soon[2]).toBeNaN();
  });

  it('forgets a row that is cleared, and keeps the others when there are more', () => {
    const forecast = lived(3, officeHours, officeHours);
    forecast.clear(0);
    forecast.reserve(50);
    live(forecast, Array(50).fill(officeHours), 3 * 1440 + STEP_MINUTES, 3 * 1440 + 7 * 60);
    expect(forecast.of(0)).toEqual({ because: 'too little history' });
    expect(forecast.later[1]).toBeCloseTo(1000, -1);
  });

  it('goes on after a gap', () => {
    const forecast = lived(3, officeHours);
    live(forecast, [officeHours], 5 * 1440, 5 * 1440 + 7 * 60);
    expect(forecast.later[0]).toBeCloseTo(1000, -1);
  });

  it('has a band that holds eight values of ten', () => {
    let noise = 1;
    const noisy: LoadAt = () => {
      noise = (noise * 48_271) % 2_147_483_647;
      return 500 + (200 * noise) / 2_147_483_647;
    };
    const forecast = lived(20, noisy);
    const found = forecast.of(0);
    if ('because' in found) throw new Error('there is a forecast after twenty days');
    expect(found.soon.expectedMhz).toBeCloseTo(600, -2);
    expect(found.soon.highMhz - found.soon.lowMhz).toBeGreaterThan(100);
    expect(found.soon.highMhz - found.soon.lowMhz).toBeLessThan(220);
  });
});

describe('the profile of a season', () => {
  it('is what was usual in each slot, with straight lines between', () => {
    const profile = new SeasonProfile(4, 400);
    profile.reserve(1);
    for (let atMs = 0; atMs <= 800; atMs += 10) profile.add(Float32Array.of(Math.floor(atMs / 100) % 4), atMs);
    const at = (atMs: number) => usual(profile.at(atMs), 0);
    expect([at(1250), at(1300), at(1350), at(1450)]).toEqual([0, 0.5, 1, 2]);
  });

  it('stays within what it has seen', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 30, maxLength: 90 });
    fc.assert(
      fc.property(values, fc.nat(5000), (seen, atMs) => {
        const profile = new SeasonProfile(8, 800);
        profile.reserve(1);
        seen.forEach((value, place) => {
          profile.add(Float32Array.of(value), place * 50);
        });
        const told = usual(profile.at(atMs), 0);
        if (Number.isNaN(told)) return;
        expect(told).toBeGreaterThanOrEqual(Math.min(...seen) - 0.001);
        expect(told).toBeLessThanOrEqual(Math.max(...seen) + 0.001);
      }),
    );
  });
});
