import { Daemon } from '../../src/daemon/daemon.ts';
import type { Shelf } from '../../src/loading/library.ts';
import { loadPolicies } from '../../src/loading/load-policies.ts';
import type { Log } from '../../src/ports/log.ts';
import { makeContainer } from '../../src/wiring/container.ts';
import { FaultyDriver } from './faults/faulty-driver.ts';
import { MortalJournal, type Trap } from './faults/mortal-journal.ts';
import { MortalClock, Pulse } from './faults/pulse.ts';
import { unrulyPolicy } from './faults/unruly-policy.ts';
import type { Land } from './land.ts';
import type { Witness } from './witness.ts';

const STOCK: Shelf = (await loadPolicies({ folders: [] })).policies.map((good) => ({
  id: good.policy.id,
  good,
  trouble: '',
  gone: false,
}));

/** One life of the daemon: the whole of Drover as it runs in production, on ports that fail. */
export class Life {
  readonly number: number;
  readonly daemon: Daemon;
  readonly #land: Land;
  readonly #pulse: Pulse;
  readonly #journal: MortalJournal;

  constructor(land: Land, number: number) {
    const { clock, board, sight, witness, scenario } = land;
    this.#land = land;
    this.number = number;
    const pulse = new Pulse(clock, () => board.leftMs('process-stands-still'));
    this.#pulse = pulse;
    this.#journal = new MortalJournal(land, pulse, () => this.kill());
    const { settings = same, driver = same, books = same } = land.sabotage;
    const container = makeContainer({
      settings: settings(scenario.settings),
      shelf: [...STOCK, unrulyPolicy(board)],
      clock: new MortalClock(clock, pulse, () => sight.skewMs),
      log: overheard(witness, pulse),
      journal: books(this.#journal),
      driver: driver(new FaultyDriver(land, pulse), land),
    });
    this.daemon = container.get(Daemon);
    const states = new Map<string, string>();
    this.daemon.events.subscribe((event) => {
      if (event.kind !== 'step' || pulse.isDead) return;
      const { step, state } = event.status;
      if (states.get(step.id) === state) return;
      states.set(step.id, state);
      witness.note({ kind: 'step', status: event.status });
    });
  }

  get isDead(): boolean {
    return this.#pulse.isDead;
  }

  get isRunning(): boolean {
    return !this.isDead && this.daemon.status().state === 'running';
  }

  /** A daemon that cannot start is dead; whoever keeps it running starts another. */
  async start(): Promise<void> {
    this.#land.witness.note({ kind: 'life', what: 'begins', number: this.number });
    try {
      await this.daemon.start();
    } catch {
      this.#end('did not start');
    }
  }

  kill(): void {
    if (!this.isDead) this.#end('is killed');
  }

  /** It dies at one of its next calls of its journal. */
  killAt(trap: Trap): void {
    this.#journal.trap = trap;
  }

  /** Properly, as a service is: what does not stop in time is killed. */
  stop(patienceMs: number): void {
    const { clock } = this.#land;
    const stopKill = clock.after(patienceMs, () => this.kill());
    void this.daemon.stop().then(() => {
      stopKill();
      if (!this.isDead) this.#end('is stopped');
    });
  }

  #end(what: 'is killed' | 'is stopped' | 'did not start'): void {
    this.#pulse.isDead = true;
    this.#land.witness.note({ kind: 'life', what, number: this.number });
  }
}

const same = <T>(part: T): T => part;

function overheard(witness: Witness, pulse: Pulse): Log {
  const at = (level: keyof Log) => (sentence: string) => {
    if (!pulse.isDead) witness.note({ kind: 'said', level, sentence });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
