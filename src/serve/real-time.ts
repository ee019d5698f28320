import type { Clock } from '../ports/clock.ts';

/** Watchers sit in front of screens: what is sent to them is paced by their time and not by the datacenter's. */
export const REAL_TIME: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
