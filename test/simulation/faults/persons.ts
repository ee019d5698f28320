import type { Daemon } from '../../../src/daemon/daemon.ts';
import type { Operator, Reply } from '../../../src/daemon/operator.ts';
import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import { between, oneOf, type SeededRandom } from '../../../src/simulator/random.ts';
import type { Land } from '../land.ts';
import type { Lives } from '../lives.ts';
import type { Fault } from './kinds.ts';

const OFTEN_MS = 6 * MINUTE;
const RARELY_MS = 12 * MINUTE;
const CONFIRMS_EVERY_MS = 90 * SECOND;
const MOST_DRAINED = 2;

/** People: past Drover, who owe it nothing, and through it, who get what they were promised. */
export class Persons {
  readonly #land: Land;
  readonly #lives: Lives;
  #orders = 0;
  readonly #switchedOff = new Set<string>();

  constructor(land: Land, lives: Lives) {
    this.#land = land;
    this.#lives = lives;
  }

  begin(): void {
    this.#actPastDrover();
    this.#order();
    this.#confirmLater();
  }

  /** After the faults: whatever waits for a person is looked after. */
  tidyUp(): void {
    const { sight, clock, datacenter, driver, stopped } = this.#land;
    for (const vm of stopped) sight.touched([vm, datacenter.hostOf(vm)!], clock.nowMs());
    if (stopped.size > 0) {
      stopped.clear();
      this.#tellOfVms();
    }
    // What persons have put to sleep is theirs to wake.
    for (const host of this.#switchedOff) {
      if (datacenter.powerOf(host) === 'off') void driver.switchOn(host);
      if (datacenter.powerOf(host) === 'shutting-down' || this.#isOrderedOff(host)) continue;
      this.#switchedOff.delete(host);
    }
    const { settings } = this.#land.scenario;
    const daemon = this.#lives.running?.daemon;
    if (daemon === undefined) return;
    const { operator } = daemon;
    const { mode } = settings;
    if (daemon.status().mode !== mode) this.#did(asReply(daemon.setMode(mode)), `mode ${mode}`);
    const { pausedSinceMs, drains, suspects } = operator.standing();
    if (pausedSinceMs !== null) this.#did(this.#resume(operator), 'resume');
    if (/journal failed/.test(daemon.status().notReadyBecause)) this.#lives.running?.stop(MINUTE);
    for (const { host } of drains) this.#did(operator.undrain(host, false), `undrain ${host}`);
    for (const { host } of suspects) {
      this.#did(operator.clear(host, false), `clear ${host}`);
      this.#did(operator.vouch(host, false), `vouch ${host}`);
    }
  }

  #isOrderedOff(host: string): boolean {
    const switches = this.#lives.running?.daemon.operator.standing().switches ?? [];
    return switches.some((order) => order.host === host && order.to === 'off');
  }

  #actPastDrover(): void {
    const { board, datacenter, driver } = this.#land;
    board.every('moved-by-hand', OFTEN_MS, (random) => this.#moveByHand(random));
    board.every('switched-by-hand', OFTEN_MS, (random) => this.#switchByHand(random));
    board.every('vm-comes-or-goes', OFTEN_MS, (random) => this.#stopOrStart(oneOf(random, datacenter.vmIds)));
    board.every('cancelled-by-hand', OFTEN_MS, (random) => {
      const { flights } = datacenter.inventory();
      const migrations = [...this.#land.underWay.values()].filter(({ vm }) =>
        flights.some((flight) => flight.vm === vm),
      );
      if (migrations.length === 0) return;
      const { id, vm, from, to } = oneOf(random, migrations);
      if (driver.cancel(id)) board.struck('cancelled-by-hand', [vm, from, to], id);
    });
  }

  /** What is on its way is let arrive first. */
  #stopOrStart(vm: string): void {
    const { board, datacenter, stopped } = this.#land;
    if (datacenter.inventory().flights.some((flight) => flight.vm === vm)) return;
    const isStarted = stopped.delete(vm);
    if (!isStarted) stopped.add(vm);
    board.struck('vm-comes-or-goes', [vm, datacenter.hostOf(vm)!], isStarted ? 'starts' : 'stops');
    this.#tellOfVms();
  }

  #tellOfVms(): void {
    const { clock, news } = this.#land;
    for (const hear of [...news]) hear({ kind: 'inventory-changed', atMs: clock.nowMs() });
  }

  #moveByHand(random: SeededRandom): void {
    const { board, clock, datacenter, driver, sight, witness } = this.#land;
    const vm = oneOf(random, datacenter.vmIds);
    const to = oneOf(random, datacenter.hostIds);
    const from = datacenter.hostOf(vm);
    if (from === undefined || from === to || this.#land.stopped.has(vm)) return;
    const order = { id: `hand-${++this.#orders}`, vm, from, to, how: 'live' } as const;
    board.struck('moved-by-hand', [vm, from, to], order.id);
    witness.note({ kind: 'migration ordered', by: 'person', order });
    void driver
      .migrate(order, () => undefined)
      .ended.then((end) => {
        sight.touched([vm, from, to], clock.nowMs());
        witness.note({ kind: 'migration ended', id: order.id, end });
      });
  }

  #switchByHand(random: SeededRandom): void {
    const { board, clock, datacenter, driver, sight, witness } = this.#land;
    const host = oneOf(random, datacenter.hostIds);
    const to = datacenter.powerOf(host) === 'off' ? 'on' : 'off';
    board.struck('switched-by-hand', [host], to);
    witness.note({ kind: 'switch ordered', by: 'person', host, to, id: `hand-${++this.#orders}` });
    if (to === 'off') this.#switchedOff.add(host);
    const end = to === 'on' ? driver.switchOn(host) : driver.switchOff(host);
    void end.then(() => sight.touched([host], clock.nowMs()));
  }

  #order(): void {
    const { datacenter } = this.#land;
    this.#every('drained', RARELY_MS, (daemon, random) => {
      const drains = daemon.operator.standing().drains.map(({ host }) => host);
      if (drains.length >= MOST_DRAINED || (drains.length > 0 && random.next() < 0.5)) {
        const host = oneOf(random, drains);
        return [daemon.operator.undrain(host, false), `undrain ${host}`];
      }
      const host = oneOf(random, datacenter.hostIds);
      return [daemon.operator.drain(host, false), `drain ${host}`];
    });
    this.#every('ordered', OFTEN_MS, (daemon, random) => orderOne(this.#land, daemon, random));
    this.#every('cancelled', OFTEN_MS, (daemon, random) => {
      const open = daemon.steps().filter(({ endedAtMs }) => endedAtMs === null);
      if (open.length === 0) return undefined;
      const { step } = oneOf(random, open);
      return [daemon.operator.cancel(step.id, false), `cancel ${step.id}`];
    });
    this.#every('paused', 2 * RARELY_MS, (daemon, random) => {
      this.#later(random, (then) => [this.#resume(then.operator), 'resume']);
      return [daemon.operator.pause(false), 'pause'];
    });
    this.#every('mode-changed', 2 * RARELY_MS, (daemon, random) => {
      const { mode: usual } = this.#land.scenario.settings;
      const mode = oneOf(random, ['observe', 'recommend', 'confirm', 'auto'] as const);
      this.#later(random, (then) => [asReply(then.setMode(usual)), `mode ${usual}`]);
      return [asReply(daemon.setMode(mode)), `mode ${mode}`];
    });
  }

  #every(
    fault: Fault,
    meanMs: number,
    act: (daemon: Daemon, random: SeededRandom) => readonly [Reply, string] | undefined,
  ): void {
    this.#land.board.every(fault, meanMs, (random) => {
      const daemon = this.#lives.running?.daemon;
      const acted = daemon === undefined ? undefined : this.#answered(() => act(daemon, random));
      if (acted !== undefined && this.#did(...acted)) this.#land.board.struck(fault, []);
    });
  }

  #later(random: SeededRandom, act: (daemon: Daemon) => readonly [Reply, string]): void {
    this.#land.clock.after(between(random, MINUTE, 8 * MINUTE), () => {
      const daemon = this.#lives.running?.daemon;
      if (daemon !== undefined) this.#did(...act(daemon));
    });
  }

  #confirmLater(): void {
    this.#land.clock.after(CONFIRMS_EVERY_MS, () => {
      const daemon = this.#lives.running?.daemon;
      const plan = daemon?.plans().find(({ state }) => state === 'waiting for confirmation');
      if (daemon !== undefined && plan !== undefined) {
        const words = `confirm ${plan.plan.id}`;
        // What is confirmed may begin before the person has the answer.
        this.#land.witness.note({ kind: 'person', did: `perhaps ${words}` });
        this.#did(daemon.operator.confirm(plan.plan.id, false), words);
      }
      this.#confirmLater();
    });
  }

  /** What was held up may begin before the person has the answer. */
  #resume(operator: Operator): Reply {
    this.#land.witness.note({ kind: 'person', did: 'perhaps resume' });
    return operator.resume(false);
  }

  /** Whoever asks is answered, with a refusal perhaps. */
  #answered<T>(ask: () => T): T | undefined {
    try {
      return ask();
    } catch (error) {
      const sentence = `an order was not answered: ${error instanceof Error ? error.stack : String(error)}`;
      this.#land.witness.note({ kind: 'said', level: 'error', sentence });
      return undefined;
    }
  }

  /** True: it was promised. */
  #did(reply: Reply, words: string): boolean {
    const isRefused = 'refusal' in reply;
    // A daemon that dies while it writes an order down answers nobody.
    if (this.#lives.running === undefined) {
      this.#land.witness.note({ kind: 'person', did: `perhaps ${words}` });
      return false;
    }
    if (isRefused) this.#land.witness.remark(`PERSON is refused to ${words}: ${reply.refusal}`);
    else this.#land.witness.note({ kind: 'person', did: words });
    const [, host] = /^switch (\S+) off$/.exec(words) ?? [];
    if (!isRefused && host !== undefined) this.#switchedOff.add(host);
    return !isRefused;
  }
}

function orderOne({ datacenter }: Land, { operator }: Daemon, random: SeededRandom): readonly [Reply, string] {
  const asleep = datacenter.hostIds.filter((host) => datacenter.powerOf(host) === 'off');
  const share = random.next();
  if (share < 0.5 && asleep.length > 0) {
    const host = oneOf(random, asleep);
    return [operator.power(host, 'on', false), `switch ${host} on`];
  }
  const host = oneOf(random, datacenter.hostIds);
  if (share < 0.6) return [operator.power(host, 'off', false), `switch ${host} off`];
  const vm = oneOf(random, datacenter.vmIds);
  return [operator.migrate(vm, host, false), `migrate ${vm} to ${host}`];
}

const asReply = (refusal: string | undefined): Reply =>
  refusal === undefined ? { words: '', steps: [], endsAtMs: null } : { refusal };
