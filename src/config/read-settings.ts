import { readFile } from 'node:fs/promises';
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { didYouMean } from './closest.ts';
import type { DriverKind } from './defaults.ts';
import { fileTrouble } from './file-trouble.ts';
import { findingsOf, shown, valueAt } from './issues.ts';
import { type Path, type Problem, Problems } from './problem.ts';
import { DRIVER_KINDS, settingsSchema } from './schema.ts';
import type { Settings } from './settings.ts';

/** YAML to complete settings, or everything that is wrong with it. */
export function readSettings(text: string, fileName: string): Settings | Problem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = new Problems(fileName);
  reportSyntax(document, lines, problems);
  if (problems.count > 0) return problems.list();
  const input = plainValue(document, problems);
  const report = (path: Path, what: () => string, atKey: boolean) =>
    problems.add(path, what, placeOf(document, path, atKey, lines));
  const settings = problems.count > 0 ? undefined : checked(input, report);
  return settings ?? problems.list().sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
}

/** The same from disk; a file that cannot be read is a problem like any other. */
export async function readSettingsFile(file: string): Promise<Settings | Problem[]> {
  try {
    return readSettings(await readFile(file, 'utf8'), file);
  } catch (error) {
    return [{ file, path: '', what: `cannot be read: ${fileTrouble(error)}` }];
  }
}

type Report = (path: Path, what: () => string, atKey: boolean) => void;

function checked(input: Record<string, unknown>, report: Report): Settings | undefined {
  const kind = driverKindOf(input);
  if (!isDriverKind(kind)) {
    const wanted = DRIVER_KINDS.map((known) => JSON.stringify(known)).join(' or ');
    const what = () => `is ${shown(kind)}, should be ${wanted}${didYouMean(String(kind), DRIVER_KINDS)}`;
    report(['driver', 'kind'], what, false);
  }
  const { driver, ...rest } = input;
  const schema = settingsSchema(isDriverKind(kind) ? kind : DRIVER_KINDS[0]!, dayMinutesOf(input));
  const result = schema.safeParse(isDriverKind(kind) ? input : rest);
  if (!result.success) {
    for (const { path, what, atKey } of findingsOf(result.error.issues, schema, input)) report(path, what, atKey);
    return undefined;
  }
  const idle = idleBesideSocket(input);
  for (const key of idle) {
    report(['driver', key], () => 'says nothing beside driver.at: the datacenter there knows it by itself', true);
  }
  return isDriverKind(kind) && idle.length === 0 ? result.data : undefined;
}

/** What the driver section says of a datacenter that is not of this process. */
function idleBesideSocket(input: Record<string, unknown>): string[] {
  const driver = valueAt(input, ['driver']);
  if (typeof driver !== 'object' || driver === null || !('at' in driver)) return [];
  return driverKindOf(input) === 'simulated' ? Object.keys(driver).filter((key) => key !== 'kind' && key !== 'at') : [];
}

function driverKindOf(input: Record<string, unknown>): unknown {
  return valueAt(input, ['driver', 'kind']) ?? 'simulated';
}

function dayMinutesOf(input: Record<string, unknown>): number | undefined {
  const dayMinutes = valueAt(input, ['driver', 'dayMinutes']);
  return typeof dayMinutes === 'number' && dayMinutes > 0 ? dayMinutes : undefined;
}

function isDriverKind(kind: unknown): kind is DriverKind {
  return DRIVER_KINDS.some((known) => known === kind);
}

function reportSyntax(document: Document, lines: LineCounter, problems: Problems): void {
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(error.pos[0]);
    problems.add('', () => `is not YAML here: ${error.message}`, { line, column: col });
  }
}

function plainValue(document: Document, problems: Problems): Record<string, unknown> {
  try {
    const value: unknown = withoutEmpty(document.toJS());
    if (value === undefined) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    problems.add('', () => `is ${shown(value)}, should be settings such as "mode: recommend"`);
  } catch (error) {
    problems.add('', () => `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {};
}

/**
 * A key with nothing after it says nothing: its default holds, as where all below it is commented out. A policy that is
 * only named is wanted, with its own defaults.
 */
function withoutEmpty(value: unknown, key = ''): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value) || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, unknown>).map(([name, part]) => {
    const full = key === 'policies' ? (part ?? {}) : part;
    return [name, withoutEmpty(full, name)] as const;
  });
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** Line and column of the value, or of its key, or of the closest thing around it that is in the file. */
function placeOf(
  document: Document,
  path: Path,
  atKey: boolean,
  lines: LineCounter,
): { line?: number; column?: number } {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const range = (atKey && length === path.length ? keyNode(document, part) : valueNode(document, part))?.range;
    if (range === undefined || range === null) continue;
    const { line, col } = lines.linePos(range[0]);
    return { line, column: col };
  }
  return {};
}

function valueNode(document: Document, path: Path): Node | undefined {
  return document.getIn(path, true) as Node | undefined;
}

function keyNode(document: Document, path: Path): Node | undefined {
  const around = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(around)) return undefined;
  const last = path.at(-1);
  return around.items.map((pair) => pair.key).find((key) => isScalar(key) && key.value === last) as Node | undefined;
}
