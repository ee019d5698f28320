import { expect, test } from 'vitest';
import { watchedJournal } from '../../src/telemetry/watched-journal.ts';
import { MemoryJournal } from '../kit/memory-journal.ts';
import { aPlan, aStep, someVerdicts } from '../serve/fake-daemon.ts';
import { seriesValues, telemetryOf } from './scrape.ts';

const SERIES = ['drover_journal_write_seconds_count', 'drover_journal_failures_total', 'drover_journal_writable'];

test('each write is told, passes on unchanged, and a failure shows until a write succeeds', async () => {
  const telemetry = telemetryOf();
  const inner = new MemoryJournal();
  const journal = watchedJournal(inner, telemetry);
  const told = async () => Object.values(await seriesValues(telemetry, SERIES));
  expect(await told()).toEqual([0, 0, 1]);

  journal.beginStep(aStep(), 'p1', 1);
  expect(journal.unfinishedSteps()).toEqual(inner.unfinishedSteps());
  expect(journal.unfinishedSteps()).toHaveLength(1);
  journal.endStep('s1', { state: 'done', because: '', atMs: 2 });
  journal.recordVerdicts(someVerdicts());
  expect(await told()).toEqual([3, 0, 1]);

  inner.recordPlan = () => {
    throw new Error('the disk is full');
  };
  expect(() => journal.recordPlan(aPlan())).toThrow('the disk is full');
  expect(await told()).toEqual([3, 1, 0]);
  journal.recordVerdicts(someVerdicts());
  expect(await told()).toEqual([4, 1, 1]);
});

test('hooks are counted by how they ended', async () => {
  const telemetry = telemetryOf();
  const journal = watchedJournal(new MemoryJournal(), telemetry);
  journal.beginHook({ id: 's1-web', hook: 'web', step: 's1', vm: 'a', from: 'h1', to: 'h2', begunAtMs: 1 });
  journal.endHook('s1-web', { state: 'failed', because: '503', atMs: 2 });
  const series = ['drover_hooks_total{outcome="failed"}', 'drover_hooks_total{outcome="done"}'];
  expect(Object.values(await seriesValues(telemetry, series))).toEqual([1, 0]);
});
