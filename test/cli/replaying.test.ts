import { expect, test } from 'vitest';
import { readCase } from '../../src/case/read-case.ts';
import { compare } from '../../src/cli/replaying.ts';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { decide } from '../../src/decide/decide.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { createEmbeddedDatacenter } from '../../src/drivers/simulated/embedded-datacenter.ts';
import { loadPolicies } from '../../src/loading/load-policies.ts';
import { choosePolicies } from '../../src/sdk/choose.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { Lives } from '../daemon/lives.ts';
import { NOON_MS } from '../kit/fleet.ts';
import { aDecision, aRefused } from '../serve/fake-daemon.ts';

test('names and order do not matter, and what persons ordered was not decided', () => {
  const ordered = aDecision({ id: 'o1', policy: 'operator' });
  const then = [ordered, aDecision({ id: 'd1' }), aRefused()];
  const now = [aRefused(), aDecision({ id: 'd9' })];
  expect(compare(then, now)).toEqual({ same: 2, onlyThen: [], onlyNow: [], changedPolicies: [] });
});

test('what differs is told, on both sides, as often as it does', () => {
  const twice = [aDecision(), aDecision(), aRefused()];
  const other = aDecision({ changes: [{ kind: 'power', host: 'h3', to: 'on' }], policyVersion: 'b2' });
  expect(compare(twice, [aDecision(), other])).toEqual({
    same: 1,
    onlyThen: ['improve: web: h1 → h2', 'improve: db: h1 → h3: refused by open-host: h3 is off'],
    onlyNow: ['improve: h3: switch on'],
    changedPolicies: ['load-balance'],
  });
});

test('every cycle of a busy evening is decided again as it was', async () => {
  const made = createEmbeddedDatacenter(DEFAULT_SETTINGS.driver, NOON_MS);
  if (!(made instanceof VirtualDatacenter)) throw new Error(made.because);
  const lives = new Lives(made);
  const { journal, operator } = await lives.begin({ profile: DEFAULT_SETTINGS.profile });
  operator.drain('h05', false);
  await lives.clock.advance(8 * MINUTE);
  const { policies } = await loadPolicies({ folders: [] });
  const cycles = journal.history.cycles(300).filter(({ hasCase }) => hasCase);
  expect(cycles.length).toBeGreaterThan(4);
  for (const { cycle, verdicts } of cycles) {
    const read = readCase(journal.history.caseText(cycle) ?? '', `cycle ${cycle}`);
    if (Array.isArray(read)) throw new Error(read[0]?.what);
    const { inventory, profile, prices, limits, power } = read;
    const { chosen } = choosePolicies(policies, profile);
    const now = decide({ snapshot: toSnapshot(inventory), policies: chosen, profile, prices, limits, power });
    const { onlyThen, onlyNow } = compare(verdicts.decisions, now.decisions);
    expect({ cycle, onlyThen, onlyNow }).toEqual({ cycle, onlyThen: [], onlyNow: [] });
  }
});
