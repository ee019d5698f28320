import { expect, test } from 'vitest';
import { Notebook } from '../../src/daemon/notebook.ts';
import { Orders } from '../../src/daemon/orders.ts';
import { Trials } from '../../src/daemon/trials.ts';
import type { PowerState } from '../../src/domain/power.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import { aHost, aSnapshot, aVm, NOON_MS } from '../kit/fleet.ts';
import { eachAccepted, power } from '../kit/verdicts.ts';

const NO_NOTES = { write: () => {}, strike: () => {}, all: () => new Map() };

test.each([
  ['a VM that stays', 'h1', undefined, 'h1 could not be emptied within 1 h and is not tried out'],
  [
    'a refusal',
    'h2',
    'h2 must stay on',
    'h1 is empty, was not switched off within 1 h (h2 must stay on) and is not tried out',
  ],
  ['nobody knows what', 'h2', undefined, 'h1 is empty, was not switched off within 1 h and is not tried out'],
])('a trial that comes to nothing because of %s says so', (_, home, refusal, sentence) => {
  const told: string[] = [];
  const log = { debug: () => {}, info: () => {}, warn: (words: string) => told.push(words), error: () => {} };
  const notebook = new Notebook(NO_NOTES);
  const outlook = () => {
    throw new Error('nobody looks ahead here');
  };
  const trials = new Trials({ notebook, log, outlook });
  trials.begin('h1', NOON_MS, true);
  if (refusal !== undefined) trials.refused('h1', refusal);
  const seen = (atMs: number) =>
    aSnapshot({ atMs, hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })], vms: [aVm({ id: 'vm1', host: home })] });
  expect(trials.due(seen(NOON_MS + HOUR - MINUTE))).toHaveLength(home === 'h1' ? 0 : 1);
  expect(told).toEqual([]);
  expect(trials.due(seen(NOON_MS + HOUR + MINUTE))).toEqual([]);
  expect(told).toEqual([sentence]);
  expect(notebook.trials.size).toBe(0);
});

test.each([
  ['a person wanted the trial', true, 'off', true],
  ['Drover thought of it by itself', false, 'off', false],
  ['it has to come back', false, 'on', true],
] as const)('short of auto, where %s, its switch is an order: %s %s %s', (_, byPerson, to, isOrder) => {
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const notebook = new Notebook(NO_NOTES);
  const outlook = () => {
    throw new Error('nobody looks ahead here');
  };
  const trials = new Trials({ notebook, log, outlook });
  const orders = new Orders({ notebook, trials, log, isEverythingWanted: () => false });
  trials.begin('h1', NOON_MS, byPerson);
  const [decision] = eachAccepted([power('h1', to)]);
  expect(orders.isOrdered({ ...decision!, policy: 'operator' })).toBe(isOrder);
});

test('a host that somebody else switched on again is tried out once more, until Drover itself has woken it', () => {
  const told: string[] = [];
  const log = { debug: () => {}, info: (words: string) => told.push(words), warn: () => {}, error: () => {} };
  const notebook = new Notebook(NO_NOTES);
  const outlook = () => {
    throw new Error('nobody looks ahead here');
  };
  const trials = new Trials({ notebook, log, outlook });
  const due = (state: PowerState) =>
    trials.due(aSnapshot({ atMs: NOON_MS, hosts: [aHost({ id: 'h1', power: state })] })).map(({ change }) => change);
  const switched = (to: 'on' | 'off') => [{ kind: 'power', host: 'h1', to }];
  trials.begin('h1', NOON_MS, true);
  expect(due('on')).toEqual(switched('off'));
  expect(due('off')).toEqual(switched('on'));
  expect([due('on'), due('on')]).toEqual([[], []]);
  expect(told.at(-1)).toBe('h1 came back, but not because Drover switched it on: it is tried out once more');
  expect(due('on')).toEqual(switched('off'));
  expect(due('off')).toEqual(switched('on'));
  notebook.proofs.write('h1', { how: 'seen', atMs: NOON_MS });
  expect(due('on')).toEqual([]);
  expect(told.at(-1)).toBe('h1 went off and came back: from now on it may be switched off');
  expect(notebook.trials.size).toBe(0);
});
