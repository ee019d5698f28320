import { type DecideInput, decide } from '../../src/decide/decide.ts';
import { changeWords } from '../../src/domain/change.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { loadPolicies } from '../../src/loading/load-policies.ts';
import { choosePolicies } from '../../src/sdk/choose.ts';
import { anInventory } from './fleet.ts';

const { policies: files } = await loadPolicies({ folders: [] });

/** The policies of the default profile, from their real files. */
export const { chosen: STOCK_POLICIES } = choosePolicies(files, DEFAULT_PROFILE);

export function decideInput(snapshot: Snapshot, parts: Partial<DecideInput> = {}): DecideInput {
  return {
    snapshot,
    policies: STOCK_POLICIES,
    profile: DEFAULT_PROFILE,
    prices: DEFAULT_PRICES,
    limits: DEFAULT_LIMITS,
    power: true,
    ...parts,
  };
}

export function decideOn(inventory: Partial<Inventory>, parts: Partial<DecideInput> = {}): Verdicts {
  return decide(decideInput(toSnapshot(anInventory(inventory)), parts));
}

export function acceptedWords(verdicts: Verdicts): string[] {
  return verdicts.decisions.filter(isAccepted).flatMap((decision) => decision.changes.map(changeWords));
}
