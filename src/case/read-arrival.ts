import * as z from 'zod';
import { didYouMean } from '../config/closest.ts';
import { findingsOf, shown, valueAt } from '../config/issues.ts';
import { ruleSchema } from '../config/pieces.ts';
import { type Problem, Problems } from '../config/problem.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Rule } from '../domain/rule.ts';
import { vmsNamedBy } from '../domain/selection.ts';
import type { Flow } from '../domain/traffic.ts';
import { fromDemand, type Vm } from '../domain/vm.ts';
import { parsed } from './read-case.ts';
import { flowSchema, vmSchema } from './schema.ts';

/** A VM that does not run yet, with the traffic and the rules that it will bring along. */
export interface ArrivalFile {
  readonly vm: Omit<Vm, 'host'>;
  readonly flows: readonly Flow[];
  readonly rules: readonly Rule[];
}

const newVmSchema = vmSchema.omit({ host: true }).describe('A VM that is on no host yet');

const arrivalSchema = z.strictObject({
  vm: newVmSchema,
  flows: z.array(flowSchema).describe('Whom it will talk to').default([]),
  rules: z.array(ruleSchema).describe('Rules that it will be under').default([]),
});

/**
 * JSON to a VM that could join this fleet, or everything that is wrong with it. The file states the VM alone, or
 * `{ "vm": …, "flows": […], "rules": […] }`, each as in a case.
 */
export function readArrival(text: string, fileName: string, fleet: Inventory): ArrivalFile | Problem[] {
  const problems = new Problems(fileName);
  const document = parsed(text.replace(/^\uFEFF/, ''), problems);
  if (problems.count > 0) return problems.list();
  const isAlone = valueAt(document, ['vm']) === undefined;
  const result = arrivalSchema.safeParse(isAlone ? { vm: document } : document);
  if (!result.success) {
    const schema = isAlone ? newVmSchema : arrivalSchema;
    const issues = result.error.issues.map((issue) => (isAlone ? { ...issue, path: issue.path.slice(1) } : issue));
    for (const { path, what } of findingsOf(issues, schema, document)) problems.add(path, what);
    return problems.list();
  }
  const { vm, ...rest } = result.data;
  const arrival = { ...rest, vm: { ...fromDemand(vm.demand), ...vm } };
  reportStrangers(arrival, fleet, problems);
  return problems.count > 0 ? problems.list() : arrival;
}

/** Whatever the file names must be in the fleet, and the traffic that it brings along must be its own. */
function reportStrangers({ vm, flows, rules }: ArrivalFile, fleet: Inventory, problems: Problems): void {
  const vms = new Set([vm.id, ...fleet.vms.map(({ id }) => id)]);
  const hosts = new Set(fleet.hosts.map(({ id }) => id));
  const report = (path: string, kind: string, ids: readonly string[], known: ReadonlySet<string>) => {
    for (const id of ids) {
      if (known.has(id)) continue;
      problems.add(path, () => `names ${shown(id)}, which is no ${kind} of the case${didYouMean(id, known)}`);
    }
  };
  if (fleet.vms.some(({ id }) => id === vm.id)) {
    problems.add('id', () => `is ${shown(vm.id)}, which runs already; drover explain says where it would be better`);
  }
  report('pinnedTo', 'host', vm.pinnedTo, hosts);
  flows.forEach(({ from, to }, i) => {
    report(`flows[${i}]`, 'VM', [from, to], vms);
    if ((from === vm.id) === (to === vm.id)) problems.add(`flows[${i}]`, () => `should be from or to ${vm.id}`);
  });
  rules.forEach((rule, i) => {
    report(`rules[${i}]`, 'VM', vmsNamedBy(rule), vms);
  });
}
