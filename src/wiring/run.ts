import type { Container } from 'inversify';
import type { Settings } from '../config/settings.ts';
import { Daemon } from '../daemon/daemon.ts';
import { Repertoire } from '../daemon/repertoire.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Library } from '../loading/library.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { startServer } from '../serve/server.ts';
import { type JournalBounds, openJournal } from '../store/sqlite-journal.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { banner } from './banner.ts';
import { makeContainer } from './container.ts';
import { openDatacenter } from './drivers.ts';
import { openLog } from './log.ts';
import { openLibrary } from './policies.ts';
import { rereadOnHangup } from './reread.ts';
import { StopSignals } from './stop-signals.ts';

const MB = 1e6;
const OK = 0;
const FAILURE = 1;
const USER_MISTAKE = 2;
/** By convention, 128 and the number of the signal. */
const END_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface RunOptions {
  readonly settings: Settings;
  /** Read again on SIGHUP. */
  readonly configFile?: string;
  /** What the command line says goes before what the file says, each time that it is read. */
  readonly adjusted?: (fresh: Settings) => Settings;
}

const asRead = (fresh: Settings): Settings => fresh;

/** Runs the daemon until it is told to stop; gives the exit code of the process. */
export async function runDaemon({ settings, configFile, adjusted = asRead }: RunOptions): Promise<number> {
  const log = openLog(settings.log, process.stderr.isTTY);
  let daemon: Daemon | undefined;
  const library = openLibrary(settings, () => daemon?.presentSituation());
  const opened = await open(settings, library, log);
  if ('because' in opened) return refuse(opened.because);
  const { container, journal } = opened;
  reportBugs(log, journal);
  daemon = container.get(Daemon);
  const { address, port } = settings.listen;
  const server = await startServer({ daemon, telemetry: container.get(Telemetry), address, port, log });
  if ('refusal' in server) {
    journal.close();
    return refuse(server.refusal);
  }
  const stopAsked = stopOnSignals(log);
  rereadOnHangup({ daemon, log, configFile, adjusted });
  process.stdout.write(banner(settings, server.url));
  const stopFollowing = library.follow((shelf) => daemon.takePolicies(shelf));
  const code = await lived(daemon, stopAsked, log);
  stopFollowing();
  await server.close();
  journal.close();
  return code;
}

/** From its start to its end; a stop may be asked for before it has started. */
async function lived(daemon: Daemon, stopAsked: Promise<void>, log: Log): Promise<number> {
  try {
    await Promise.race([daemon.start(), stopAsked]);
    await stopAsked;
    log.info(await daemon.stop());
    return OK;
  } catch (error) {
    log.error(`Drover ends: ${error instanceof Error ? error.message : String(error)}`);
    return FAILURE;
  }
}

interface Opened {
  readonly container: Container;
  readonly journal: Journal;
}

/** Opens everything that may refuse for reasons that a person can mend. */
async function open(settings: Settings, library: Library, log: Log): Promise<Opened | Pick<Refusal, 'because'>> {
  await library.look();
  const { shelf } = library;
  for (const problem of library.problems) log.warn(problem);
  const repertoire = new Repertoire(shelf, settings.profile);
  const problems = [settings.profile, ...Object.values(settings.profiles)].flatMap((each) => repertoire.follow(each));
  if (problems.length > 0) return { because: problems.join('; ') };
  const journal = openJournal(settings.stateFolder, boundsOf(settings.history));
  if ('because' in journal) return journal;
  const datacenter = await openDatacenter(settings.driver, log, journal.notes);
  if ('because' in datacenter) {
    journal.close();
    return datacenter;
  }
  return { journal, container: makeContainer({ settings, shelf, log, journal, ...datacenter }) };
}

function boundsOf({ cycles, plans, steps, cases, caseMegabytes }: Settings['history']): JournalBounds {
  return { verdicts: cycles, plans, steps, cases, caseBytes: caseMegabytes * MB };
}

function refuse(sentence: string): number {
  process.stderr.write(`drover: ${sentence}\n`);
  return USER_MISTAKE;
}

/** What nobody expected is a bug: it is told, and what is on disk is left in order. */
function reportBugs(log: Log, journal: Journal): void {
  process.on('uncaughtException', (error) => {
    log.error(`a bug in Drover, which ends here: ${error.message}`, { stack: error.stack ?? '' });
    journal.close();
    process.exit(FAILURE);
  });
}

/** Keeps its promise when a signal asks for the end. */
function stopOnSignals(log: Log): Promise<void> {
  const signals = new StopSignals();
  return new Promise((resolve) => {
    const receive = (signal: keyof typeof END_CODES) => {
      const answer = signals.received(performance.now());
      if (answer === 'end at once') process.exit(END_CODES[signal]);
      if (answer === 'same press') return;
      log.info('stopping: migrations are cancelled where that is still possible; once more ends at once');
      resolve();
    };
    process.on('SIGINT', receive);
    process.on('SIGTERM', receive);
  });
}
