import { shown } from './issues.ts';
import { pathWords } from './problem.ts';
import { withoutSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** What a running daemon cannot take over: it would have to be another daemon. */
const NEEDS_RESTART: ReadonlySet<string> = new Set([
  'cluster',
  'driver',
  'stateFolder',
  'history',
  'listen',
  'log',
  'observe',
  'sources',
  'telemetry',
  'rules',
  'policyFolders',
] satisfies (keyof Settings)[]);

/** What a running daemon goes by from now on: the new settings, except for those that it cannot take over. */
export function takenOver(before: Settings, after: Settings): Settings {
  const kept = Object.entries(before).filter(([key]) => NEEDS_RESTART.has(key));
  return { ...after, ...Object.fromEntries(kept) };
}

/** What changed, a sentence for each setting; empty when nothing did. */
export function settingsDifference(before: Settings, after: Settings): string[] {
  return changesBelow(before, after, []).map(({ path, from, to }) => {
    const sentence = `${pathWords(path)}: ${words(withoutSecrets(from))} → ${words(withoutSecrets(to))}`;
    return NEEDS_RESTART.has(path[0]!) ? `${sentence} (takes effect after a restart)` : sentence;
  });
}

interface Difference {
  readonly path: readonly string[];
  readonly from: unknown;
  readonly to: unknown;
}

function changesBelow(from: unknown, to: unknown, path: readonly string[]): Difference[] {
  if (!isMapping(from) || !isMapping(to)) {
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
  }
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => changesBelow(from[key], to[key], [...path, key]));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : shown(value);
}
