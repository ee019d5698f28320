import { describe, expect, it } from 'vitest';
import { heldByRatchet, measure } from './lengths.ts';
import { readRatchet } from './ratchet.ts';
import { RULES } from './rules.ts';
import { readTree } from './tree.ts';

describe('the repository', () => {
  const tree = readTree();

  it.each(Object.entries(RULES))('%s', (_words, rule) => {
    expect(rule(tree)).toEqual([]);
  });

  it('gets no longer than the ratchet allows', () => {
    expect(heldByRatchet(measure(tree), readRatchet())).toEqual([]);
  });
});
