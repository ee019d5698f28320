import type { VirtualWorld } from './virtual-world.ts';

export interface VirtualCourse {
  readonly untilMs: number;
  /** How often to look at it. */
  readonly tickMs: number;
  /** After each tick, and once before the first. */
  readonly onTick: (world: VirtualWorld) => void;
}

/** Starts the daemon and lets time pass. What is under way at the end stays so: the books are closed, nothing is drained. */
export async function runVirtually(world: VirtualWorld, course: VirtualCourse): Promise<void> {
  const { clock, daemon, datacenter, journal } = world;
  const { untilMs, tickMs, onTick } = course;
  await daemon.start();
  onTick(world);
  while (clock.nowMs() < untilMs) {
    const nextMs = Math.min(untilMs, clock.nowMs() + tickMs);
    await clock.advanceTo(nextMs);
    // Its driver looks after it only when something is due.
    datacenter.advanceTo(nextMs);
    onTick(world);
  }
  journal.close();
}
