/** Flags by host: where VMs of one kind may run. */
export type Kind = Uint8Array;

/** The kinds of these VMs, without those whose hosts include all hosts of another. */
export function kindsOf(
  vms: readonly number[],
  hostCount: number,
  kindOf: (vm: number) => string,
  mayRun: (vm: number, host: number) => boolean,
): Kind[] {
  const examples = new Map<string, number>();
  for (const vm of vms) {
    const key = kindOf(vm);
    if (!examples.has(key)) examples.set(key, vm);
  }
  const kinds = Array.from(examples.values(), (vm) => {
    const hosts = Uint8Array.from({ length: hostCount }, (_, host) => Number(mayRun(vm, host)));
    return { hosts, size: hosts.reduce((sum, flag) => sum + flag, 0) };
  });
  const smallestFirst = kinds.sort((a, b) => a.size - b.size);
  const least: Kind[] = [];
  for (const { hosts } of smallestFirst) if (!least.some((kind) => isWithin(kind, hosts))) least.push(hosts);
  return least;
}

function isWithin(inner: Kind, outer: Kind): boolean {
  for (let host = 0; host < inner.length; host++) if (inner[host]! > outer[host]!) return false;
  return true;
}
