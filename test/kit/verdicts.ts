/** Accepted decisions for tests of what comes after deciding. */
import type { Change, Move, PowerSwitch } from '../../src/domain/change.ts';
import type { Decision, Verdicts } from '../../src/domain/decision.ts';
import { NOON_MS } from './fleet.ts';

export const move = (vm: string, from: string, to: string): Move => ({ kind: 'move', vm, from, to });

export const power = (host: string, to: 'on' | 'off'): PowerSwitch => ({ kind: 'power', host, to });

export function aDecision(changes: readonly Change[], traits: Partial<Decision> = {}): Decision {
  return {
    id: 'd1',
    phase: 'improve',
    policy: 'test',
    policyVersion: '',
    terms: [],
    savingPerHour: 1,
    onceCost: 0,
    paybackMs: 0,
    because: 'the test wants it',
    ...traits,
    changes,
  };
}

/** Each change accepted by itself. */
export function eachAccepted(changes: readonly Change[], phase: Decision['phase'] = 'improve'): Decision[] {
  return changes.map((change, index) => aDecision([change], { id: `d${index + 1}`, phase }));
}

export function theVerdicts(decisions: readonly Decision[], snapshotVersion = 1): Verdicts {
  return {
    snapshotVersion,
    atMs: NOON_MS,
    decisions,
    violations: [],
    unrepaired: [],
    staysOn: [],
    terms: [],
    efficacy: {
      costBeforePerHour: 0,
      costAfterPerHour: 0,
      onceCost: 0,
      moves: 0,
      switchedOn: 0,
      switchedOff: 0,
      hostsOnBefore: 0,
      hostsOnAfter: 0,
      bytesToCopy: 0,
    },
    skipped: [],
    limitsHit: [],
  };
}
