import {
  LIFECYCLE,
  RESUMED_BY_MIGRATION,
  RESUMED_BY_POST_COPY,
  STARTED_BY_MIGRATION,
  STOPPED_BY_MIGRATION,
  STOPPED_BY_SAVING,
  STOPPED_BY_SHUTDOWN,
} from './procedures.ts';

export const hasArrived = (event: number, detail: number): boolean =>
  event === LIFECYCLE.resumed && (detail === RESUMED_BY_MIGRATION || detail === RESUMED_BY_POST_COPY);

/** As somebody wanted it who shut it down or saved it, and not by a crash or a migration. */
export const hasEndedInOrder = (event: number, detail: number): boolean =>
  event === LIFECYCLE.stopped && (detail === STOPPED_BY_SHUTDOWN || detail === STOPPED_BY_SAVING);

/** A start, an end or a pause that is no part of a migration of ours. */
export function changesWhatExists(event: number, detail: number, isOurs: boolean): boolean {
  if (event === LIFECYCLE.started) return detail !== STARTED_BY_MIGRATION || !isOurs;
  if (event === LIFECYCLE.suspended || event === LIFECYCLE.resumed) return !isOurs;
  return event === LIFECYCLE.stopped && (detail !== STOPPED_BY_MIGRATION || !isOurs);
}
