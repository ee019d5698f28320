import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { tryOut } from '../../src/loading/try-out.ts';
import { aHost, aSnapshot, aVm } from '../kit/fleet.ts';
import { PolicyFolder, policyText } from './policy-folder.ts';

let folder: PolicyFolder;

beforeAll(() => {
  folder = new PolicyFolder();
});
afterAll(() => folder.end());

const situation = {
  snapshot: aSnapshot({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })], vms: [aVm()] }),
  profile: DEFAULT_PROFILE,
  prices: DEFAULT_PRICES,
  limits: DEFAULT_LIMITS,
  power: true,
};

/** Only for those that never answer: all others say themselves that they have ended. */
const LONG_MS = 60_000;

describe('a try-out in a thread of its own', () => {
  it.concurrent.each([
    ['good', policyText('good', '1'), undefined],
    ['throws', policyText('throws', 'host.nothing.share'), /its cost threw: Cannot read prop/],
    ['nan', policyText('nan', 'Number.NaN'), /its cost is NaN, which is no amount of money/],
    ['broken', 'export default definePolicy({', /does not load: /],
    ['leaves', policyText('leaves', '1', 'process.exit(0);'), /ends the thread in which it is tried out/],
  ])('%s', async (id, text, trouble) => {
    const file = folder.write(id, text);
    const said = await tryOut({ file, situation, deadlineMs: LONG_MS, loadDeadlineMs: LONG_MS });
    if (trouble === undefined) expect(said).toBeUndefined();
    else {
      expect(said).toMatch(trouble);
      expect(said?.split(file)).toHaveLength(2);
    }
  });

  it.concurrent.each([
    ['loops-at-work', policyText('loops-at-work', '{ for (;;); }'), /does not come to an end on the present situation/],
    ['loops-at-start', policyText('loops-at-start', '1', 'for (;;);'), /does not load to its end within 500 ms/],
  ])('%s is ended', async (id, text, trouble) => {
    const file = folder.write(id, text);
    const loadDeadlineMs = id === 'loops-at-start' ? 500 : LONG_MS;
    expect(await tryOut({ file, situation, deadlineMs: 100, loadDeadlineMs })).toMatch(trouble);
  });

  it('takes no options that the profile gives in vain', async () => {
    const profile = { ...DEFAULT_PROFILE, policies: { picky: { weight: 1, options: { most: 3 } } } };
    const file = folder.write('picky', policyText('picky', '1'));
    const said = await tryOut({ file, situation: { ...situation, profile }, deadlineMs: LONG_MS });
    expect(said).toMatch(/profile.policies.picky.options: there is no option "most"/);
  });
});
