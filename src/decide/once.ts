import type { MigrationEstimate } from '../domain/plan.ts';
import { estimateMigration } from '../domain/precopy.ts';
import type { Prices } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { GIB, HOUR, MINUTE, SECOND } from '../domain/units.ts';

/** What changes cost once: the core's own price of moving a VM and of a power cycle. */
export class OnceCosts {
  readonly #snapshot: Snapshot;
  readonly #prices: Prices;

  constructor(snapshot: Snapshot, prices: Prices) {
    this.#snapshot = snapshot;
    this.#prices = prices;
  }

  migration(vm: number, from: number, to: number): MigrationEstimate {
    const { hosts, vms } = this.#snapshot;
    return estimateMigration({
      memoryBytes: vms.memoryActiveBytes[vm]!,
      dirtyBytesPerS: vms.dirtyBytesPerS[vm]!,
      writableSetBytes: vms.memoryActiveBytes[vm]!,
      bytesPerS: Math.min(hosts.migrationBytesPerS[from]!, hosts.migrationBytesPerS[to]!),
    });
  }

  ofMove(vm: number, from: number, to: number): number {
    const { seconds, bytes, blackoutMs } = this.migration(vm, from, to);
    const prices = this.#prices;
    return (
      (bytes / GIB) * prices.perMigratedGib +
      ((seconds * SECOND) / MINUTE) * prices.perMigrationMinute +
      (blackoutMs / SECOND) * prices.perBlackoutSecond +
      this.#snapshot.vms.liveSessions[vm]! * prices.perSessionMoved
    );
  }

  /** The whole cycle is paid when a host is switched off: coming back later is then for free. */
  ofSwitchingOff(host: number): number {
    const { hosts, pools } = this.#snapshot;
    const model = pools.powerModels[hosts.powerModel[host]!]!;
    const idleWatts = model.watts[0]!;
    const hoursInTransit = ((model.bootSeconds + model.shutdownSeconds) * SECOND) / HOUR;
    const kwh = (idleWatts * hoursInTransit) / 1000;
    return this.#prices.perPowerCycle + kwh * this.#prices.pue * this.#prices.perKwh;
  }
}
