import { extname } from 'node:path';
import type { Case } from '../../case/case.ts';
import { readCase } from '../../case/read-case.ts';
import { type Problem, problemWords } from '../../config/problem.ts';
import { readSettings } from '../../config/read-settings.ts';
import { withoutSecrets } from '../../config/secrets.ts';
import type { Settings } from '../../config/settings.ts';
import { findViolations } from '../../decide/decide.ts';
import type { Finding } from '../../domain/finding.ts';
import { toSnapshot } from '../../domain/inventory.ts';
import type { Profile } from '../../domain/profile.ts';
import type { Violation } from '../../domain/rule.ts';
import { POLICIES_OPTION, policiesFor } from '../case-input.ts';
import { type Call, defineCommand } from '../command.ts';
import { violationLines } from '../decision-lines.ts';
import { DONE, type Ending, isEnding, refused, wrong } from '../io.ts';
import { type InputText, readText } from '../read-input.ts';
import { table } from '../table.ts';

export const check = defineCommand({
  name: 'check',
  group: 'try',
  about: 'Say what is in a file, which rules are broken, or all that is wrong with it',
  more: `A file is taken for a configuration when its name ends in .yaml or .yml, for a case when it ends in .json or begins
with {. With --live, all that a configuration relies on is tried on its hosts: connection, version, storage, networks,
processors, the way from host to host and its ports, memory, BMCs. Each failure comes with its remedy. A rule that is
broken in a case is what Drover is there to repair: it is listed, and is no failure.`,
  operands: [{ name: 'CASE|CONFIG', about: 'Case file or configuration, or - for stdin' }],
  options: {
    policies: POLICIES_OPTION,
    live: { kind: 'flag', about: 'Try on the hosts themselves what the configuration relies on; nothing is changed' },
  },
  examples: [
    'drover check case.json',
    'drover check drover.yaml',
    'drover check --live drover.yaml',
    'drover generate | drover check -',
  ],
  async run({ operands, options, ...call }) {
    const input = await readText(call.io, operands[0]!);
    if (isEnding(input)) return input;
    const folders = options.policies === undefined ? [] : [options.policies];
    const isLive = options.live === true;
    if (!isCaseFile(input)) return checkConfig(input, folders, isLive, call);
    return isLive ? wrong(`${input.name} is a case; --live is for configurations`) : checkCase(input, folders, call);
  },
});

type Output = Pick<Call, 'json' | 'io' | 'out'>;

function isCaseFile({ name, text }: InputText): boolean {
  const extension = extname(name).toLowerCase();
  if (extension === '.yaml' || extension === '.yml') return false;
  return extension === '.json' || /^\uFEFF?\s*[{[]/.test(text);
}

async function checkCase({ name, text }: InputText, folders: readonly string[], call: Output): Promise<Ending> {
  const read = readCase(text, name);
  if (Array.isArray(read)) return report('case', name, read, call);
  const unknown = await policyProblems(name, read.profile, folders, call);
  if (unknown.length > 0) return report('case', name, unknown, call);
  const violations = violationsOf(read);
  const content = caseContent(read);
  if (call.json) await call.out.printJson({ file: name, kind: 'case', problems: [], content, violations });
  else await call.out.printLines(caseLines(name, content, violations));
  return DONE;
}

async function checkConfig(
  { name, text }: InputText,
  folders: readonly string[],
  isLive: boolean,
  call: Output,
): Promise<Ending> {
  const read = readSettings(text, name);
  if (Array.isArray(read)) return report('configuration', name, read, call);
  const unknown = await policyProblems(name, read.profile, [...read.policyFolders, ...folders], call);
  if (unknown.length > 0) return report('configuration', name, unknown, call);
  if (isLive) return checkLive(name, read, call);
  if (call.json)
    await call.out.printJson({ file: name, kind: 'configuration', problems: [], settings: withoutSecrets(read) });
  else await call.out.printLines(configLines(name, read));
  return DONE;
}

async function checkLive(name: string, { driver }: Settings, { json, out }: Output): Promise<Ending> {
  if (driver.kind !== 'libvirt') return wrong(`${name} has the driver ${driver.kind}; --live is for real hosts`);
  const { examineLibvirt } = await import('../../wiring/libvirt.ts');
  const findings = await examineLibvirt(driver);
  if (typeof findings === 'string') return refused(`${name}: ${findings}`);
  const failed = findings.filter(({ state }) => state === 'failed');
  if (json) await out.printJson({ file: name, kind: 'configuration', problems: [], findings });
  else await out.printLines([...table(FINDING_COLUMNS, findings.map(findingRow)), '', ...remedyLines(failed)]);
  return { exitCode: failed.length === 0 ? 0 : 1, sentences: [] };
}

const FINDING_COLUMNS = [{ title: 'STATE' }, { title: 'WHERE' }, { title: 'WHAT' }, { title: 'FOUND' }] as const;

const findingRow = ({ state, about, check, words }: Finding): string[] => [state, about, check, words];

function remedyLines(failed: readonly Finding[]): string[] {
  if (failed.length === 0) return ['nothing stands in the way'];
  const remedies = new Map<string, string[]>();
  for (const { remedy = '', about, check } of failed) {
    remedies.set(remedy, [...(remedies.get(remedy) ?? []), `${about} ${check}`]);
  }
  return [...remedies].map(([remedy, places]) => `${places.join(', ')}: ${remedy}`);
}

async function policyProblems(
  file: string,
  profile: Profile,
  folders: readonly string[],
  { io }: Output,
): Promise<Problem[]> {
  const { problems } = await policiesFor(profile, folders, io);
  return problems.map((what) => ({ file, path: '', what }));
}

async function report(kind: string, name: string, problems: readonly Problem[], call: Output): Promise<Ending> {
  if (call.json) await call.out.printJson({ file: name, kind, problems });
  return wrong(...problems.map(problemWords));
}

function violationsOf(read: Case): readonly Violation[] {
  const { inventory, profile, prices, limits, power } = read;
  return findViolations({ snapshot: toSnapshot(inventory), policies: [], profile, prices, limits, power });
}

type CaseContent = ReturnType<typeof caseContent>;

function caseContent({ inventory, profile, power }: Case) {
  const { atMs, hosts, vms, flows, rules, flights } = inventory;
  return {
    atMs,
    hosts: hosts.length,
    hostsOn: hosts.filter((host) => host.power === 'on').length,
    racks: new Set(hosts.map((host) => host.rack)).size,
    vms: vms.length,
    flows: flows.length,
    rules: rules.length,
    flights: flights.length,
    policies: Object.keys(profile.policies),
    power,
  };
}

function caseLines(name: string, content: CaseContent, violations: readonly Violation[]): string[] {
  return [
    `${name} is a case without fault`,
    `hosts       ${content.hosts}, ${content.hostsOn} of them on, in ${content.racks} racks`,
    `vms         ${content.vms}, ${content.flights} of them moving`,
    `flows       ${content.flows}`,
    `rules       ${content.rules}`,
    `policies    ${content.policies.join(', ') || 'none'}; hosts ${content.power ? 'may' : 'may not'} be switched`,
    `violations  ${violations.length}`,
    ...violationLines(violations).map((line) => `            ${line}`),
  ];
}

function configLines(name: string, settings: Settings): string[] {
  const { driver, listen, profile, rules, calendar, hooks } = settings;
  return [
    `${name} is a configuration without fault`,
    `cluster     ${settings.cluster}: driver ${driver.kind}, ${driverSize(driver)}`,
    `mode        ${settings.mode}; hosts ${settings.power ? 'may' : 'may not'} be switched`,
    `serves      http://${listen.address}:${listen.port}/`,
    `policies    ${Object.keys(profile.policies).join(', ') || 'none'}`,
    `rules       ${rules.length}`,
    `calendar    ${calendar.length}`,
    `hooks       ${hooks.around.length}`,
  ];
}

function driverSize(driver: Settings['driver']): string {
  return driver.kind === 'libvirt' ? `${driver.hosts.length} hosts` : `${driver.hosts} hosts, ${driver.vms} VMs`;
}
