import type { Interning } from '../ports/samples.ts';

/**
 * Ids to small numbers, hosts and VMs apart. Nothing is ever forgotten, because sources keep the numbers too: it grows by
 * one entry per id ever seen, and by nothing per sample.
 */
export class InternedIds implements Interning {
  readonly #hosts = new Map<string, number>();
  readonly #vms = new Map<string, number>();

  host(id: string): number {
    return numberOf(this.#hosts, id);
  }

  vm(id: string): number {
    return numberOf(this.#vms, id);
  }
}

function numberOf(numbers: Map<string, number>, id: string): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(id, number);
  return number;
}
