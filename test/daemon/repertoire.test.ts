import { describe, expect, it } from 'vitest';
import { Repertoire } from '../../src/daemon/repertoire.ts';
import { DEFAULT_PROFILE, type Profile } from '../../src/domain/profile.ts';
import type { Shelved } from '../../src/loading/library.ts';
import { definePolicy, option } from '../../src/sdk/index.ts';

const policy = (id: string, most = 10) =>
  definePolicy({
    id,
    about: `${id} for tests.`,
    phase: 'improve',
    options: { limit: option.number('so much', 1, 'pieces', { least: 0, most }) },
    terms: { host: id },
    cost: { host: () => 1 },
  });

const shelved = (id: string, version = 'v1', traits: Partial<Shelved> = {}): Shelved => ({
  id,
  good: { policy: policy(id), version },
  trouble: '',
  gone: false,
  ...traits,
});

const profile = (policies: Profile['policies']): Profile => ({ ...DEFAULT_PROFILE, policies });
const NAMED = profile({ named: { weight: 2, options: { limit: 5 } } });

const atWork = (repertoire: Repertoire) =>
  repertoire.atWork.map(({ policy, version, weight }) => `${policy.id} ${version} × ${weight}`);

const sentences = (repertoire: Repertoire, ...shelf: Shelved[]) =>
  repertoire.take(shelf).map(({ level, sentence }) => `${level}: ${sentence}`);

describe('who is at work', () => {
  it('those of the profile, and newcomers after them', () => {
    const repertoire = new Repertoire([shelved('mine'), shelved('named'), shelved('load-balance')], NAMED);
    expect(atWork(repertoire)).toEqual(['named v1 × 2', 'mine v1 × 1']);
    expect(Object.keys(repertoire.profile.policies)).toEqual(['named', 'mine']);
  });

  it('not those with weight 0', () => {
    const repertoire = new Repertoire([shelved('mine')], profile({ mine: { weight: 0, options: {} } }));
    expect(atWork(repertoire)).toEqual([]);
  });

  it('stays the very same list while nothing changes', () => {
    const shelf = [shelved('named'), shelved('mine')];
    const repertoire = new Repertoire(shelf, NAMED);
    const before = repertoire.atWork;
    expect(sentences(repertoire, ...shelf)).toEqual([]);
    expect(repertoire.atWork).toBe(before);
  });
});

describe('what is new on the shelf', () => {
  it.each<[string, Shelved[], string[], string[]]>([
    [
      'a newcomer',
      [shelved('named'), shelved('mine')],
      ['info: policy mine, version v1, is at work from now on with weight 1, though the profile does not name it'],
      ['named v1 × 2', 'mine v1 × 1'],
    ],
    [
      'a better version',
      [shelved('named', 'v2')],
      ['info: policy named is version v2 from now on (was v1)'],
      ['named v2 × 2'],
    ],
    [
      'a version that is broken',
      [shelved('named', 'v1', { trouble: 'x/policy.ts: does not load' })],
      ['warn: policy named: x/policy.ts: does not load; version v1 stays at work'],
      ['named v1 × 2'],
    ],
    [
      'a version that does not fit the profile any more',
      [shelved('named', 'v2', { good: { policy: policy('named', 4), version: 'v2' } })],
      [
        'warn: policy named: version v2 does not fit: profile.policies.named.options: option "limit" must be at most 4 (pieces), not 5; version v1 stays at work',
      ],
      ['named v1 × 2'],
    ],
    [
      'a newcomer that never loaded',
      [shelved('named'), { id: 'half', trouble: 'half/policy.ts: does not load', gone: false }],
      ['warn: policy half: half/policy.ts: does not load; it is not at work'],
      ['named v1 × 2'],
    ],
    [
      'a file that is gone, though the profile names its policy',
      [shelved('named', 'v1', { gone: true, trouble: 'named/policy.ts: is gone' })],
      ['warn: policy named: named/policy.ts: is gone; version v1 stays at work'],
      ['named v1 × 2'],
    ],
  ])('%s', (_, shelf, told, working) => {
    const repertoire = new Repertoire([shelved('named')], NAMED);
    expect(sentences(repertoire, ...shelf)).toEqual(told);
    expect(atWork(repertoire)).toEqual(working);
    expect(sentences(repertoire, ...shelf)).toEqual([]);
  });

  it('a newcomer whose file is gone leaves, and comes back with its file', () => {
    const repertoire = new Repertoire([shelved('mine')], NAMED);
    const gone = shelved('mine', 'v1', { gone: true, trouble: 'mine/policy.ts: is gone' });
    expect(sentences(repertoire, gone)).toEqual([
      'warn: policy mine: mine/policy.ts: is gone; it is not at work',
      'info: policy mine is no longer at work',
    ]);
    expect(atWork(repertoire)).toEqual([]);
    expect(repertoire.stand([])).toEqual([]);
    repertoire.take([shelved('mine')]);
    expect(atWork(repertoire)).toEqual(['mine v1 × 1']);
  });
});

describe('a policy that costs a cycle its time', () => {
  it('rests until its file changes', () => {
    const repertoire = new Repertoire([shelved('named')], NAMED);
    repertoire.suspend('named', 'it loops');
    expect(atWork(repertoire)).toEqual([]);
    expect(repertoire.stand([])).toMatchObject([{ weight: 0, trouble: 'it loops; it rests until its file changes' }]);
    repertoire.take([shelved('named')]);
    expect(atWork(repertoire)).toEqual([]);
    repertoire.take([shelved('named', 'v2')]);
    expect(atWork(repertoire)).toEqual(['named v2 × 2']);
    expect(repertoire.stand([])).toMatchObject([{ trouble: '' }]);
  });
});

describe('another profile', () => {
  it('is gone by at once', () => {
    const repertoire = new Repertoire([shelved('named')], NAMED);
    expect(repertoire.follow(profile({ named: { weight: 3, options: {} } }))).toEqual([]);
    expect(atWork(repertoire)).toEqual(['named v1 × 3']);
  });

  it('is refused whole when it asks for what is not there', () => {
    const repertoire = new Repertoire([shelved('named')], NAMED);
    expect(repertoire.follow(profile({ other: { weight: 1, options: {} } }))).toEqual([
      expect.stringMatching(/profile.policies.other: there is no such policy/),
    ]);
    expect(atWork(repertoire)).toEqual(['named v1 × 2']);
  });
});

it('says how each policy stands, with its options and their schema', () => {
  const repertoire = new Repertoire([shelved('named'), shelved('load-balance', 'v9')], NAMED);
  expect(repertoire.stand([{ policy: 'named', because: 'its cost is NaN' }])).toEqual([
    {
      id: 'named',
      about: 'named for tests.',
      version: 'v1',
      weight: 2,
      options: { limit: 5 },
      optionsSchema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          limit: { type: 'number', minimum: 0, maximum: 10, default: 1, description: 'so much (pieces)' },
        },
      },
      trouble: 'its cost is NaN',
    },
    expect.objectContaining({ id: 'load-balance', version: 'v9', weight: 0, options: {}, trouble: '' }),
  ]);
});
