import type { Inventory } from '../../../src/domain/inventory.ts';
import type { Checker } from './checker.ts';

/** Each VM is on exactly one host that is up, or its host has died under it and boots again. */
export function places(): Checker {
  let expected: readonly string[] | undefined;
  return {
    property: 'each VM is in one place',
    judge(happening, { land }) {
      if (happening.kind !== 'world' && happening.kind !== 'tick' && happening.kind !== 'migration ended') return [];
      const truth = land.truth();
      expected ??= truth.vms.map(({ id }) => id);
      const { stopped } = land;
      return misplaced(
        truth,
        expected.filter((vm) => !stopped.has(vm)),
      );
    },
  };
}

function misplaced({ hosts, vms, flights }: Inventory, expected: readonly string[]): string[] {
  const power = new Map(hosts.map((host) => [host.id, host.power]));
  const placesOf = new Map<string, string[]>();
  for (const { id, host } of vms) placesOf.set(id, [...(placesOf.get(id) ?? []), host]);
  const flying = flights.map(({ vm }) => vm);
  const saved = new Set(flights.filter(({ quick }) => quick === 'saved').map(({ vm }) => vm));
  const isUp = (host: string) => power.get(host) === 'on' || power.get(host) === 'booting';
  return [
    ...expected.filter((vm) => !placesOf.has(vm)).map((vm) => `${vm} is lost`),
    ...[...placesOf]
      .filter(([, found]) => found.length > 1)
      .map(([vm, found]) => `${vm} runs on ${found.join(' and on ')}`),
    ...vms
      .filter(({ id, host }) => !isUp(host) && !saved.has(id))
      .map(({ id, host }) => `${id} is on ${host}, which is ${power.get(host)}`),
    ...flying.filter((vm, i) => flying.indexOf(vm) !== i).map((vm) => `${vm} moves to two places`),
  ];
}
