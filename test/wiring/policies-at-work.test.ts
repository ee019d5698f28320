import { afterEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { MINUTE } from '../../src/domain/units.ts';
import type { Shelved } from '../../src/loading/library.ts';
import { loadPolicies } from '../../src/loading/load-policies.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { openLibrary } from '../../src/wiring/policies.ts';
import { PolicyFolder, policyText } from '../loading/policy-folder.ts';
import { makeWorld, type World } from './embedded-world.ts';

let world: World | undefined;

afterEach(() => {
  world?.end();
  world = undefined;
});

async function running(): Promise<World> {
  world = await makeWorld({ mode: 'recommend', power: false });
  await world.daemon.start();
  await world.clock.advance(5 * MINUTE);
  return world;
}

const { policies } = await loadPolicies({ folders: [] });
const onShelf = policies.map((good): Shelved => ({ id: good.policy.id, good, trouble: '', gone: false }));

/** Wants every host to have few VMs, so much that it moves some at once. */
function crowding(version: string, cost = (vms: number) => vms ** 2): Shelved {
  const policy = definePolicy({
    id: 'crowding',
    about: 'Keeps hosts from being crowded.',
    phase: 'improve',
    options: {},
    terms: { host: 'crowding' },
    cost: { host: (host) => cost(host.vmCount) },
  });
  return { id: 'crowding', good: { policy, version }, trouble: '', gone: false };
}

test('a newcomer is at work in the next cycle, and its decisions carry its version', async () => {
  const { daemon, clock, told } = await running();
  for (const version of ['v1', 'v2']) {
    daemon.takePolicies([...onShelf, crowding(version)]);
    await clock.advance(MINUTE);
    const [newest] = daemon.verdicts();
    expect(newest?.terms.map(({ term }) => term)).toContain('crowding');
    const own = newest?.decisions.filter(({ policy }) => policy === 'crowding') ?? [];
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(({ policyVersion }) => policyVersion))).toEqual(new Set([version]));
  }
  expect(told.filter((line) => line.includes('policy crowding'))).toEqual([
    'info: policy crowding, version v1, is at work from now on with weight 1, though the profile does not name it',
    'info: policy crowding is version v2 from now on (was v1)',
  ]);
});

test('one that fails is told once, left out of each cycle, and shown as in trouble', async () => {
  const { daemon, clock, told } = await running();
  daemon.takePolicies([...onShelf, crowding('v1', () => Number.NaN)]);
  await clock.advance(5 * MINUTE);
  expect(told.filter((line) => line.startsWith('warn: policy crowding'))).toHaveLength(1);
  expect(daemon.policies().find(({ id }) => id === 'crowding')).toMatchObject({
    weight: 1,
    trouble: 'its cost is NaN, which is no amount of money',
  });
  expect(daemon.status().notReadyBecause).toBe('');
});

test('a recorded situation names the newcomers too, so that it can be decided again', async () => {
  const { daemon, clock } = await running();
  daemon.takePolicies([...onShelf, crowding('v1')]);
  await clock.advance(MINUTE);
  expect(JSON.parse(daemon.caseText() ?? '').profile.policies).toHaveProperty('crowding');
  expect(daemon.presentSituation()).toMatchObject({ profile: { policies: { crowding: { weight: 1 } } } });
});

test('the library tries a newcomer out on what the running daemon sees, with the policies that are at work there', async () => {
  const { daemon } = await running();
  const folder = new PolicyFolder();
  try {
    folder.write('newcomer', policyText('newcomer', 'host.vmCount'));
    folder.write('failing', policyText('failing', '{ throw new Error("no such luck"); }'));
    const library = openLibrary({ ...DEFAULT_SETTINGS, policyFolders: [folder.path] }, () => daemon.presentSituation());
    await library.look();
    const stand = (id: string) => library.shelf.find((shelved) => shelved.id === id);
    expect(stand('newcomer')).toMatchObject({ trouble: '', good: { policy: { id: 'newcomer' } } });
    expect(stand('failing')?.trouble).toMatch(/its cost threw: no such luck/);
  } finally {
    folder.end();
  }
});
