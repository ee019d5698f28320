import { fromDemand, type Vm } from '../domain/vm.ts';
import type { Case } from './case.ts';
import { FORMAT, LISTS, outlineSchema } from './schema.ts';
import { type Terse, terseForm } from './terse.ts';

export function writeCase(stated: Case): string {
  return [...caseChunks(stated)].join('');
}

const terse = {
  host: terseForm(LISTS.hosts),
  vm: terseForm(LISTS.vms),
  flow: terseForm(LISTS.flows),
  rule: terseForm(LISTS.rules),
  flight: terseForm(LISTS.flights),
  tail: terseForm(outlineSchema.pick({ limits: true, prices: true, profile: true, power: true })),
};

/** The text of the case piece by piece, one host or VM per line; what equals its default is left out. */
export function* caseChunks(stated: Case): Generator<string> {
  const { inventory } = stated;
  yield `{\n  "drover": ${JSON.stringify(FORMAT)},\n  "atMs": ${inventory.atMs},\n  "hosts": `;
  yield* listChunks(inventory.hosts, terse.host);
  yield* fieldChunks('vms', inventory.vms, terseVm);
  yield* fieldChunks('flows', inventory.flows, terse.flow);
  yield* fieldChunks('rules', inventory.rules, terse.rule);
  yield* fieldChunks('flights', inventory.flights, terse.flight);
  const tail = terse.tail(stated) as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(tail)) yield `,\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  yield '\n}\n';
}

/** The reader fills in from the demand what is left out here. */
function terseVm(value: unknown): unknown {
  const vm = value as Vm;
  const filledIn: Partial<Vm> = fromDemand(vm.demand);
  const stated = Object.entries(vm).filter(([key, each]) => filledIn[key as keyof Vm] !== each);
  return terse.vm(Object.fromEntries(stated));
}

function* fieldChunks(name: string, elements: readonly unknown[], form: Terse): Generator<string> {
  if (elements.length === 0) return;
  yield `,\n  ${JSON.stringify(name)}: `;
  yield* listChunks(elements, form);
}

const LINES_PER_CHUNK = 500;

function* listChunks(elements: readonly unknown[], form: Terse): Generator<string> {
  for (let start = 0; start < elements.length; start += LINES_PER_CHUNK) {
    const lines = elements
      .slice(start, start + LINES_PER_CHUNK)
      .map((element) => `    ${JSON.stringify(form(element))}`);
    yield `${start === 0 ? '[\n' : ',\n'}${lines.join(',\n')}`;
  }
  yield elements.length === 0 ? '[]' : '\n  ]';
}
