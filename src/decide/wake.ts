import { ON } from '../domain/power.ts';
import type { Situation } from './situation.ts';

/** Sends for hosts until the reserve is whole again. It is insurance, so it is not asked to pay back. */
export function wakeReserve(situation: Situation): void {
  const { reserve, book } = situation;
  for (let short = reserve.shortage(); short !== undefined && book.hasRoomFor(1); short = reserve.shortage()) {
    const host = situation.sleepers.cheapest();
    if (host === undefined) return;
    const trial = situation.trial();
    trial.switch(host, 'on', ON);
    situation.accept(trial, { phase: 'relieve', policy: 'core', because: short });
  }
}
