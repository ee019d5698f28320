import { describe, expect, it } from 'vitest';
import { inTheWay } from '../../src/daemon/in-the-way.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';

const move = (vm: string): Change => ({ kind: 'move', vm, from: 'h1', to: 'h2' });

const decided = (id: string, phase: Decision['phase'], ...changes: Change[]): Decision => ({
  ...{ id, phase, changes, policy: 'core', policyVersion: '', because: '', terms: [] },
  ...{ savingPerHour: 1, onceCost: 0, paybackMs: null },
});

const REPAIR = decided('d1', 'repair', move('apart'));
const PAIR = decided('d2', 'improve', move('talker'), move('listener'));
const SLEEP = decided('d3', 'improve', { kind: 'power', host: 'h3', to: 'off' }, move('last'));

describe('who is in the way of a repair', () => {
  it.each<[string, readonly Decision[], readonly string[]]>([
    ['VMs of what was lost with it', [REPAIR, PAIR, SLEEP], ['talker', 'listener', 'last']],
    ['nobody, where no repair was lost', [PAIR, SLEEP], []],
    ['nobody, where only the repair was', [REPAIR], []],
    ['nobody, where all can be done', [], []],
  ])('%s', (_, lost, vms) => {
    const impossible = lost.flatMap(({ id, changes }) =>
      changes.map((change) => ({ decision: id, change, because: '' })),
    );
    expect(inTheWay({ impossible }, { decisions: [REPAIR, PAIR, SLEEP] })).toEqual(vms);
  });
});
