import { Container, ContainerModule } from 'inversify';
import type { Settings } from '../config/settings.ts';
import type { Shelf } from '../loading/library.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { History } from '../ports/history.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';
import { loop } from './loop.ts';
import { CLOCK, DRIVER, HISTORY, JOURNAL, LOG, NOTES, SETTINGS, SHELF } from './tokens.ts';

/** All that is kept on disk. */
export type Books = Journal & { readonly notes: Notes; readonly history: History };

/** What opens at the edge and may refuse to: it is open before anything is put together. */
export interface Edges {
  readonly settings: Settings;
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Books;
  readonly driver: Driver;
}

export function makeContainer(edges: Edges): Container {
  const container = new Container();
  container.load(edgesAsOpened(edges), loop);
  return container;
}

const edgesAsOpened = (edges: Edges) =>
  new ContainerModule(({ bind }) => {
    bind(SETTINGS).toConstantValue(edges.settings);
    bind(SHELF).toConstantValue(edges.shelf);
    bind(CLOCK).toConstantValue(edges.clock);
    bind(LOG).toConstantValue(edges.log);
    bind(JOURNAL).toConstantValue(edges.journal);
    bind(NOTES).toConstantValue(edges.journal.notes);
    bind(HISTORY).toConstantValue(edges.journal.history);
    bind(DRIVER).toConstantValue(edges.driver);
  });
