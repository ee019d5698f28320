import type * as z from 'zod';
import { findingsOf, shown, valueAt } from '../config/issues.ts';
import { type Problem, Problems } from '../config/problem.ts';
import type { Inventory } from '../domain/inventory.ts';
import { fromDemand, type Vm } from '../domain/vm.ts';
import type { Case } from './case.ts';
import { type Lists, type RawLists, reportInconsistency } from './consistency.ts';
import { findJsonFault } from './json-place.ts';
import { FORMAT, LISTS, outlineSchema } from './schema.ts';

type List = keyof typeof LISTS;

/** JSON to a case, or everything that is wrong with it. */
export function readCase(text: string, fileName: string): Case | Problem[] {
  const problems = new Problems(fileName);
  const document = parsed(text.replace(/^\uFEFF/, ''), problems);
  if (problems.count > 0 || !isCase(document, problems)) return problems.list();
  const outline = outlineOf(document, problems);
  const raw = rawLists(document);
  const lists = readLists(raw, problems);
  reportInconsistency(lists, raw, outline?.limits, problems);
  if (problems.count > 0 || outline === undefined) return problems.list();
  const { limits, prices, profile, power } = outline;
  return { inventory: inventoryOf(outline.atMs, lists), limits, prices, profile, power };
}

export function parsed(text: string, problems: Problems): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    const what = () => fault?.what ?? `is not JSON: ${String(error)}`;
    problems.add('', what, fault === undefined ? {} : { line: fault.line, column: fault.column });
    return undefined;
  }
}

/** Whatever else stands in a file that does not call itself a case, it is not worth complaining about. */
function isCase(document: unknown, problems: Problems): boolean {
  const format = valueAt(document, ['drover']);
  if (format === FORMAT) return true;
  if (format === undefined)
    problems.add('', () => `is not a case file, should be an object with "drover": "${FORMAT}"`);
  else problems.add('drover', () => `is ${shown(format)}, should be "${FORMAT}"`);
  return false;
}

function outlineOf(document: unknown, problems: Problems): z.infer<typeof outlineSchema> | undefined {
  const result = outlineSchema.safeParse(document);
  if (result.success) return result.data;
  for (const { path, what } of findingsOf(result.error.issues, outlineSchema, document)) problems.add(path, what);
  return undefined;
}

function rawLists(document: unknown): RawLists {
  const list = (name: List): unknown[] => {
    const value = valueAt(document, [name]);
    return Array.isArray(value) ? value : [];
  };
  return {
    hosts: list('hosts'),
    vms: list('vms'),
    flows: list('flows'),
    rules: list('rules'),
    flights: list('flights'),
  };
}

function readLists(raw: RawLists, problems: Problems): Lists {
  return {
    hosts: readEach('hosts', LISTS.hosts, raw, problems),
    vms: readEach('vms', LISTS.vms, raw, problems).map(completeVm),
    flows: readEach('flows', LISTS.flows, raw, problems),
    rules: readEach('rules', LISTS.rules, raw, problems),
    flights: readEach('flights', LISTS.flights, raw, problems),
  };
}

/** One element after the other: a schema over the whole list would hold the issues of all of them at once. */
function readEach<T extends z.ZodType>(
  list: List,
  schema: T,
  raw: RawLists,
  problems: Problems,
): (z.infer<T> | undefined)[] {
  return raw[list].map((element, index) => {
    const result = schema.safeParse(element);
    if (result.success) return result.data;
    for (const { path, what } of findingsOf(result.error.issues, schema, element)) {
      problems.add([list, index, ...path], what);
    }
    return undefined;
  });
}

function completeVm(vm: z.infer<typeof LISTS.vms> | undefined): Vm | undefined {
  if (vm === undefined) return undefined;
  return { ...fromDemand(vm.demand), ...vm };
}

/** Only for lists that were found to be without fault, and so without holes. */
function inventoryOf(atMs: number, lists: Lists): Inventory {
  return { atMs, ...(lists as Omit<Inventory, 'atMs'>) };
}
