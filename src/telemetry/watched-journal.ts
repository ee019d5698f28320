import { SECOND } from '../domain/units.ts';
import type { Journal, StepOutcome } from '../ports/journal.ts';

/** Told of each write to a journal, and of what hooks came to. */
export interface JournalWatcher {
  journalWritten(seconds: number): void;
  journalFailed(): void;
  hookEnded(outcome: StepOutcome['state']): void;
}

/** The same journal; how long its writes take, and whether they fail, is told on the way. */
export function watchedJournal(journal: Journal, watcher: JournalWatcher): Journal {
  const watched = (write: () => void): void => {
    const startedAt = performance.now();
    try {
      write();
    } catch (error) {
      watcher.journalFailed();
      throw error;
    }
    watcher.journalWritten((performance.now() - startedAt) / SECOND);
  };
  return {
    beginStep: (step, plan, atMs) => watched(() => journal.beginStep(step, plan, atMs)),
    endStep: (stepId, outcome) => watched(() => journal.endStep(stepId, outcome)),
    beginHook: (hook) => watched(() => journal.beginHook(hook)),
    endHook: (hookId, outcome) => {
      watched(() => journal.endHook(hookId, outcome));
      watcher.hookEnded(outcome.state);
    },
    recordMigration: (entry) => watched(() => journal.recordMigration(entry)),
    recordVerdicts: (verdicts) => watched(() => journal.recordVerdicts(verdicts)),
    recordPlan: (plan) => watched(() => journal.recordPlan(plan)),
    unfinishedSteps: () => journal.unfinishedSteps(),
    unfinishedHooks: () => journal.unfinishedHooks(),
    recentMigrations: (most) => journal.recentMigrations(most),
    recentSteps: (most) => journal.recentSteps(most),
    recentVerdicts: (most) => journal.recentVerdicts(most),
    close: () => journal.close(),
  };
}
