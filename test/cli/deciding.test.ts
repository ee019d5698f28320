import { describe, expect, test } from 'vitest';
import type { Verdicts } from '../../src/domain/decision.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { drover } from './console.ts';

const stdin = (await drover(['generate', '--hosts', '8', '--vms', '50', '--racks', '2', '--skew', '0.4'])).out;
const vms: { id: string; host: string }[] = JSON.parse(stdin).vms;

describe('decide', () => {
  test('gives each accepted decision a line with its worth, and a summary that agrees with the JSON', async () => {
    const words = (await drover(['decide', '-'], { stdin })).out;
    const verdicts: Verdicts = JSON.parse((await drover(['decide', '-', '--json'], { stdin })).out);
    const accepted = verdicts.decisions.filter(({ refusal }) => refusal === undefined);
    expect(accepted.length).toBeGreaterThan(0);
    for (const { phase, changes, because } of accepted) {
      const change = changes[0]!;
      const what = change.kind === 'move' ? `${change.vm}: ${change.from} → ${change.to}` : `${change.host}: switch`;
      const line = words.split('\n').find((each) => each.startsWith(`${phase}: ${what}`));
      expect(line).toMatch(/ €\/h; costs .* € once/);
      expect(line).toContain(because);
    }
    const { hostsOnBefore, hostsOnAfter, moves } = verdicts.efficacy;
    expect(words).toContain(`\nhosts on    ${hostsOnBefore} → ${hostsOnAfter} `);
    expect(words).toContain(`\nmoves       ${moves} `);
    expect(words).toContain(
      `\nviolations  ${verdicts.violations.length} found, ${verdicts.unrepaired.length} still there`,
    );
  });

  test('is never worse with --deep than without', async () => {
    const efficacy = async (...more: string[]) =>
      (JSON.parse((await drover(['decide', '-', '--json', ...more], { stdin })).out) as Verdicts).efficacy;
    const [plain, deep] = [await efficacy(), await efficacy('--deep', '--seconds', '0.2')];
    const saved = (each: typeof plain) => each.costBeforePerHour - each.costAfterPerHour - 1.5 * each.onceCost;
    expect(saved(deep)).toBeGreaterThanOrEqual(saved(plain));
  });

  test.each([
    [['--seconds', '5'], '--seconds says how long --deep searches: add --deep'],
    [['--deep', '--seconds', '0'], '--seconds is 0, should be above 0 and at most 86400'],
    [['--deep', '--seed', '1.5'], '--seed is 1.5, should be a whole number from 0 on'],
  ])('%j is wrong usage', async (options, sentence) => {
    expect(await drover(['decide', '-', ...options], { stdin })).toMatchObject({
      exitCode: 2,
      said: [`drover: ${sentence}`],
    });
  });

  test('says which policies of the profile there are not', async () => {
    const odd = stdin.replace(/\n}\n$/, ',\n "profile": { "policies": { "load-balanse": {} } }\n}\n');
    const ran = await drover(['decide', '-'], { stdin: odd });
    expect(ran.exitCode).toBe(2);
    expect(ran.said[0]).toMatch(
      /^drover: -: profile\.policies\.load-balanse: there is no such policy; known: .*load-balance/,
    );
  });
});

test('plan gives every step its start and end, and the makespan beside its bound', async () => {
  const words = (await drover(['plan', '-'], { stdin })).out;
  const plan: Plan = JSON.parse((await drover(['plan', '-', '--json'], { stdin })).out);
  expect(plan.steps.length).toBeGreaterThan(0);
  for (const { id } of plan.steps)
    expect(words).toMatch(new RegExp(`^${id} +\\d.* (s|min|ms) +\\d.* (s|min|ms) `, 'm'));
  expect(words).toMatch(
    new RegExp(`\\n${plan.steps.length} steps? in .*; lower bound .* \\(\\d\\.\\d{3} times that\\)\\n$`),
  );
});

describe('explain', () => {
  const vm = vms[0]!;

  test('has a line for every host, and marks the one where the VM is', async () => {
    const lines = (await drover(['explain', '-', '--vm', vm.id], { stdin })).out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^HOST +PER HOUR +ONCE +PAYS +WHY$/);
    expect(lines).toHaveLength(9);
    expect(lines.filter((line) => line.endsWith(' it is here'))).toEqual([expect.stringMatching(`^${vm.host} `)]);
  });

  test('names the rule that forbids a host', async () => {
    const pinned = JSON.parse(stdin);
    pinned.vms[0].pinnedTo = [vm.host];
    const { hosts } = JSON.parse(
      (await drover(['explain', '-', '--vm', vm.id, '--json'], { stdin: JSON.stringify(pinned) })).out,
    );
    for (const { current, refusal } of hosts) expect(refusal === undefined).toBe(current);
  });

  test('can be told how many hosts to show', async () => {
    const ran = await drover(['explain', '-', '--vm', vm.id, '--limit', '2', '--json'], { stdin });
    expect(JSON.parse(ran.out).hosts).toHaveLength(2);
  });

  test('suggests the VM that was meant', async () => {
    const ran = await drover(['explain', '-', '--vm', `${vm.id}x`], { stdin });
    expect(ran).toMatchObject({
      exitCode: 2,
      said: [`drover: -: there is no VM "${vm.id}x" — did you mean "${vm.id}"?`],
    });
  });
});
