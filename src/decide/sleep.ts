import type { Profile } from '../domain/profile.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';

/** Why a host that is off is left alone, whatever it would be good for. A person may wake it all the same. */
export function sleepsOnBecause({ hosts, atMs }: Snapshot, profile: Profile, host: number): Refusal | undefined {
  const id = hosts.ids[host]!;
  if (hosts.mayBeWoken[host] !== 1)
    return { rule: 'may-be-woken', because: `${id} was switched off by others, and is theirs to wake` };
  const changedAtMs = hosts.lastPowerChangeAtMs[host]!;
  const restMs = changedAtMs + profile.minimumOffMinutes * MINUTE - atMs;
  if (changedAtMs === 0 || restMs <= 0) return undefined;
  return {
    rule: 'minimum-off',
    because: `${id} was switched off a short while ago and stays off for ${spanWords(restMs)} more`,
  };
}
