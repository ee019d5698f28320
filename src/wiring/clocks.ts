import type { Clock, Stop } from '../ports/clock.ts';

/** Longer waits overflow a Node timer and would fire at once: they are waited for in parts. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Real time, for datacenters made of metal. */
export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  after(delayMs: number, call: () => void): Stop {
    return wait(delayMs, call);
  }
}

/** Datacenter time that passes faster than real time by a constant factor. */
export class AcceleratedClock implements Clock {
  readonly #speed: number;
  readonly #startMs: number;
  readonly #startedAtMs = performance.now();

  constructor(speed: number, startMs: number) {
    this.#speed = speed;
    this.#startMs = startMs;
  }

  nowMs(): number {
    return Math.round(this.#startMs + (performance.now() - this.#startedAtMs) * this.#speed);
  }

  after(delayMs: number, call: () => void): Stop {
    return wait(delayMs / this.#speed, call);
  }
}

function wait(delayMs: number, call: () => void): Stop {
  let leftMs = Math.max(0, delayMs);
  let timer: NodeJS.Timeout;
  const next = () => {
    const partMs = Math.min(leftMs, LONGEST_TIMER_MS);
    leftMs -= partMs;
    timer = setTimeout(leftMs > 0 ? next : call, partMs);
  };
  next();
  return () => clearTimeout(timer);
}
