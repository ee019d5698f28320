import { expect, test } from 'vitest';
import { Notebook } from '../../src/daemon/notebook.ts';
import { Orders } from '../../src/daemon/orders.ts';
import { Trials } from '../../src/daemon/trials.ts';
import type { Step } from '../../src/domain/plan.ts';
import { aHost, aSnapshot, aVm, NOON_MS } from '../kit/fleet.ts';
import { move } from '../kit/verdicts.ts';

const NO_NOTES = { write: () => {}, strike: () => {}, all: () => new Map() };

function office() {
  const told: string[] = [];
  const say = (line: string) => told.push(line);
  const log = { debug: say, info: say, warn: say, error: say };
  const notebook = new Notebook(NO_NOTES);
  const outlook = () => {
    throw new Error('nobody looks ahead here');
  };
  const trials = new Trials({ notebook, log, outlook });
  const orders = new Orders({ notebook, trials, log, isEverythingWanted: () => false });
  return { notebook, orders, told };
}

const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2' })];
const withWebOn = (host: string) => aSnapshot({ hosts, vms: [aVm({ id: 'web', host })] });

test('an order that is given anew has all its tries again', () => {
  const { notebook, orders, told } = office();
  const ask = () => notebook.moves.write('web', { to: 'h2', sinceMs: NOON_MS });
  const change = move('web', 'h1', 'h2');
  const step: Step = { id: 's', decision: 'd', phase: 'repair', change, after: [], startsAtMs: 0, endsAtMs: 0 };
  const because = 'the copy broke off';
  const fail = () =>
    orders.stepEnded({ step, plan: 'p', state: 'failed', because, startedAtMs: 0, endedAtMs: 1, progress: null });
  ask();
  fail();
  fail();
  expect(orders.due(withWebOn('h1'))).toMatchObject([{ change }]);
  expect(orders.due(withWebOn('h2'))).toEqual([]);
  ask();
  fail();
  expect(orders.due(withWebOn('h1'))).toMatchObject([{ change }]);
  fail();
  fail();
  expect(told).toEqual(['the order web: h1 → h2 is dropped: it failed 3 times: the copy broke off']);
  expect(orders.due(withWebOn('h1'))).toEqual([]);
});
