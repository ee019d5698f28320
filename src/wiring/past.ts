export { JournalUnreadable } from '../store/journal-trouble.ts';
export { type OpenPast, openPast } from '../store/read-history.ts';
