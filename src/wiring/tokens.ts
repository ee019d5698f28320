import type { AbstractNewable } from 'inversify';
import type { Settings } from '../config/settings.ts';
import type { Shelf } from '../loading/library.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { History } from '../ports/history.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';

/** inversify checks the types behind classes only, so the symbol for a value is passed off as an abstract class. */
const token = <T>(name: string) => Symbol(name) as unknown as AbstractNewable<T>;

export const SETTINGS = token<Settings>('settings');
export const SHELF = token<Shelf>('policies');
export const CLOCK = token<Clock>('clock');
export const LOG = token<Log>('log');
export const JOURNAL = token<Journal>('journal');
/** The same, with an eye on how its writes go. */
export const WATCHED_JOURNAL = token<Journal>('watched journal');
export const NOTES = token<Notes>('notes');
export const HISTORY = token<History>('history');
export const DRIVER = token<Driver>('driver');
