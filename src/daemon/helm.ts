import { USUAL_PROFILE } from '../config/calendar.ts';
import type { Settings } from '../config/settings.ts';
import type { HostId } from '../domain/host.ts';
import type { Mode, Profile } from '../domain/profile.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { Calendar, type CalendarWish, type HostsWish, type MaintenanceWindow } from './calendar.ts';

export interface HelmParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => Settings;
  /** Goes by another profile; or says what of it cannot be honoured, and changes nothing. */
  readonly follow: (profile: Profile) => readonly string[];
  /** What was decided under another course no longer stands. */
  readonly changed: (reason: string) => void;
}

/** Where the daemon is steered to: by its configuration, by the calendar, and by persons. */
export class Helm {
  readonly #parts: HelmParts;
  #mode: Mode;
  #power: boolean;
  #profileName = USUAL_PROFILE;
  #hostsOn: HostsWish | undefined;
  #isOutsideWindow = false;
  #windows: readonly MaintenanceWindow[] = [];
  #stopCalendar: Stop = () => undefined;

  constructor(parts: HelmParts) {
    this.#parts = parts;
    const { mode, power } = parts.settings();
    this.#mode = mode;
    this.#power = power;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get power(): boolean {
    return this.#power;
  }

  get hostsOn(): HostsWish | undefined {
    return this.#hostsOn;
  }

  /** The calendar has ended the time in which hosts may be off: it is a standing order to have them back. */
  get isOutsidePowerWindow(): boolean {
    return this.#isOutsideWindow && !this.#power;
  }

  /** The one that stands; of a configuration that is about to be taken over, if need be. */
  profile({ profiles, profile }: Settings = this.#parts.settings()): Profile {
    return profiles[this.#profileName] ?? profile;
  }

  isInMaintenance(host: HostId): boolean {
    return this.#windows.some(({ hosts }) => hosts.includes(host));
  }

  /** Goes by the calendar of the configuration from now on. */
  keepCalendar(): void {
    const { clock, settings } = this.#parts;
    this.#stopCalendar();
    const calendar = new Calendar(settings().calendar);
    this.#windows = calendar.windowsAt(clock.nowMs());
    this.#hostsOn = undefined;
    this.#isOutsideWindow = false;
    this.#keepTo(calendar.standingAt(clock.nowMs()));
    this.#stopCalendar = calendar.follow(clock, (atMs) => {
      this.#moveWindows(calendar, atMs);
      this.#keepTo(calendar.dueAt(atMs));
    });
  }

  leaveCalendar(): void {
    this.#stopCalendar();
  }

  steer({ mode = this.#mode, power = this.#power, profile = this.#profileName, hostsOn }: CalendarWish): void {
    const { log, changed } = this.#parts;
    if (hostsOn !== undefined) this.#expect(hostsOn);
    if (profile !== this.#profileName) this.#changeProfile(profile);
    if (mode === this.#mode && power === this.#power) return;
    this.#mode = mode;
    this.#power = power;
    log.info(`mode is ${mode} now; hosts are ${power ? '' : 'not '}switched on and off`, { mode, power });
    changed('the course changed');
  }

  #keepTo(wish: CalendarWish): void {
    if (wish.power !== undefined) this.#isOutsideWindow = !wish.power;
    this.steer(wish);
  }

  #expect(hostsOn: HostsWish): void {
    this.#hostsOn = hostsOn;
    const { atLeast, byMs } = hostsOn;
    if (atLeast === 0) this.#parts.log.info('as many hosts are on as the load needs');
    else this.#parts.log.info(`at least ${atLeast} hosts are to be on by ${new Date(byMs).toISOString()}`);
  }

  #changeProfile(name: string): void {
    const { settings, follow, log, changed } = this.#parts;
    const { profiles, profile } = settings();
    const problems = follow(profiles[name] ?? profile);
    if (problems.length > 0) {
      log.warn(`profile ${name} cannot be gone by, so ${this.#profileName} stays: ${problems.join('; ')}`);
      return;
    }
    this.#profileName = name;
    log.info(`profile is ${name} now`);
    changed('the profile changed');
  }

  #moveWindows(calendar: Calendar, atMs: number): void {
    const { log, changed } = this.#parts;
    const over = this.#windows.filter(({ untilMs }) => untilMs <= atMs);
    const begun = calendar.windowsFrom(atMs);
    if (over.length === 0 && begun.length === 0) return;
    this.#windows = [...this.#windows.filter(({ untilMs }) => untilMs > atMs), ...begun];
    for (const { hosts, untilMs } of begun)
      log.info(`maintenance of ${hosts.join(', ')} begins, until ${new Date(untilMs).toISOString()}`);
    for (const { hosts } of over) log.info(`maintenance of ${hosts.join(', ')} is over`);
    changed('a maintenance window changed');
  }
}
