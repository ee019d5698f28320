import { MINUTE } from '../../../src/domain/units.ts';
import type { Progressed } from '../../../src/drivers/simulated/orders.ts';
import type { Migration, MigrationEnd, MigrationOrder, MigrationState } from '../../../src/ports/driver.ts';
import { between } from '../../../src/simulator/random.ts';
import type { Land } from '../land.ts';
import type { Fault } from './kinds.ts';
import type { Pulse } from './pulse.ts';

const FAILS_IN: Readonly<Record<MigrationState, Fault>> = {
  preparing: 'migration-fails-preparing',
  copying: 'migration-fails-copying',
  switching: 'migration-fails-switching',
  finishing: 'migration-fails-finishing',
};

/** Each is met by so many of the migrations. */
const SHARE = 0.25;
const LONGEST_STALL_MS = 8 * MINUTE;
const LONGEST_DELAY_MS = 6 * MINUTE;

interface Plight {
  readonly failsIn: MigrationState | undefined;
  readonly outlivesFailure: boolean;
  readonly stallMs: number;
  readonly neverTold: boolean;
  readonly toldLateMs: number;
  readonly cancelRefused: boolean;
  readonly goesOnAfterEnd: boolean;
}

/** One migration of the daemon as a bad driver carries it out and tells of it. */
export class FaultyMigration implements Migration {
  readonly ended: Promise<MigrationEnd>;
  readonly #land: Land;
  readonly #order: MigrationOrder;
  readonly #pulse: Pulse;
  readonly #progressed: Progressed;
  readonly #plight: Plight;
  readonly #tell: (end: MigrationEnd) => void;
  readonly #inner: Migration;
  #isTold = false;
  #stalledUntilMs = 0;
  #hasStalled = false;

  constructor(land: Land, order: MigrationOrder, progressed: Progressed, pulse: Pulse) {
    this.#land = land;
    this.#order = order;
    this.#pulse = pulse;
    this.#progressed = progressed;
    this.#plight = plightOf(land);
    const { promise, resolve } = Promise.withResolvers<MigrationEnd>();
    this.ended = promise;
    this.#tell = resolve;
    this.#inner = land.driver.migrate(order, (state, progress) => this.#hear(state, progress));
    void this.#inner.ended.then((end) => this.#hasEnded(end));
  }

  cancel(): boolean {
    if (this.#pulse.isDead) return false;
    if (this.#plight.cancelRefused) {
      this.#struck('cancel-refused');
      return false;
    }
    return this.#inner.cancel();
  }

  #hear(state: MigrationState, progress: Parameters<Progressed>[1]): void {
    const { board, clock } = this.#land;
    if (this.#plight.failsIn === state && !this.#isTold) this.#fail(state);
    if (this.#isTold && !this.#plight.goesOnAfterEnd) return;
    if (this.#isTold) this.#struck('progress-after-end');
    if (this.#isHung()) return;
    if (state === 'copying' && this.#plight.stallMs > 0 && !this.#hasStalled) this.#stall();
    if (clock.nowMs() < this.#stalledUntilMs && !board.isOver) return;
    this.#pulse.whenAwake(() => {
      this.#land.witness.note({ kind: 'migration heard', id: this.#order.id });
      this.#progressed(state, progress);
    });
  }

  /** Told as failed. Early on it has failed indeed; once the guest is switched over nobody can stop it any more. */
  #fail(state: MigrationState): void {
    const { outlivesFailure } = this.#plight;
    this.#struck(outlivesFailure ? 'migration-outlives-failure' : FAILS_IN[state]);
    if (!outlivesFailure) this.#inner.cancel();
    this.#tellOnce({ state: 'failed', because: `the driver lost it while ${state}` });
  }

  #stall(): void {
    this.#hasStalled = true;
    this.#stalledUntilMs = this.#land.clock.nowMs() + this.#plight.stallMs;
    this.#struck('migration-stalls');
  }

  #hasEnded(end: MigrationEnd): void {
    const { clock, witness, sight } = this.#land;
    const { id, vm, from, to } = this.#order;
    witness.note({ kind: 'migration ended', id, end });
    // What was said of it before was not so.
    if (this.#isTold) sight.touched([vm, from, to], clock.nowMs());
    else if (this.#plight.neverTold) this.#struck('migration-never-told');
    else this.#tellInTime(end);
  }

  #tellInTime(end: MigrationEnd): void {
    const { clock } = this.#land;
    const hungMs = this.#isHung() ? LONGEST_STALL_MS : 0;
    const delayMs = Math.max(this.#stalledUntilMs - clock.nowMs(), this.#plight.toldLateMs, hungMs);
    if (this.#plight.toldLateMs > 0) this.#struck('migration-told-late');
    if (delayMs <= 0) this.#tellOnce(end);
    else clock.after(delayMs, () => this.#tellOnce(end));
  }

  #tellOnce(end: MigrationEnd): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#pulse.whenAwake(() => {
      this.#land.witness.note({ kind: 'migration told', id: this.#order.id, end });
      this.#tell(end);
    });
  }

  #isHung(): boolean {
    const { from, to } = this.#order;
    return this.#land.board.isAt('host-hangs', from) || this.#land.board.isAt('host-hangs', to);
  }

  #struck(fault: Fault): void {
    const { id, vm, from, to } = this.#order;
    this.#land.board.struck(fault, [vm, from, to], id);
  }
}

function plightOf({ board }: Land): Plight {
  const outlivesFailure = board.befalls('migration-outlives-failure', SHARE);
  const states = Object.keys(FAILS_IN) as MigrationState[];
  const failsIn = outlivesFailure ? 'copying' : states.find((state) => board.befalls(FAILS_IN[state], SHARE));
  const stalls = board.befalls('migration-stalls', SHARE);
  const isLate = board.befalls('migration-told-late', SHARE);
  return {
    failsIn,
    outlivesFailure,
    stallMs: stalls ? between(board.chance('migration-stalls'), 0, LONGEST_STALL_MS) : 0,
    neverTold: board.befalls('migration-never-told', SHARE),
    toldLateMs: isLate ? between(board.chance('migration-told-late'), 0, LONGEST_DELAY_MS) : 0,
    cancelRefused: board.befalls('cancel-refused', SHARE),
    goesOnAfterEnd: board.befalls('progress-after-end', 0.5),
  };
}
