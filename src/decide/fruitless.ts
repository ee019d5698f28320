/** Pairs of hosts between which nothing was found, until one of the two changes. */
export class FruitlessPairs {
  readonly #partners = new Map<number, Set<number>>();

  has(one: number, other: number): boolean {
    return this.#partners.get(one)?.has(other) === true;
  }

  add(one: number, others: readonly number[]): void {
    for (const other of others) {
      this.#of(one).add(other);
      this.#of(other).add(one);
    }
  }

  /** To be told when the host has changed. */
  forget(host: number): void {
    for (const partner of this.#partners.get(host) ?? []) this.#partners.get(partner)?.delete(host);
    this.#partners.delete(host);
  }

  #of(host: number): Set<number> {
    let partners = this.#partners.get(host);
    if (partners === undefined) {
      partners = new Set();
      this.#partners.set(host, partners);
    }
    return partners;
  }
}
