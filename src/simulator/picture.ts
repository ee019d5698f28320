import type { Host } from '../domain/host.ts';
import { POWER_STATES } from '../domain/power.ts';
import { fromDemand, type Vm } from '../domain/vm.ts';
import type { Fleet } from './fleet.ts';
import { measureVm, newVmMeasures } from './measures.ts';
import type { Migrations } from './migrations.ts';

/** All hosts and VMs as they are, as objects; those that nothing has happened to since are the same objects again. */
export class Picture {
  readonly #fleet: Fleet;
  readonly #migrations: Migrations;
  #hosts: readonly Host[] = [];
  /** Of all VMs, and of those that are there. */
  #rows: readonly Vm[] = [];
  #vms: readonly Vm[] = [];

  constructor(fleet: Fleet, migrations: Migrations) {
    this.#fleet = fleet;
    this.#migrations = migrations;
  }

  taken(): { readonly hosts: readonly Host[]; readonly vms: readonly Vm[] } {
    const { touched } = this.#fleet;
    if (touched.all) {
      this.#hosts = this.#fleet.hosts.map((_, host) => this.#hostAt(host));
      this.#rows = this.#fleet.vms.map((_, vm) => this.#vmAt(vm));
      this.#vms = this.#present();
    } else if (touched.vms.size > 0) {
      this.#rows = redrawn(this.#rows, touched.vms, (vm) => this.#vmAt(vm));
      this.#vms = this.#present();
    }
    if (!touched.all) this.#hosts = redrawn(this.#hosts, touched.hosts, (host) => this.#hostAt(host));
    touched.all = false;
    touched.hosts.clear();
    touched.vms.clear();
    return { hosts: this.#hosts, vms: this.#vms };
  }

  #present(): readonly Vm[] {
    const { isAbsent } = this.#fleet;
    return isAbsent.includes(1) ? this.#rows.filter((_, vm) => isAbsent[vm] === 0) : this.#rows;
  }

  #hostAt(index: number): Host {
    const { hosts, power, lastPowerChangeAtMs, lastArrivalAtMs } = this.#fleet;
    return {
      ...hosts[index]!,
      power: POWER_STATES[power[index]!]!,
      lastPowerChangeAtMs: lastPowerChangeAtMs[index]!,
      lastArrivalAtMs: lastArrivalAtMs[index]!,
    };
  }

  /** Nothing is known here of means and peaks. */
  #vmAt(index: number): Vm {
    const { vms, hosts, hostOf, lastMoveAtMs } = this.#fleet;
    const vm = vms[index]!;
    const measured = newVmMeasures(1);
    measureVm(this.#fleet, this.#migrations, index, measured, 0);
    const told = (column: Float64Array) => (Number.isNaN(column[0]) ? 0 : column[0]!);
    const demand = {
      ...vm.demand,
      cpuMhz: told(measured.cpuMhz),
      netRxBytesPerS: told(measured.netRxBytesPerS),
      netTxBytesPerS: told(measured.netTxBytesPerS),
    };
    return {
      ...vm,
      ...fromDemand(demand),
      host: hosts[hostOf[index]!]!.id,
      demand,
      cpuDeviationMhz: 0,
      memoryActiveBytes: told(measured.memoryActiveBytes),
      dirtyBytesPerS: told(measured.dirtyBytesPerS),
      liveSessions: told(measured.liveSessions),
      lastMoveAtMs: lastMoveAtMs[index]!,
    };
  }
}

function redrawn<T>(before: readonly T[], touched: ReadonlySet<number>, draw: (index: number) => T): readonly T[] {
  if (touched.size === 0) return before;
  const now = [...before];
  for (const index of touched) now[index] = draw(index);
  return now;
}
