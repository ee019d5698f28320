import type { Column } from '../../domain/columns.ts';
import { hostDoubtWords } from '../../domain/doubt.ts';
import type { Draft } from '../../domain/draft.ts';
import { OFF, ON, POWER_STATES, SHUTTING_DOWN, SUSPECT } from '../../domain/power.ts';
import type { Violation } from '../../domain/rule.ts';
import type { RuleOnDraft } from './rule-on-draft.ts';

/** VMs go only to hosts that are on, trusted and not under maintenance. */
export class OpenHost implements RuleOnDraft {
  readonly id = 'open-host';
  readonly #draft: Draft;
  readonly #power: Column;
  /** By host: trusted and not under maintenance. */
  readonly #isUsable: Uint8Array;

  constructor(draft: Draft) {
    const { known, maintenance } = draft.snapshot.hosts;
    this.#draft = draft;
    this.#power = draft.power;
    this.#isUsable = new Uint8Array(known.length);
    for (let host = 0; host < known.length; host++) {
      this.#isUsable[host] = Number(known[host] === 1 && maintenance[host] === 0);
    }
  }

  isOpen(host: number): boolean {
    return this.#power[host] === ON && this.#isUsable[host] === 1;
  }

  permits(_vm: number, to: number): boolean {
    return this.isOpen(to);
  }

  words(_vm: number, to: number): string {
    const { snapshot } = this.#draft;
    const { hosts } = snapshot;
    const id = hosts.ids[to]!;
    if (hosts.maintenance[to] === 1) return `${id} is under maintenance`;
    if (hosts.known[to] !== 1) return hostDoubtWords(snapshot, to);
    return `${id} is ${POWER_STATES[this.#draft.power[to]!]}`;
  }

  remedy(_vm: number, to: number): string {
    const { hosts } = this.#draft.snapshot;
    const id = hosts.ids[to]!;
    if (hosts.maintenance[to] === 1) return `end the maintenance of ${id}`;
    if (hosts.known[to] !== 1) return `wait until the metrics of ${id} can be trusted`;
    const power = this.#draft.power[to];
    if (power === OFF) return `switch ${id} on`;
    return power === SUSPECT ? `find out why ${id} did not come back` : `wait until ${id} is on`;
  }

  violations(): Violation[] {
    const { hosts } = this.#draft.snapshot;
    const found: Violation[] = [];
    for (let host = 0; host < hosts.ids.length; host++) {
      if (this.#draft.vmCount[host] === 0 || !this.#mustBeEmpty(host)) continue;
      const vms = this.#draft.vmsOn(host).map((vm) => this.#draft.snapshot.vms.ids[vm]!);
      found.push({ rule: this.id, because: this.words(0, host), vms, host: hosts.ids[host]! });
    }
    return found;
  }

  #mustBeEmpty(host: number): boolean {
    const power = this.#draft.power[host];
    const down = power === OFF || power === SHUTTING_DOWN || power === SUSPECT;
    return down || this.#draft.snapshot.hosts.maintenance[host] === 1;
  }
}
