import type { VmId } from '../../domain/vm.ts';

const UUID_CHARACTERS = 8;

/**
 * VMs are called as their domains are. Names are unique on a host but not among hosts: who comes second with a name has
 * part of its uuid added, and keeps that.
 */
export class Names {
  readonly #idOf = new Map<string, VmId>();
  readonly #uuidOf = new Map<VmId, string>();

  idOf({ uuid, name }: { readonly uuid: string; readonly name: string }): VmId {
    const known = this.#idOf.get(uuid);
    if (known !== undefined) return known;
    const names = [name, `${name}.${uuid.slice(0, UUID_CHARACTERS)}`];
    const id = names.find((free) => !this.#uuidOf.has(free)) ?? `${name}.${uuid}`;
    this.#idOf.set(uuid, id);
    this.#uuidOf.set(id, uuid);
    return id;
  }

  uuidOf(id: VmId): string | undefined {
    return this.#uuidOf.get(id);
  }

  forgetAllBut(uuids: ReadonlySet<string>): void {
    for (const [uuid, id] of this.#idOf) {
      if (uuids.has(uuid)) continue;
      this.#idOf.delete(uuid);
      this.#uuidOf.delete(id);
    }
  }
}
