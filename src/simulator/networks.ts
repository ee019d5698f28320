import type { Host } from '../domain/host.ts';

/**
 * What migrations go over, and who shares what with whom: the migration network of each host, which has the host's number,
 * and the uplink of each rack.
 */
export class Networks<Stream> {
  readonly #hosts: number;
  readonly #uplinkOf: Int32Array;
  /** Where they are never too narrow, nobody need be told that somebody else uses them. */
  readonly #uplinksCount: boolean;
  readonly #bytesPerS: readonly number[];
  readonly #streams: readonly Set<Stream>[];

  /** Zero: uplinks are never what is too narrow. */
  constructor(hosts: readonly Host[], rackUplinkBytesPerS: number) {
    const racks = new Map<string, number>();
    const numberOf = (rack: string) => racks.get(rack) ?? racks.set(rack, hosts.length + racks.size).get(rack)!;
    this.#hosts = hosts.length;
    this.#uplinkOf = Int32Array.from(hosts, ({ rack, site }) => numberOf(JSON.stringify([site, rack])));
    const uplink = rackUplinkBytesPerS === 0 ? Infinity : rackUplinkBytesPerS;
    const uplinks = Array.from(racks, () => uplink);
    this.#uplinksCount = rackUplinkBytesPerS > 0;
    this.#bytesPerS = [...hosts.map(({ migrationBytesPerS }) => migrationBytesPerS), ...uplinks];
    this.#streams = this.#bytesPerS.map(() => new Set());
  }

  /** Two hosts of one rack do not need its uplink. */
  between(source: number, target: number): readonly number[] {
    if (!this.#uplinksCount) return [source, target];
    const [out, into] = [this.#uplinkOf[source]!, this.#uplinkOf[target]!];
    return out === into ? [source, target] : [source, target, out, into];
  }

  isHost(link: number): boolean {
    return link < this.#hosts;
  }

  join(stream: Stream, links: readonly number[]): void {
    for (const link of links) this.#streams[link]!.add(stream);
  }

  leave(stream: Stream, links: readonly number[]): void {
    for (const link of links) this.#streams[link]!.delete(stream);
  }

  /** All that go over at least one of these. */
  over(links: Iterable<number>): ReadonlySet<Stream> {
    const found = new Set<Stream>();
    for (const link of links) for (const stream of this.#streams[link]!) found.add(stream);
    return found;
  }

  /** What each that goes over all of these gets. */
  shareOf(links: readonly number[]): number {
    return Math.min(...links.map((link) => this.#bytesPerS[link]! / this.#streams[link]!.size));
  }
}
