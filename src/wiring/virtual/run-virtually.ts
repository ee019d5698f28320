import type { VirtualWorld } from './virtual-world.ts';

export interface VirtualCourse {
  readonly untilMs: number;
  /** How often to look at it. */
  readonly tickMs: number;
  /** Keeps its promise when all that the load source needs up to this time has been read. */
  readonly readAhead?: (untilMs: number) => Promise<void>;
  /** After each tick, and once before the first. */
  readonly onTick?: (world: VirtualWorld) => void | Promise<void>;
}

/** Starts the daemon and lets time pass. What is under way at the end stays so: the books are closed, nothing is drained. */
export async function runVirtually(world: VirtualWorld, course: VirtualCourse): Promise<void> {
  const { clock, daemon, datacenter, journal } = world;
  const { untilMs, tickMs, readAhead, onTick } = course;
  await readAhead?.(clock.nowMs() + tickMs);
  await daemon.start();
  await onTick?.(world);
  while (clock.nowMs() < untilMs) {
    const nextMs = Math.min(untilMs, clock.nowMs() + tickMs);
    await readAhead?.(nextMs);
    await clock.advanceTo(nextMs);
    // Its driver looks after it only when something is due.
    datacenter.advanceTo(nextMs);
    await onTick?.(world);
  }
  journal.close();
}
