import { resolve } from 'node:path';
import type { Case } from '../case/case.ts';
import { didYouMean } from '../config/closest.ts';
import { DAY, HOUR, SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import { GENERATE_DEFAULTS, type GenerateOptions } from '../simulator/generate.ts';
import type { HostKind } from '../simulator/host-kinds.ts';
import { HOST_KINDS } from '../simulator/host-kinds.ts';
import { DATACENTER_PATTERNS } from '../simulator/patterns.ts';
import { PUBLISHED_SERVERS } from '../simulator/published-servers.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { recordedHours } from '../simulator/traced-loads.ts';
import { type Recorded, readRecorded } from '../traces/recorded.ts';
import { TraceTrouble } from '../traces/trouble.ts';
import type { OptionValues } from './command.ts';
import { type Ending, type Io, isEnding, wrong } from './io.ts';
import { readCaseFile } from './read-input.ts';

const HOSTS_PER_RACK = 40;
const SERVERS: readonly HostKind[] = [...PUBLISHED_SERVERS, ...HOST_KINDS];

const number = (placeholder: string, about: string) => ({ kind: 'number', placeholder, about }) as const;
const text = (placeholder: string, about: string) => ({ kind: 'text', placeholder, about }) as const;

const DEFAULT_HOURS = DAY / HOUR;
const DEFAULT_STEP_SECONDS = 300;
export const DEFAULT_SEED = 7;

export const SCENARIO_OPTIONS = {
  case: text('FILE', 'Start with the datacenter of this case, with its rules, limits, prices and profile'),
  trace: text('FILE', 'What `drover record` wrote, with its hosts; or PlanetLab load (*.csv.gz)'),
  hosts: number('N', `Hosts of a made-up datacenter; otherwise ${GENERATE_DEFAULTS.hosts}`),
  vms: number('N', 'VMs; otherwise as many per host as in the embedded datacenter'),
  racks: number('N', `Racks; otherwise one for ${HOSTS_PER_RACK} hosts, at least ${GENERATE_DEFAULTS.racks}`),
  load: number('SHARE', `Share of the CPU that is wanted in a busy hour; otherwise ${GENERATE_DEFAULTS.load}`),
  skew: number('SHARE', `Share of the hosts that start overloaded; otherwise ${GENERATE_DEFAULTS.skew}`),
  traffic: number('N', `Flows per VM; otherwise ${GENERATE_DEFAULTS.traffic}`),
  servers: text('LIST', 'Makes of the servers, rack by rack, as listed below'),
  pattern: {
    kind: 'choice',
    values: DATACENTER_PATTERNS,
    about: `How load goes: ${DATACENTER_PATTERNS.join(', ')}; otherwise mixed`,
  },
  hours: number('N', `How long; otherwise ${DEFAULT_HOURS}`),
  step: number('SECONDS', `Between two samples and two decisions; otherwise ${DEFAULT_STEP_SECONDS}`),
  uplink: number(
    'BYTES_PER_S',
    'What migrations may take of the uplink of a rack; otherwise no less than they can use',
  ),
  'boot-failures': number('SHARE', 'Of the boots, those after which the host is off again; otherwise none'),
} as const;

export const SERVERS_HELP = `Servers whose draw was measured and published (SPECpower_ssj2008, by the id of the result):
${PUBLISHED_SERVERS.map(({ name, source }) => `  ${name.padEnd(14)}${source}`).join('\n')}
and made-up ones: ${HOST_KINDS.map(({ name }) => name).join(', ')}, which are usual.`;

type Given = OptionValues<typeof SCENARIO_OPTIONS>;

export interface ScenarioInput {
  readonly scenario: Scenario;
  /** What the case says of how to run it. */
  readonly stated?: Case;
}

/** What the command line says that a datacenter is put through. */
export async function scenarioFrom(given: Given, io: Io): Promise<ScenarioInput | Ending> {
  const trouble = troubleWith(given) ?? idleIn(given);
  if (trouble !== undefined) return wrong(trouble);
  const course = {
    pattern: given.pattern ?? 'mixed',
    hours: given.hours ?? DEFAULT_HOURS,
    stepSeconds: given.step ?? DEFAULT_STEP_SECONDS,
    rackUplinkBytesPerS: given.uplink ?? 0,
    bootFailureShare: given['boot-failures'] ?? 0,
  };
  if (given.case !== undefined) return statedScenario(given.case, course, io);
  if (given.trace !== undefined) return tracedScenario(given.trace, given, course, io);
  const options = generateOptions(given);
  return isEnding(options) ? options : { scenario: { ...course, datacenter: { kind: 'generated', options } } };
}

/** What asks for made-up hosts, also where a trace knows those that there were. */
const MADE_HOSTS = ['hosts', 'racks', 'servers', 'load', 'skew', 'traffic'] as const;

type Course = Omit<Scenario, 'datacenter'>;

async function statedScenario(file: string, course: Course, io: Io): Promise<ScenarioInput | Ending> {
  const stated = await readCaseFile(io, file);
  if (isEnding(stated)) return stated;
  return { scenario: { ...course, datacenter: { kind: 'stated', inventory: stated.inventory } }, stated };
}

async function tracedScenario(file: string, given: Given, course: Course, io: Io): Promise<ScenarioInput | Ending> {
  const recorded = await recordedIn(resolve(io.cwd, file));
  if (isEnding(recorded)) return recorded;
  const hours = given.hours ?? recordedHours(recorded);
  const { datacenter } = recorded;
  const isMade = MADE_HOSTS.some((name) => given[name] !== undefined);
  if (datacenter !== undefined && !isMade) {
    return { scenario: { ...course, hours, datacenter: { kind: 'recorded', ...datacenter, shares: recorded } } };
  }
  const vms = recorded.percents.length;
  const hosts = given.hosts ?? Math.ceil((vms * GENERATE_DEFAULTS.hosts) / GENERATE_DEFAULTS.vms);
  const options = generateOptions({ ...given, hosts, vms });
  if (isEnding(options)) return options;
  return { scenario: { ...course, hours, datacenter: { kind: 'traced', options, recorded } } };
}

/** All of it: a byte for each VM and interval. */
async function recordedIn(path: string): Promise<Recorded | Ending> {
  try {
    return await readRecorded(path);
  } catch (error) {
    if (error instanceof TraceTrouble) return wrong(error.message);
    throw error;
  }
}

/** What says nothing beside what is said already. */
function idleIn(given: Given): string | undefined {
  const made = ['hosts', 'vms', 'racks', 'load', 'skew', 'traffic', 'servers'] as const;
  const idle = (names: readonly (keyof Given)[]) => names.find((name) => given[name] !== undefined);
  if (given.case !== undefined) {
    const name = idle(['trace', ...made]);
    return name && `--${name} says nothing beside --case: the case states its datacenter`;
  }
  const name = given.trace === undefined ? undefined : idle(['vms', 'pattern']);
  return name && `--${name} says nothing beside --trace: the trace says how many there are and what they want`;
}

function troubleWith(given: Given): string | undefined {
  const { hours = 1, step = 1, uplink = 0 } = given;
  if (hours <= 0) return `--hours is ${hours}, should be more than 0`;
  if (!Number.isInteger(step) || step < 1) return `--step is ${step}, should be a whole number of seconds from 1`;
  if (uplink < 0) return `--uplink is ${uplink}, should not be less than 0`;
  const failures = given['boot-failures'] ?? 0;
  return failures >= 0 && failures <= 1 ? undefined : `--boot-failures is ${failures}, should be from 0 to 1`;
}

function generateOptions(given: Given): GenerateOptions | Ending {
  const servers = serversOf(given.servers);
  if (servers !== undefined && isEnding(servers)) return servers;
  const defaults = GENERATE_DEFAULTS;
  const { hosts = defaults.hosts, racks = Math.max(defaults.racks, Math.ceil(hosts / HOSTS_PER_RACK)) } = given;
  return {
    ...defaults,
    hosts,
    vms: given.vms ?? Math.round((hosts * defaults.vms) / defaults.hosts),
    racks,
    load: given.load ?? defaults.load,
    skew: given.skew ?? defaults.skew,
    traffic: given.traffic ?? defaults.traffic,
    ...(servers !== undefined && { servers }),
  };
}

function serversOf(list: string | undefined): readonly HostKind[] | Ending | undefined {
  if (list === undefined) return undefined;
  const names = SERVERS.map(({ name }) => name);
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) return wrong(`--servers: there is no make "${unknown}"${didYouMean(unknown, names)}`);
  return wanted.map((name) => SERVERS.find((server) => server.name === name)!);
}

export const isSameUnderEverySeed = ({ datacenter, bootFailureShare }: Scenario): boolean =>
  datacenter.kind === 'recorded' && bootFailureShare === 0;

/** For programs: the same without what was read from files. */
export function scenarioInShort({ datacenter, ...course }: Scenario) {
  if (!('inventory' in datacenter))
    return { ...course, datacenter: { kind: datacenter.kind, options: datacenter.options } };
  const { hosts, vms } = datacenter.inventory;
  return { ...course, datacenter: { kind: datacenter.kind, hosts: hosts.length, vms: vms.length } };
}

const ORIGINS = {
  generated: 'a made-up datacenter',
  traced: 'a made-up datacenter',
  stated: 'the datacenter of a case',
  recorded: 'the datacenter that was recorded',
} as const;

/** For people: what was lived through, a sentence each. */
export function scenarioWords({ datacenter, pattern, hours, stepSeconds }: Scenario): string[] {
  const { kind } = datacenter;
  const { hosts, vms } =
    'inventory' in datacenter
      ? { hosts: datacenter.inventory.hosts.length, vms: datacenter.inventory.vms.length }
      : datacenter.options;
  const load = kind === 'traced' || kind === 'recorded' ? 'recorded' : pattern;
  const span = spanWords(hours * HOUR);
  return [
    `${hosts} hosts and ${vms} VMs, ${ORIGINS[kind]}, for ${span} under ${load} load, with a decision every ${spanWords(stepSeconds * SECOND)}.`,
  ];
}
