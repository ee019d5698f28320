import { createTask } from 'node-cron';
import type { CalendarEntry } from '../config/settings.ts';
import type { HostId } from '../domain/host.ts';
import { DAY, MINUTE } from '../domain/units.ts';
import type { Clock, Stop } from '../ports/clock.ts';

/** How far back the last entries are looked for when Drover starts in the middle of a period. */
const LOOK_BACK_MS = 7 * DAY;

/** So many hosts, from then on. */
export interface HostsWish {
  readonly atLeast: number;
  readonly byMs: number;
}

/** What entries ask for; absent where none speaks of it. */
export interface CalendarWish extends Pick<CalendarEntry, 'mode' | 'power' | 'profile'> {
  readonly hostsOn?: HostsWish;
}

/** Hosts that are emptied and take nothing until then. */
export interface MaintenanceWindow {
  readonly hosts: readonly HostId[];
  readonly untilMs: number;
}

interface Appointment {
  readonly entry: CalendarEntry;
  matches(atMs: number): boolean;
}

/**
 * Changes of course at set times, good to the minute. node-cron is asked whether a time matches and never schedules
 * anything, so that the calendar follows datacenter time whatever its speed.
 */
export class Calendar {
  readonly #appointments: readonly Appointment[];

  constructor(entries: readonly CalendarEntry[]) {
    this.#appointments = entries.map((entry) => ({ entry, matches: matcher(entry.at, entry.timezone) }));
  }

  /** What comes due at the whole minute; of two entries the later one in the list wins. */
  dueAt(atMs: number): CalendarWish {
    const due = this.#appointments.filter((appointment) => appointment.matches(atMs));
    return Object.assign({}, ...due.map(({ entry }) => wishOf(entry, atMs)));
  }

  /** The windows that begin at the whole minute. */
  windowsFrom(atMs: number): MaintenanceWindow[] {
    return this.#appointments.flatMap(({ entry: { maintenance }, matches }) => {
      if (maintenance === undefined || !matches(atMs)) return [];
      return [{ hosts: maintenance.hosts, untilMs: atMs + maintenance.minutes * MINUTE }];
    });
  }

  /** What the past week's entries add up to: a restart within a period must not forget how it began. */
  standingAt(nowMs: number): CalendarWish {
    let wish: CalendarWish = {};
    const kinds = new Set(this.#appointments.flatMap(({ entry }) => Object.keys(wishOf(entry, nowMs))));
    if (kinds.size === 0) return wish;
    for (let atMs = wholeMinute(nowMs); atMs > nowMs - LOOK_BACK_MS; atMs -= MINUTE) {
      wish = { ...this.dueAt(atMs), ...wish };
      if (Object.keys(wish).length === kinds.size) break;
    }
    return wish;
  }

  /** The windows that have begun and are not over. */
  windowsAt(nowMs: number): MaintenanceWindow[] {
    const lengths = this.#appointments.map(({ entry }) => entry.maintenance?.minutes ?? 0);
    const longestMs = Math.max(0, ...lengths) * MINUTE;
    const begun: MaintenanceWindow[] = [];
    for (let atMs = wholeMinute(nowMs); atMs > nowMs - longestMs; atMs -= MINUTE) begun.push(...this.windowsFrom(atMs));
    return begun.filter(({ untilMs }) => untilMs > nowMs);
  }

  /**
   * Calls with each minute that passes, until stopped; not at all where there is no entry. Of a clock that is put forward,
   * as it is when a machine that woke in 1970 learns the time, the past week is gone through; one that is put back is
   * followed from there.
   */
  follow(clock: Clock, minute: (atMs: number) => void): Stop {
    if (this.#appointments.length === 0) return () => undefined;
    let checkedAtMs = wholeMinute(clock.nowMs());
    let stopTimer: Stop;
    const wait = () => {
      stopTimer = clock.after(Math.min(MINUTE, checkedAtMs + MINUTE - clock.nowMs()), check);
    };
    const check = () => {
      const nowMs = wholeMinute(clock.nowMs());
      const isPutBack = nowMs < checkedAtMs - MINUTE;
      checkedAtMs = isPutBack ? nowMs : Math.max(checkedAtMs, nowMs - LOOK_BACK_MS);
      while (checkedAtMs + MINUTE <= clock.nowMs()) {
        checkedAtMs += MINUTE;
        minute(checkedAtMs);
      }
      wait();
    };
    wait();
    return () => stopTimer();
  }
}

const wholeMinute = (ms: number): number => Math.floor(ms / MINUTE) * MINUTE;

function wishOf({ mode, power, profile, hostsOn, timezone }: CalendarEntry, atMs: number): CalendarWish {
  return {
    ...(mode !== undefined && { mode }),
    ...(power !== undefined && { power }),
    ...(profile !== undefined && { profile }),
    ...(hostsOn !== undefined && {
      hostsOn: { atLeast: hostsOn.atLeast, byMs: firstAt(hostsOn.by, timezone, wholeMinute(atMs)) },
    }),
  };
}

/** The first whole minute from then on at which the clocks there show that time of day. */
function firstAt(timeOfDay: string, timezone: string, fromMs: number): number {
  const [hours, minutes] = timeOfDay.split(':').map(Number);
  const matches = matcher(`${minutes} ${hours} * * *`, timezone);
  for (let atMs = fromMs; atMs < fromMs + 2 * DAY; atMs += MINUTE) if (matches(atMs)) return atMs;
  // Clocks are put forward over that time of day.
  return fromMs + DAY;
}

function matcher(expression: string, timezone: string): Appointment['matches'] {
  const task = createTask(toTheMinute(expression), () => undefined, { timezone });
  void task.destroy();
  return (atMs) => task.match(new Date(atMs));
}

const FIELDS_WITH_SECONDS = 6;

/** Seconds in front of a cron expression are left out: only whole minutes are asked for. */
function toTheMinute(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  return fields.slice(fields.length === FIELDS_WITH_SECONDS ? 1 : 0).join(' ');
}
