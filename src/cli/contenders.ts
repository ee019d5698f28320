import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Case } from '../case/case.ts';
import { didYouMean } from '../config/closest.ts';
import { limitsSchema, pricesSchema, profileSchema } from '../config/pieces.ts';
import { problemWords } from '../config/problem.ts';
import { readSettingsFile } from '../config/read-settings.ts';
import type { Settings } from '../config/settings.ts';
import { DEFAULT_PROFILE } from '../domain/profile.ts';
import { loadPolicies } from '../loading/load-policies.ts';
import { withNewcomers } from '../loading/newcomers.ts';
import { choosePolicies, type PolicyFile } from '../sdk/choose.ts';
import { withFreeHands } from '../wiring/virtual/free-hands.ts';
import type { Contender } from '../wiring/virtual/run-contender.ts';
import { type Ending, type Io, isEnding, wrong } from './io.ts';

export const CONTENDER_HELP = `A contender is one of
  usual                       the profile of the configuration, or of the case
  nothing                     nobody does anything
  NAME                        one of the profiles of the configuration
  POLICY                      that policy alone, such as load-balance
  POLICY:OPTION=VALUE,…       the usual profile with other options of one policy; weight is one of them
  profile:FIELD=VALUE,…       the usual profile with other fields; prices: and limits: likewise
  FOLDER                      the usual profile with the policies in the folder, such as ./mine
and several of them joined by +, such as green:weight=2+profile:margin=3. A policy may be shortened: green is enough.`;

/** What contenders begin with: the configuration, or what is usual, with what a case says instead. */
export async function baseSettings(
  config: string | undefined,
  stated: Case | undefined,
  io: Io,
): Promise<Settings | Ending> {
  const read = config === undefined ? {} : await readSettingsFile(resolve(io.cwd, config));
  if (Array.isArray(read)) return wrong(...read.map(problemWords));
  const settings = withFreeHands(read);
  const policyFolders = settings.policyFolders.map((folder) => resolve(io.cwd, folder));
  if (stated === undefined) return { ...settings, policyFolders };
  const { profile, prices, limits, power } = stated;
  return { ...settings, policyFolders, profile, prices, limits, power };
}

/** All of them, each with a name of its own. */
export async function contendersFrom(all: readonly string[], base: Settings, io: Io): Promise<Contender[] | Ending> {
  const contenders: Contender[] = [];
  for (const words of all) {
    if (contenders.some(({ name }) => name === words)) return wrong(`${words} is there twice`);
    const contender = await contenderFrom(words, base, io);
    if (isEnding(contender)) return contender;
    contenders.push(contender);
  }
  return contenders;
}

/** A contender by its words, with everything about it checked. */
export async function contenderFrom(words: string, base: Settings, io: Io): Promise<Contender | Ending> {
  let settings = base;
  for (const part of words.split('+')) {
    const changed = await changedBy(part.trim(), settings, io);
    if (isEnding(changed)) return wrong(...changed.sentences.map((sentence) => `${words}: ${sentence}`));
    settings = changed;
  }
  const { policies, problems } = await loadPolicies({ folders: settings.policyFolders });
  const { problems: unfit } = choosePolicies(policies, settings.profile);
  const wrongs = [...problems, ...unfit];
  return wrongs.length > 0 ? wrong(...wrongs.map((problem) => `${words}: ${problem}`)) : { name: words, settings };
}

async function changedBy(part: string, settings: Settings, io: Io): Promise<Settings | Ending> {
  if (part === 'usual') return settings;
  if (part === 'nothing') return { ...settings, mode: 'recommend', power: false };
  const named = Object.hasOwn(settings.profiles, part) ? settings.profiles[part] : undefined;
  if (named !== undefined) return { ...settings, profile: named };
  const folder = resolve(io.cwd, part);
  if (/[/\\]/.test(part) || (existsSync(folder) && statSync(folder).isDirectory())) return withFolder(settings, folder);
  const [, section = part, assignments] = /^([^:]*):(.*)$/.exec(part) ?? [];
  const { policies } = await loadPolicies({ folders: settings.policyFolders });
  if (assignments === undefined) return onlyPolicy(section, settings, policies);
  const values = valuesOf(assignments);
  if (isEnding(values)) return values;
  if (section === 'profile') return withSection(settings, section, values, profileSchema(DEFAULT_PROFILE));
  if (section === 'prices') return withSection(settings, section, values, pricesSchema);
  if (section === 'limits') return withSection(settings, section, values, limitsSchema);
  return withPolicyOptions(section, values, settings, policies);
}

async function withFolder(settings: Settings, folder: string): Promise<Settings | Ending> {
  if (!existsSync(folder)) return wrong(`there is no folder ${folder}`);
  const policyFolders = [...settings.policyFolders, folder];
  const { policies, problems } = await loadPolicies({ folders: policyFolders });
  if (problems.length > 0) return wrong(...problems);
  const profile = withNewcomers(
    settings.profile,
    policies.map(({ policy }) => policy.id),
  );
  return { ...settings, policyFolders, profile };
}

function onlyPolicy(short: string, settings: Settings, policies: readonly PolicyFile[]): Settings | Ending {
  const id = policyCalled(short, settings, policies, ['usual', 'nothing', ...Object.keys(settings.profiles)]);
  if (typeof id !== 'string') return id;
  const choice = settings.profile.policies[id] ?? { weight: 1, options: {} };
  const others = Object.keys(settings.profile.policies).filter((other) => other !== id);
  const silent = Object.fromEntries(others.map((other) => [other, { weight: 0, options: {} }]));
  return { ...settings, profile: { ...settings.profile, policies: { ...silent, [id]: choice } } };
}

function withPolicyOptions(
  short: string,
  { weight, ...options }: Values,
  settings: Settings,
  policies: readonly PolicyFile[],
): Settings | Ending {
  const id = policyCalled(short, settings, policies, ['profile', 'prices', 'limits']);
  if (typeof id !== 'string') return id;
  const before = settings.profile.policies[id] ?? { weight: 1, options: {} };
  if (weight !== undefined && !(typeof weight === 'number' && weight >= 0)) {
    return wrong(`weight is ${JSON.stringify(weight)}, should be a number from 0`);
  }
  const choice = { weight: weight ?? before.weight, options: { ...before.options, ...options } };
  return { ...settings, profile: { ...settings.profile, policies: { ...settings.profile.policies, [id]: choice } } };
}

function policyCalled(
  short: string,
  { profile }: Settings,
  files: readonly PolicyFile[],
  others: readonly string[],
): string | Ending {
  const ids = [...new Set([...Object.keys(profile.policies), ...files.map(({ policy }) => policy.id)])];
  if (ids.includes(short)) return short;
  const meant = ids.filter((id) => short !== '' && id.startsWith(short));
  if (meant.length === 1) return meant[0]!;
  if (meant.length > 1) return wrong(`"${short}" may be ${meant.join(' or ')}`);
  const known = [...others, ...ids];
  return wrong(`there is no "${short}"; known: ${known.join(', ')}${didYouMean(short, known)}`);
}

type Values = Readonly<Record<string, unknown>>;

/** `a=1,b=true,c=text`. */
function valuesOf(assignments: string): Values | Ending {
  const values: Record<string, unknown> = {};
  for (const assignment of assignments.split(',')) {
    const [, key = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(assignment) ?? [];
    if (key === '' || value === '') return wrong(`"${assignment}" should be OPTION=VALUE`);
    values[key] = plain(value);
  }
  return values;
}

function plain(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return Number.isNaN(Number(value)) ? value : Number(value);
}

type SectionSchema = ReturnType<typeof profileSchema> | typeof pricesSchema | typeof limitsSchema;

/** Fields by name, those of fields by names with dots. */
function withSection(
  settings: Settings,
  section: 'profile' | 'prices' | 'limits',
  values: Values,
  schema: SectionSchema,
): Settings | Ending {
  const changed: Record<string, unknown> = structuredClone(settings[section]) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const place = keys.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), changed);
    if (!isRecord(place) || !Object.hasOwn(place, last)) {
      const known = Object.keys(isRecord(place) ? place : changed);
      return wrong(`${section} has no field "${path}"${didYouMean(last, known)}`);
    }
    place[last] = value;
  }
  const checked = schema.safeParse(changed);
  if (checked.success) return { ...settings, [section]: checked.data };
  return wrong(...checked.error.issues.map(({ path, message }) => `${section}.${path.join('.')} ${message}`));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
