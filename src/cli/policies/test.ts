import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { toSnapshot } from '../../domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../domain/profile.ts';
import { MINUTE } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import { folderNameOf, policyFilesIn } from '../../loading/policy-files.ts';
import { tryOut } from '../../loading/try-out.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../simulator/generate.ts';
import type { Call } from '../command.ts';
import { DONE, type Ending, refused, wrong } from '../io.ts';
import { compilerFaults } from './compiler-words.ts';
import { type Ran, runTool } from './run-tool.ts';
import { policyTsconfig, ROOT } from './type-checking.ts';

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** Only what loops without end takes this long. */
const DEADLINE_MS = 3 * MINUTE;
const MOST_LINES = 20;

/** What the compiler and the tests of one policy say. */
export interface PolicyReport {
  readonly policy: string;
  readonly file: string;
  readonly passed: number;
  /** What failed, and how. */
  readonly failures: readonly { readonly check: string; readonly because: string }[];
}

/** Compiles and tests the policy in the folder, or each of those below it. */
export async function testPolicies(folder: string, { io, out, json }: Output): Promise<Ending> {
  const path = resolve(io.cwd, folder);
  const files = filesAt(path);
  if (files.length === 0) return wrong(`${folder}: there is no policy here: neither policy.ts nor ID/policy.ts`);
  if (!existsSync(VITEST) || !existsSync(TSC)) {
    return refused('tests of policies need the development tools of Drover: `npm ci` in its folder installs them');
  }
  const endless = await endlessOnes(files);
  if (endless.length > 0) return refused(...endless);
  const reports = await reportsOn(path, files, io.env);
  if (typeof reports === 'string') return refused(`${folder}: ${reports}`);
  if (json) await out.printJson({ folder: path, policies: reports });
  else await out.printLines(reports.flatMap(reportLines));
  const failed = reports.filter(({ failures }) => failures.length > 0).map(({ policy }) => policy);
  return failed.length === 0 ? DONE : refused(`not every check passed: ${failed.join(', ')}`);
}

type Output = Pick<Call, 'io' | 'out' | 'json'>;

const ENDLESS = /does not (?:load|come) to (?:its|an) end/;

/** Nothing interrupts a test that loops without end, and so that is found out beforehand, where it can be. */
async function endlessOnes(files: readonly string[]): Promise<string[]> {
  const inventory = generateInventory({ ...GENERATE_DEFAULTS, hosts: 4, vms: 24 }, 1);
  if ('because' in inventory) throw new Error(inventory.because);
  const troubles: string[] = [];
  for (const file of files) {
    const trouble = await tryOut({ file, situation: { ...PRESENT, snapshot: toSnapshot(inventory) } });
    if (trouble !== undefined && ENDLESS.test(trouble)) troubles.push(trouble.replace(' on the present situation', ''));
  }
  return troubles;
}

const PRESENT = { profile: DEFAULT_PROFILE, prices: DEFAULT_PRICES, limits: DEFAULT_LIMITS, power: true };

function filesAt(path: string): readonly string[] {
  if (existsSync(join(path, 'policy.ts'))) return [join(path, 'policy.ts')];
  const found = policyFilesIn(path);
  return typeof found === 'string' ? [] : found;
}

async function reportsOn(
  path: string,
  files: readonly string[],
  env: Call['io']['env'],
): Promise<readonly PolicyReport[] | string> {
  const workspace = await mkdtemp(join(tmpdir(), 'drover-policy-test-'));
  try {
    const config = join(workspace, 'tsconfig.json');
    const results = join(workspace, 'results.json');
    await writeFile(config, policyTsconfig(files));
    const tested = ['run', '--config', join(ROOT, 'test/kit/policies.vitest.config.ts'), '--dir', path];
    const [compiled, ran] = await Promise.all([
      runTool([TSC, '-p', config], { env, cwd: ROOT, deadlineMs: DEADLINE_MS }),
      runTool([VITEST, ...tested, '--reporter=json', `--outputFile=${results}`], {
        env,
        cwd: ROOT,
        deadlineMs: DEADLINE_MS,
      }),
    ]);
    if (ran.isLate) return `the tests did not come to an end within ${spanWords(DEADLINE_MS)}`;
    const tests = await readResults(results, ran);
    if (typeof tests === 'string') return tests;
    return files.map((file) => reportOn(file, compiled, tests));
  } finally {
    await rm(workspace, { recursive: true });
  }
}

/** As far as it is needed here, what the tester's JSON says of one file of tests. */
interface TestedFile {
  readonly name: string;
  readonly message?: string;
  readonly assertionResults: readonly {
    readonly ancestorTitles: readonly string[];
    readonly title: string;
    readonly status: string;
    readonly failureMessages?: readonly string[];
  }[];
}

async function readResults(file: string, ran: Ran): Promise<readonly TestedFile[] | string> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { testResults: TestedFile[] }).testResults;
  } catch {
    return `the tests could not be run: ${plain(ran.output)}`;
  }
}

function reportOn(file: string, compiled: Ran, tests: readonly TestedFile[]): PolicyReport {
  const testFile = join(dirname(file), 'policy.test.ts');
  const tested = tests.find(({ name }) => name === testFile);
  const failed = (tested?.assertionResults ?? []).filter(({ status }) => status === 'failed');
  const passed = (tested?.assertionResults ?? []).filter(({ status }) => status === 'passed').length;
  const faults = compiled.exitCode === 0 ? [] : compilerFaults(compiled.output, folderNameOf(file));
  const failures = [
    ...faults.map((because) => ({ check: 'compiles', because })),
    ...(tested === undefined ? [{ check: 'has tests', because: `${testFile} is missing` }] : []),
    ...failed.map(({ ancestorTitles, title, failureMessages = [] }) => ({
      check: [...ancestorTitles.slice(1), title].join(' › '),
      because: plain(failureMessages.join('\n')),
    })),
  ];
  if (tested !== undefined && passed + failed.length === 0) {
    failures.push({ check: 'tests load', because: plain(tested.message ?? 'there are no tests in it') });
  }
  const told = faults.length === 0 ? failures : failures.filter(({ because }) => !CONSEQUENCE.test(because));
  return { policy: folderNameOf(file), file, passed, failures: told };
}

/** How what the compiler has complained of comes to light once more when it runs. */
const CONSEQUENCE = /is not defined|Cannot read propert|is not a function|Transform failed|specifier in "drover"/;

function reportLines({ policy, passed, failures }: PolicyReport): string[] {
  if (failures.length === 0) return [`✓ ${policy}: ${passed} checks passed`];
  const byCause = new Map<string, string[]>();
  for (const { check, because } of failures) byCause.set(because, [...(byCause.get(because) ?? []), check]);
  return [
    `✗ ${policy}: ${passed} checks passed, ${failures.length} failed`,
    ...[...byCause].flatMap(([because, [first = '', ...others]]) => [
      `  ${first}${others.length === 0 ? '' : ` (and ${others.length} more for the same reason)`}`,
      ...because.split('\n').map((line) => `      ${line}`),
    ]),
  ];
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const ERROR = /^(?:\w*Error: )/;

/** What is wrong, without colours and without the way there through the tester's own code. */
function plain(message: string): string {
  const lines = message.replaceAll(COLOUR, '').trim().split('\n');
  const begin = lines.findIndex((line) => ERROR.test(line));
  const said = lines.slice(Math.max(0, begin)).filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return said.slice(0, MOST_LINES).join('\n').replace(ERROR, '');
}
