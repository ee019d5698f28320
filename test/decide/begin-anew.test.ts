import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { Judge } from '../../src/decide/judge.ts';
import { isAccepted } from '../../src/domain/decision.ts';
import { Draft } from '../../src/domain/draft.ts';
import { smallCase } from '../bench/small-cases.ts';
import { afterwards } from '../kit/afterwards.ts';
import { acceptedWords } from '../kit/deciding.ts';

/** The exact optimum of each is known: so many hosts on. */
const ROWS = [
  { it: 'hosts that were emptied first are better emptied last', seed: 8_124, hostsOn: 2 },
  { it: 'one less, when others take what they can', seed: 6_131, hostsOn: 5 },
  { it: 'one more, which spares many moves', seed: 4_106, hostsOn: 4 },
  { it: 'two for one', seed: 6_169, hostsOn: 5 },
  { it: 'others for the same work, with rules and a reserve', seed: 3_025, hostsOn: 5 },
];

describe('what was decided first does not keep a small fleet from what is better …', () => {
  it.each(ROWS)('$it', ({ seed, hostsOn }) => {
    const { input } = smallCase(seed, 10);
    const verdicts = decide(input);
    expect(verdicts.efficacy.hostsOnAfter).toBe(hostsOn);
    expect(verdicts.unrepaired).toEqual([]);
    for (const { phase, savingPerHour, onceCost } of verdicts.decisions.filter(isAccepted)) {
      if (phase === 'improve') expect(savingPerHour).toBeGreaterThan(onceCost);
    }
    const after = afterwards(input.snapshot, verdicts);
    expect(new Judge(new Draft(after), input.profile).violations()).toEqual([]);
    expect(acceptedWords(decide({ ...input, snapshot: after }))).toEqual([]);
  });

  it('unless changes are limited: then they go where they gain most', () => {
    const { input } = smallCase(8_124, 10);
    const { efficacy, limitsHit } = decide({ ...input, limits: { ...input.limits, changesPerCycle: 6 } });
    expect(limitsHit).toEqual(['no more than 6 changes per cycle']);
    expect(efficacy.moves + efficacy.switchedOff).toBeLessThanOrEqual(6);
    expect(efficacy.costAfterPerHour).toBeLessThan(efficacy.costBeforePerHour);
  });
});
