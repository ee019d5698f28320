import { afterEach, expect, test } from 'vitest';
import { readCase } from '../../src/case/read-case.ts';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import type { Settings } from '../../src/config/settings.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { makeWorld, passUntil, type World } from './embedded-world.ts';

let world: World | undefined;

afterEach(() => {
  world?.end();
  world = undefined;
});

async function running(changed: Partial<Settings> = {}): Promise<World> {
  world = await makeWorld(changed);
  await world.daemon.start();
  return world;
}

/** What the file says from now on. */
const reread = (changed: Partial<Settings>): Settings => ({ ...DEFAULT_SETTINGS, ...changed });

test('it is ready once there is a snapshot', async () => {
  world = await makeWorld();
  expect(world.daemon.status()).toMatchObject({ state: 'starting', notReadyBecause: 'Drover is starting' });
  await world.daemon.start();
  await world.clock.advance(MINUTE);
  expect(world.daemon.status()).toMatchObject({ state: 'running', notReadyBecause: '', driver: 'simulated' });
});

test('recommend shows plans and moves nothing', async () => {
  const { clock, daemon, datacenter } = await running({ mode: 'recommend' });
  const before = datacenter.inventory().vms.map((vm) => vm.host);
  await clock.advance(20 * MINUTE);
  expect(daemon.plans()[0]?.state).toBe('recommended');
  expect(daemon.steps()).toEqual([]);
  expect(datacenter.inventory().vms.map((vm) => vm.host)).toEqual(before);
});

test('without power no host is switched, whatever the night is like', async () => {
  const { clock, datacenter } = await running({ power: false });
  await clock.advance(45 * MINUTE);
  expect(datacenter.inventory().hosts.every((host) => host.power === 'on')).toBe(true);
});

test('leaving auto starts nothing more of what was queued', async () => {
  const { clock, daemon, datacenter } = await running();
  while (!daemon.steps().some((status) => status.state === 'queued')) await clock.advance(10 * SECOND);
  expect(daemon.setMode('recommend')).toBeUndefined();
  expect(daemon.steps().filter((status) => status.state === 'queued')).toEqual([]);
  await clock.advance(10 * MINUTE);
  expect(datacenter.inventory().flights).toEqual([]);
  expect(daemon.status().mode).toBe('recommend');
});

test('the calendar changes the course at its time', async () => {
  const { clock, daemon } = await running({
    calendar: [{ at: '15 12 * * *', timezone: 'UTC', mode: 'recommend', power: false }],
  });
  // The entry of yesterday still stands when Drover starts.
  expect(daemon.status()).toMatchObject({ mode: 'recommend', power: false });
  daemon.setMode('auto');
  await clock.advance(14 * MINUTE);
  expect(daemon.status().mode).toBe('auto');
  await clock.advance(2 * MINUTE);
  expect(daemon.status().mode).toBe('recommend');
});

test('a changed configuration is taken over and told, setting by setting', async () => {
  const { daemon } = await running();
  const prices = { ...DEFAULT_SETTINGS.prices, perKwh: 0.5 };
  expect(daemon.reload(reread({ mode: 'recommend', prices }))).toEqual({
    changed: ['mode: auto → recommend', 'prices.perKwh: 0.3 → 0.5'],
  });
  expect(daemon.status()).toMatchObject({ mode: 'recommend', prices: { perKwh: 0.5 } });
  expect(daemon.reload(reread({ mode: 'recommend', prices }))).toEqual({ changed: [] });
});

test('what a running daemon cannot take over is told each time until it restarts', async () => {
  const { daemon } = await running();
  const listen = { address: '127.0.0.1', port: 8080 };
  const changed = ['listen.port: 7070 → 8080 (takes effect after a restart)'];
  expect(daemon.reload(reread({ listen }))).toEqual({ changed });
  expect(daemon.reload(reread({ listen }))).toEqual({ changed });
});

test('a mode set by a person outlives a changed price', async () => {
  const { daemon } = await running();
  daemon.setMode('confirm');
  daemon.reload(reread({ prices: { ...DEFAULT_SETTINGS.prices, perKwh: 0.5 } }));
  expect(daemon.status().mode).toBe('confirm');
});

test('a profile with an unknown policy is refused and changes nothing', async () => {
  const { daemon } = await running();
  const profile = { ...DEFAULT_SETTINGS.profile, policies: { nonsense: { weight: 1, options: {} } } };
  const reloaded = daemon.reload(reread({ mode: 'recommend', profile }));
  expect(reloaded).toMatchObject({ refused: [expect.stringContaining('profile.policies.nonsense')] });
  expect(daemon.status().mode).toBe('auto');
});

test('the present situation can be read back as a case file', async () => {
  const { clock, daemon } = await running();
  await clock.advance(MINUTE);
  const read = readCase(daemon.caseText() ?? '', 'now');
  expect(read).toMatchObject({ power: true, inventory: { atMs: daemon.snapshot()?.atMs } });
});

test('a stopped daemon takes no more commands', async () => {
  const { clock, daemon } = await running();
  expect(await passUntil(daemon.stop(), clock, SECOND)).toMatch(/^stopped/);
  expect(daemon.setMode('auto')).toBe('the mode cannot be set: Drover is stopped');
  expect(daemon.confirm('p1')).toBe('plan p1 cannot start: Drover is stopped');
});
