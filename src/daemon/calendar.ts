import { createTask } from 'node-cron';
import type { CalendarEntry } from '../config/settings.ts';
import { DAY, MINUTE } from '../domain/units.ts';
import type { Clock, Stop } from '../ports/clock.ts';

/** How far back the last entries are looked for when Drover starts in the middle of a period. */
const LOOK_BACK_MS = 7 * DAY;

/** What entries ask for; absent where none speaks of it. */
export type CalendarWish = Pick<CalendarEntry, 'mode' | 'power'>;

interface Appointment {
  readonly wish: CalendarWish;
  matches(atMs: number): boolean;
}

/**
 * Changes of mode and power at set times, good to the minute. node-cron is asked whether a time matches and never
 * schedules anything, so that the calendar follows datacenter time whatever its speed.
 */
export class Calendar {
  readonly #appointments: readonly Appointment[];

  constructor(entries: readonly CalendarEntry[]) {
    this.#appointments = entries.map(appointment);
  }

  /** What comes due at the whole minute; of two entries the later one in the list wins. */
  dueAt(atMs: number): CalendarWish {
    const due = this.#appointments.filter((entry) => entry.matches(atMs));
    return Object.assign({}, ...due.map((entry) => entry.wish));
  }

  /** What the past week's entries add up to: a restart within a period must not forget how it began. */
  standingAt(nowMs: number): CalendarWish {
    let wish: CalendarWish = {};
    if (this.#appointments.length === 0) return wish;
    for (let atMs = wholeMinute(nowMs); atMs > nowMs - LOOK_BACK_MS; atMs -= MINUTE) {
      wish = { ...this.dueAt(atMs), ...wish };
      if (wish.mode !== undefined && wish.power !== undefined) break;
    }
    return wish;
  }

  /** Calls with what comes due, minute by minute, until stopped. */
  follow(clock: Clock, due: (wish: CalendarWish) => void): Stop {
    if (this.#appointments.length === 0) return () => undefined;
    let checkedAtMs = wholeMinute(clock.nowMs());
    let stopTimer: Stop;
    const wait = () => {
      stopTimer = clock.after(checkedAtMs + MINUTE - clock.nowMs(), check);
    };
    const check = () => {
      while (checkedAtMs + MINUTE <= clock.nowMs()) {
        checkedAtMs += MINUTE;
        const wish = this.dueAt(checkedAtMs);
        if (wish.mode !== undefined || wish.power !== undefined) due(wish);
      }
      wait();
    };
    wait();
    return () => stopTimer();
  }
}

const wholeMinute = (ms: number): number => Math.floor(ms / MINUTE) * MINUTE;

function appointment({ at, timezone, mode, power }: CalendarEntry): Appointment {
  const task = createTask(toTheMinute(at), () => undefined, { timezone });
  void task.destroy();
  return {
    wish: { ...(mode !== undefined && { mode }), ...(power !== undefined && { power }) },
    matches: (atMs) => task.match(new Date(atMs)),
  };
}

const FIELDS_WITH_SECONDS = 6;

/** Seconds in front of a cron expression are left out: only whole minutes are asked for. */
function toTheMinute(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  return fields.slice(fields.length === FIELDS_WITH_SECONDS ? 1 : 0).join(' ');
}
