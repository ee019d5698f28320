import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import type { Settings } from '../../src/config/settings.ts';
import { GIB, HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { type Life, Lives } from './lives.ts';

const UNPROVEN = { provenByDefault: false, proveWhenCalm: false, wakeOthers: false };
const GREEN = {
  ...DEFAULT_SETTINGS.profile,
  policies: { 'green-consolidation': { weight: 1, options: {} } },
  spareHosts: 1,
  vmCooldownMinutes: 0,
};

/** Four hosts with a small VM on each of the first two: two hosts too many. */
const idleFleet = () =>
  new Lives(
    anInventory({
      hosts: many(4, (n) => aHost({ id: `h${n}` })),
      vms: many(2, (n) => aVm({ id: `vm${n}`, host: `h${n}` })),
    }),
  );

const powers = ({ datacenter }: Lives): string[] => datacenter.hostIds.map((id) => datacenter.powerOf(id)!);

describe('proof of wake', () => {
  test('before it, no host is switched off, whatever that would save', async () => {
    const lives = idleFleet();
    const { operator } = await lives.begin({ profile: GREEN, hostPower: UNPROVEN });
    await lives.clock.advance(2 * HOUR);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
    expect(operator.power('h4', 'off', false)).toEqual({
      refusal: 'nobody has seen h4 come back after it was switched off',
    });
    expect(operator.standing().unproven).toEqual(['h1', 'h2', 'h3', 'h4']);
    operator.vouch('h4', false);
    expect(operator.power('h4', 'off', true)).not.toHaveProperty('refusal');
  });

  test("a person's word will do, and is remembered", async () => {
    const lives = idleFleet();
    const first = await lives.begin({ profile: GREEN, hostPower: UNPROVEN });
    first.operator.vouch('h4', false);
    first.crash();
    await lives.begin({ profile: GREEN, hostPower: UNPROVEN });
    await lives.until(() => lives.datacenter.powerOf('h4') === 'off');
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'off']);
  });

  test('in calm moments one host after the other is tried out, VMs first brought elsewhere', async () => {
    const lives = idleFleet();
    const seen: string[] = [];
    const { told, operator } = await lives.begin({ hostPower: { ...UNPROVEN, proveWhenCalm: true } });
    for (let minute = 0; minute < 180; minute++) {
      await lives.clock.advance(MINUTE);
      const away = lives.datacenter.hostIds.filter((id) => lives.datacenter.powerOf(id) !== 'on');
      expect(away.length).toBeLessThanOrEqual(1);
      for (const id of away) if (!seen.includes(id)) seen.push(id);
    }
    expect(seen.sort()).toEqual(['h1', 'h2', 'h3', 'h4']);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
    expect(operator.standing()).toMatchObject({ trials: [], unproven: [] });
    expect(told.filter((line) => line.includes('went off and came back'))).toHaveLength(4);
  });

  test.each([5, 40, 70, 100, 200, 280])(
    'a trial that a crash interrupts after %i s is ended, the host on',
    async (seconds) => {
      const lives = idleFleet();
      const first = await lives.begin({ hostPower: UNPROVEN });
      expect(first.operator.prove('h1', false)).toHaveProperty(
        'words',
        expect.stringMatching(/^h1 is emptied, switched/),
      );
      await lives.clock.advance(seconds * SECOND);
      first.crash();
      const second = await lives.begin({ hostPower: UNPROVEN });
      await lives.until(() => !second.operator.standing().unproven.includes('h1'));
      expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
      expect(second.operator.standing().trials).toEqual([]);
    },
  );
});

describe('a host that does not come back', () => {
  async function withLostHost(): Promise<{ lives: Lives; life: Life }> {
    const lives = idleFleet();
    const life = await lives.begin({ hostPower: UNPROVEN });
    life.operator.vouch('h4', false);
    await lives.clock.advance(20 * SECOND);
    life.operator.power('h4', 'off', false);
    await lives.until(() => lives.datacenter.powerOf('h4') === 'off');
    await lives.clock.advance(MINUTE);
    lives.datacenter.switchOn = () => undefined;
    life.operator.power('h4', 'on', false);
    await lives.until(() => life.operator.standing().suspects.length > 0);
    return { lives, life };
  }

  test('is suspect, over a crash too, and is never chosen until a person clears it', async () => {
    const { lives, life } = await withLostHost();
    expect(life.daemon.snapshot()?.hosts.power[3]).toBeDefined();
    life.crash();
    const { operator, daemon } = await lives.begin({ hostPower: UNPROVEN });
    expect(operator.standing().suspects).toMatchObject([
      { host: 'h4', because: expect.stringContaining('not on after') },
    ]);
    expect(operator.power('h4', 'on', false)).toEqual({
      refusal: 'h4 is suspect; have it looked after, then `drover clear` it',
    });
    expect(operator.clear('h3', false)).toEqual({ refusal: 'h3 is not suspect' });
    expect(operator.clear('h4', false)).toHaveProperty('words', expect.stringMatching(/^h4 is suspect no more/));
    await lives.clock.advance(MINUTE);
    expect(operator.standing()).toMatchObject({ suspects: [], unproven: expect.arrayContaining(['h4']) });
    expect(daemon.operator.power('h4', 'on', true)).toHaveProperty('words');
  });
});

describe('who may be woken', () => {
  /** Two hosts of which the second is off, not by Drover; the first has far too little to spare. */
  const crowded = () =>
    new Lives(
      anInventory({
        hosts: [aHost(), aHost({ id: 'h2', power: 'off' })],
        vms: many(20, (n) => aVm({ id: `vm${n}`, demand: { cpuMhz: 3_500, memoryBytes: 5 * GIB } })),
      }),
    );

  test.each([
    [false, 'off'],
    [true, 'on'],
  ])('a host that others switched off, where that is allowed: %s', async (wakeOthers, power) => {
    const lives = crowded();
    await lives.begin({ profile: GREEN, hostPower: { ...UNPROVEN, wakeOthers } });
    await lives.clock.advance(10 * MINUTE);
    expect(lives.datacenter.powerOf('h2')).toBe(power);
  });

  test('a host that Drover put to sleep, after a crash too', async () => {
    const lives = idleFleet();
    const first = await lives.begin({ profile: { ...GREEN, spareHosts: 0 } });
    await lives.until(() => powers(lives).includes('off'));
    first.crash();
    await lives.begin({ profile: { ...GREEN, leastHostsOn: 4 } });
    await lives.until(() => powers(lives).every((power) => power === 'on'));
  });
});

describe('the calendar', () => {
  const at = (cron: string, rest: Partial<Settings['calendar'][number]>) => ({ at: cron, timezone: 'UTC', ...rest });

  test('has hosts on by the time at which they are wanted, and not long before', async () => {
    const lives = idleFleet();
    const calendar = [
      at('30 13 * * *', { hostsOn: { atLeast: 4, by: '14:00' } }),
      at('0 20 * * *', { hostsOn: { atLeast: 0, by: '20:00' } }),
    ];
    const { told } = await lives.begin({ profile: GREEN, calendar });
    await lives.clock.advance(80 * MINUTE);
    expect(powers(lives).filter((power) => power === 'on').length).toBeLessThan(4);
    await lives.clock.advance(34 * MINUTE);
    expect(powers(lives).filter((power) => power === 'on').length).toBeLessThan(4);
    await lives.clock.advanceTo(Date.UTC(2026, 10, 20, 14));
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
    await lives.clock.advance(HOUR);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
    expect(told).toContain('info: at least 4 hosts are to be on by 2026-11-20T14:00:00.000Z');
  });

  test('changes the profile and comes back to the usual one', async () => {
    const lives = idleFleet();
    const quiet = { ...GREEN, policies: {} };
    const calendar = [at('20 12 * * *', { profile: 'nights' }), at('0 14 * * *', { profile: 'usual' })];
    const profiles = { nights: { ...GREEN, spareHosts: 0, spareShare: 0 } };
    await lives.begin({ profile: { ...quiet, leastHostsOn: 4 }, profiles, calendar });
    // What the calendar of yesterday said stands: the usual one.
    await lives.clock.advance(15 * MINUTE);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
    await lives.clock.advance(60 * MINUTE);
    expect(powers(lives)).toContain('off');
    await lives.clock.advance(60 * MINUTE);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
  });

  test('empties hosts for a maintenance window, over a restart too, and lets them work again after it', async () => {
    const lives = idleFleet();
    const settings = { calendar: [at('10 12 * * *', { maintenance: { hosts: ['h1'], minutes: 60 } })] };
    const first = await lives.begin(settings);
    await lives.clock.advance(12 * MINUTE);
    expect(lives.vmsOn('h1')).toEqual([]);
    first.crash();
    const { operator } = await lives.begin(settings);
    expect(operator.migrate('vm1', 'h1', true)).toEqual({ refusal: 'h1 is under maintenance' });
    await lives.clock.advance(HOUR);
    expect(operator.migrate('vm1', 'h1', true)).toHaveProperty('words');
  });
});

describe('outside the power window of the calendar', () => {
  const WINDOW = [
    { at: '0 20 * * *', timezone: 'UTC', power: true },
    { at: '0 14 * * *', timezone: 'UTC', power: false },
  ];
  const COURSE = { profile: GREEN, calendar: WINDOW };

  test('everything is on that Drover had switched off, and stays on', async () => {
    const lives = idleFleet();
    const { told } = await lives.begin(COURSE);
    await lives.until(() => powers(lives).includes('off'));
    await lives.clock.advance(2 * HOUR + 10 * MINUTE);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
    expect(told.some((line) => line.includes('outside the power window of the calendar everything is on'))).toBe(true);
    await lives.clock.advance(2 * HOUR);
    expect(powers(lives)).toEqual(['on', 'on', 'on', 'on']);
  });

  test('whether or not a daemon was there when it ended', async () => {
    const lives = idleFleet();
    const first = await lives.begin(COURSE);
    await lives.until(() => powers(lives).includes('off'));
    first.crash();
    await lives.clock.advance(3 * HOUR);
    await lives.begin({ ...COURSE, mode: 'recommend' });
    await lives.until(() => !powers(lives).includes('off'));
  });

  test('but what is being worked on stays off', async () => {
    const lives = idleFleet();
    const { operator } = await lives.begin(COURSE);
    await lives.until(() => powers(lives).includes('off'));
    const asleep = lives.datacenter.hostIds.filter((id) => lives.datacenter.powerOf(id) === 'off');
    operator.drain(asleep[0]!, false);
    await lives.clock.advance(3 * HOUR);
    expect(lives.datacenter.powerOf(asleep[0]!)).toBe('off');
  });
});
