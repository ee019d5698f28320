import { resolve } from 'node:path';
import type { CycleDetail, CycleView, MigrationView } from '../serve/api.ts';
import { type Client, type CycleQuery, Refused, Unreachable } from '../serve/client.ts';
import { cycleDetail, cycleViews, migrationViews } from '../serve/past-views.ts';
import type { OpenPast } from '../wiring/past.ts';
import type { Call } from './command.ts';
import { clientOf, DAEMON_OPTIONS } from './daemon-client.ts';
import { isEnding } from './io.ts';
import { settingsFrom } from './settings-input.ts';

export const PAST_OPTIONS = {
  ...DAEMON_OPTIONS,
  state: { kind: 'text', placeholder: 'FOLDER', about: 'Read the journal in this state folder, without any daemon' },
} as const;

/** Where the past is asked for: the daemon, or the journal that it left behind. */
export interface Past {
  cycles(query: CycleQuery): Promise<readonly CycleView[]>;
  cycle(cycle: string): Promise<CycleDetail>;
  cycleCase(cycle: string): Promise<string>;
  migrations(limit: number): Promise<readonly MigrationView[]>;
}

type Asking = Pick<Call, 'io'> & {
  readonly options: { readonly [K in keyof typeof PAST_OPTIONS]: string | undefined };
};

/**
 * From the daemon where one answers. Where none does and nobody said which one is meant, from the journal in the state
 * folder of the configuration here; the sentence says so.
 */
export async function withPast<T>(
  call: Asking,
  ask: (past: Past) => Promise<T>,
): Promise<{ readonly answer: T; readonly sentences: readonly string[] }> {
  const { options, io } = call;
  if (options.state !== undefined) return { answer: await fromJournal(call, options.state, ask), sentences: [] };
  try {
    return { answer: await ask(fromDaemon(clientOf(call))), sentences: [] };
  } catch (error) {
    if (!(error instanceof Unreachable) || (options.url ?? io.env.DROVER_URL) !== undefined) throw error;
    const settings = await settingsFrom(undefined, io);
    const folder = isEnding(settings) ? undefined : settings.stateFolder;
    if (folder === undefined) throw error;
    const answer = await fromJournal(call, folder, ask).catch((trouble: Error) => {
      throw new Unreachable(`${error.message}; and ${trouble.message}`);
    });
    return { answer, sentences: [`no daemon answers: this is from ${folder}`] };
  }
}

function fromDaemon(client: Client): Past {
  return {
    cycles: (query) => client.cycles(query),
    cycle: (cycle) => client.cycle(cycle),
    cycleCase: (cycle) => client.cycleCase(cycle),
    migrations: (limit) => client.migrations({ limit }),
  };
}

async function fromJournal<T>({ io }: Asking, folder: string, ask: (past: Past) => Promise<T>): Promise<T> {
  const { JournalUnreadable, openPast } = await import('../wiring/past.ts');
  const opened = openPast(resolve(io.cwd, folder));
  if ('because' in opened) throw new Refused(opened.because, 0);
  try {
    const settings = await settingsFrom(undefined, io);
    return await ask(overJournal(opened, isEnding(settings) ? '' : settings.prices.currency));
  } catch (error) {
    throw error instanceof JournalUnreadable ? new Refused(error.message.replace(/\.$/, ''), 0) : error;
  } finally {
    opened.close();
  }
}

const USUAL_LIMIT = 1_000;

function overJournal({ past, file }: OpenPast, currency: string): Past {
  const known = (cycle: string) => {
    const recorded = /^\d{1,15}$/.test(cycle) ? past.cycle(Number(cycle)) : undefined;
    if (recorded === undefined) throw new Refused(`there is no cycle ${cycle} in ${file} (any more)`, 0);
    return recorded;
  };
  return {
    cycles: async ({ limit = USUAL_LIMIT, before }) => cycleViews(past.cycles(limit, before), currency),
    cycle: async (cycle) => cycleDetail(past, known(cycle), currency),
    cycleCase: async (cycle) => {
      const text = past.caseText(known(cycle).cycle);
      if (text === undefined) throw new Refused(`of cycle ${cycle} no case was kept`, 0);
      return text;
    },
    migrations: async (limit) => migrationViews(past.migrations(limit)),
  };
}
