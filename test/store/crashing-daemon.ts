/** Begins two steps, ends one and dies without a word, as a daemon may at any instant. */
import { openJournal, SqliteJournal } from '../../src/store/sqlite-journal.ts';

const STEP = {
  decision: 'decision',
  phase: 'improve',
  change: { kind: 'power', host: 'h1', to: 'off' },
  after: [],
  startsAtMs: 0,
  endsAtMs: 1,
} as const;

const journal = openJournal(process.argv[2] ?? '');
if (!(journal instanceof SqliteJournal)) throw new Error(journal.because);
journal.beginStep({ ...STEP, id: 'ended' }, 'plan', 1);
journal.beginStep({ ...STEP, id: 'never ended' }, 'plan', 2);
journal.endStep('ended', { state: 'done', because: '', atMs: 3 });
process.kill(process.pid, 'SIGKILL');
