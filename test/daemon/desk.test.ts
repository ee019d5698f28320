import { describe, expect, test } from 'vitest';
import type { Reply } from '../../src/daemon/operator.ts';
import { changeWords } from '../../src/domain/change.ts';
import { GIB, MINUTE, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { Lives } from './lives.ts';

/** Hosts h1 to h4, of which h1 runs vm1 and vm2 and h2 runs vm3; vm3 cannot be migrated. */
const fourHosts = () =>
  new Lives(
    anInventory({
      hosts: many(4, (n) => aHost({ id: `h${n}` })),
      vms: [
        aVm({ id: 'vm1', ...LARGE }),
        aVm({ id: 'vm2', ...LARGE }),
        aVm({ id: 'vm3', host: 'h2', migratable: false }),
      ],
    }),
  );

/** Takes half a minute to migrate. */
const LARGE = { demand: { memoryBytes: 32 * GIB } };

const words = (reply: Reply): string => ('refusal' in reply ? `refused: ${reply.refusal}` : reply.words);

describe('a drain', () => {
  test('empties the host, keeps it empty, and ends when it is taken back', async () => {
    const lives = fourHosts();
    const { operator, told } = await lives.begin();
    const reply = operator.drain('h1', false);
    expect(words(reply)).toMatch(/^h1 takes no more VMs; 2 VMs leave it, which takes about \d+/);
    await lives.until(() => lives.vmsOn('h1').length === 0);
    await lives.clock.advance(2 * MINUTE);
    expect(operator.standing().drains).toMatchObject([{ host: 'h1', vmsLeft: 0, emptyAtMs: expect.any(Number) }]);
    expect(told.filter((line) => /h1 is empty after .* of draining; .* were expected/.test(line))).toHaveLength(1);
    expect(words(operator.migrate('vm3', 'h1', true))).toBe('refused: vm3 cannot be migrated');
    expect(words(operator.migrate('vm1', 'h1', true))).toBe('refused: h1 is under maintenance');
    expect(words(operator.undrain('h1', false))).toBe('h1 takes VMs again');
    await lives.clock.advance(MINUTE);
    expect(words(operator.migrate('vm1', 'h1', true))).toMatch(/^vm1: h\d → h1: takes about/);
  });

  test('counts from when it was ordered, and not only from the next snapshot on', async () => {
    const lives = fourHosts();
    const { operator } = await lives.begin();
    operator.drain('h3', false);
    expect(words(operator.migrate('vm1', 'h3', true))).toBe('refused: h3 is under maintenance');
    operator.undrain('h3', false);
    expect(words(operator.migrate('vm1', 'h3', true))).toMatch(/^vm1: h1 → h3: takes about/);
  });

  test('says who cannot leave, and does the rest', async () => {
    const lives = fourHosts();
    const { operator } = await lives.begin();
    expect(words(operator.drain('h2', false))).toBe(
      'h2 takes no more VMs; 1 VM cannot leave it: vm3 (vm3 cannot be migrated)',
    );
  });

  test.each(['recommend', 'confirm'] as const)('is carried out in mode %s too, and nothing else is', async (mode) => {
    const lives = fourHosts();
    const { operator } = await lives.begin({ mode });
    operator.drain('h1', false);
    await lives.until(() => lives.vmsOn('h1').length === 0);
    expect(lives.orders).toHaveLength(2);
  });

  test('that was begun and taken back leaves nothing queued', async () => {
    const lives = fourHosts();
    const { operator, daemon } = await lives.begin({ mode: 'recommend' });
    operator.drain('h1', false);
    await lives.until(() => daemon.steps().some(({ state }) => state === 'copying'));
    operator.undrain('h1', false);
    await lives.clock.advance(5 * MINUTE);
    expect(lives.vmsOn('h1')).toHaveLength(1);
    expect(daemon.steps().filter(({ state }) => state === 'queued')).toEqual([]);
  });

  test('outlives a crash at any moment', async () => {
    for (const seconds of [0, 1, 5, 20]) {
      const lives = fourHosts();
      const first = await lives.begin();
      first.operator.drain('h1', false);
      await lives.clock.advance(seconds * SECOND);
      first.crash();
      await lives.begin();
      await lives.until(() => lives.vmsOn('h1').length === 0);
      expect(new Set(lives.orders).size).toBe(lives.orders.length);
    }
  });
});

describe('a migration that a person orders', () => {
  test('is carried out at once, and automatic changes leave the VM there for a while', async () => {
    const lives = fourHosts();
    const { operator } = await lives.begin();
    const reply = operator.migrate('vm1', 'h3', false);
    expect('refusal' in reply ? [] : reply.steps.map((step) => changeWords(step.change))).toEqual(['vm1: h1 → h3']);
    await lives.until(() => lives.datacenter.hostOf('vm1') === 'h3');
    expect(operator.standing().moves).toHaveLength(1);
    await lives.clock.advance(MINUTE);
    expect(operator.standing().moves).toEqual([]);
  });

  test('is remembered over a crash', async () => {
    const lives = fourHosts();
    const first = await lives.begin();
    first.operator.migrate('vm1', 'h3', false);
    first.crash();
    await lives.begin();
    await lives.until(() => lives.datacenter.hostOf('vm1') === 'h3');
  });

  const REFUSED: [string, string, string][] = [
    ['vm9', 'h3', 'there is no VM vm9'],
    ['vm1', 'h9', 'there is no host h9'],
    ['vm1', 'h1', 'vm1 is on h1 already'],
    ['vm3', 'h1', 'vm3 cannot be migrated'],
  ];
  test.each(REFUSED)('of %s to %s is refused in a sentence', async (vm, to, because) => {
    const { operator, daemon } = await fourHosts().begin();
    expect(operator.migrate(vm, to, false)).toEqual({ refusal: because });
    expect(daemon.operator.standing().moves).toEqual([]);
  });

  test('is refused where there is no room', async () => {
    const lives = new Lives(
      anInventory({
        hosts: [aHost(), aHost({ id: 'h2' })],
        vms: [aVm(), aVm({ id: 'large', host: 'h2', demand: { memoryBytes: 126 * GIB } })],
      }),
    );
    const { operator } = await lives.begin();
    expect(words(operator.migrate('vm1', 'h2', false))).toMatch(/^refused: h2 would be at 102 % of its memory/);
  });
});

describe('cancelling', () => {
  test('stops a migration, and nothing brings it back', async () => {
    const lives = fourHosts();
    const { operator, daemon } = await lives.begin();
    operator.migrate('vm1', 'h3', false);
    await lives.until(() => daemon.steps().some(({ state }) => state === 'copying'));
    const id = daemon.steps()[0]!.step.id;
    expect(words(operator.cancel(id, true))).toBe('vm1: h1 → h3 is cancelled');
    expect(daemon.steps()[0]?.state).toBe('copying');
    expect(words(operator.cancel(id, false))).toBe('vm1: h1 → h3 is cancelled');
    await lives.clock.advance(10 * MINUTE);
    expect(lives.datacenter.hostOf('vm1')).toBe('h1');
    expect(lives.orders).toHaveLength(1);
    expect(words(operator.cancel(id, false))).toBe(`refused: step ${id} is neither queued nor under way`);
  });
});

describe('a pause', () => {
  test('starts nothing until it is over, crash or not', async () => {
    const lives = fourHosts();
    const first = await lives.begin();
    expect(words(first.operator.resume(false))).toBe('refused: Drover is not paused');
    first.operator.pause(false);
    expect(words(first.operator.pause(false))).toMatch(/^refused: Drover is paused already/);
    expect(words(first.operator.drain('h1', false))).toMatch(/Drover is paused, so nothing starts before/);
    first.crash();
    const second = await lives.begin();
    await lives.clock.advance(5 * MINUTE);
    expect(second.daemon.status().pausedSinceMs).not.toBeNull();
    expect(lives.orders).toEqual([]);
    expect(words(second.operator.resume(false))).toBe('Drover goes on');
    await lives.until(() => lives.vmsOn('h1').length === 0);
    expect(second.daemon.status().pausedSinceMs).toBeNull();
  });
});

describe('switching by hand', () => {
  test('goes through the same rules, and what a person switched off Drover does not wake', async () => {
    const lives = fourHosts();
    const { operator } = await lives.begin();
    expect(words(operator.power('h1', 'off', false))).toBe('refused: 2 VMs run on h1; `drover drain h1` empties it');
    expect(words(operator.power('h3', 'on', false))).toBe('refused: h3 is on already');
    expect(words(operator.power('h3', 'off', false))).toMatch(/^h3: switch off: takes about 1 min/);
    await lives.until(() => lives.datacenter.powerOf('h3') === 'off');
    await lives.clock.advance(MINUTE);
    const drainAll = words(operator.drain('h1', true));
    expect(drainAll).not.toContain('h3');
    expect(words(operator.power('h3', 'on', false))).toMatch(/^h3: switch on: takes about 3 min/);
    await lives.until(() => lives.datacenter.powerOf('h3') === 'on');
  });

  test('is refused below the reserve, and where hosts may not be switched', async () => {
    const lives = fourHosts();
    const profile = { policies: {}, spareHosts: 4 };
    const { DEFAULT_SETTINGS } = await import('../../src/config/defaults.ts');
    const strict = await lives.begin({ profile: { ...DEFAULT_SETTINGS.profile, ...profile } });
    expect(words(strict.operator.power('h3', 'off', false))).toMatch(
      /^refused: without h3 the .* reserve would be broken/,
    );
    strict.crash();
    const { operator } = await lives.begin({ power: false });
    expect(words(operator.power('h3', 'off', false))).toBe(
      'refused: hosts may not be switched on or off (power: false)',
    );
  });
});

describe('orders of all kinds', () => {
  test('with a dry run change nothing', async () => {
    const lives = fourHosts();
    const { operator, daemon } = await lives.begin();
    const before = operator.standing();
    const replies = [
      operator.drain('h1', true),
      operator.migrate('vm1', 'h2', true),
      operator.power('h4', 'off', true),
      operator.pause(true),
    ];
    expect(replies.filter((reply) => 'refusal' in reply)).toEqual([]);
    await lives.clock.advance(5 * MINUTE);
    expect(operator.standing()).toEqual(before);
    expect([daemon.steps(), lives.orders]).toEqual([[], []]);
  });

  test('about hosts that there are not are refused, with the name that was meant', async () => {
    const { operator } = await fourHosts().begin();
    for (const verb of ['drain', 'undrain', 'clear', 'prove', 'vouch'] as const)
      expect(words(operator[verb]('h11', false))).toMatch(/^refused: there is no host h11 — did you mean "h1"\?$/);
  });

  test('are refused while nothing is done at all', async () => {
    const { operator } = await fourHosts().begin({ mode: 'observe' });
    expect(words(operator.drain('h1', false))).toMatch(/^refused: this cannot be done now: in mode observe/);
  });

  test('that cannot be written down are not promised', async () => {
    const { operator, journal } = await fourHosts().begin();
    journal.close();
    expect(words(operator.drain('h1', false))).toMatch(
      /^refused: this cannot be done: The journal .* cannot be written/,
    );
    expect(operator.standing().drains).toEqual([]);
  });
});

test('plans, steps and cycles of later lives have names of their own', async () => {
  const lives = fourHosts();
  const versions: number[] = [];
  for (let life = 0; life < 3; life++) {
    const { operator, daemon, crash } = await lives.begin();
    operator.migrate('vm1', `h${life + 2}`, false);
    await lives.until(() => lives.datacenter.hostOf('vm1') === `h${life + 2}`);
    versions.push(daemon.snapshot()!.version);
    crash();
  }
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  expect(new Set(lives.orders).size).toBe(3);
});
