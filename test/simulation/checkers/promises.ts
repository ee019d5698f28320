import { MINUTE } from '../../../src/domain/units.ts';
import type { Happening } from '../witness.ts';
import type { Checker, Scene } from './checker.ts';

/** Soon after the promise; what was planned before may just have been starting. */
const TAKES_EFFECT_AFTER_MS = 3 * MINUTE;
const UNSURE = /^perhaps /;

/** What persons were promised holds, over restarts too: drained hosts are not filled, and what is paused begins nothing. */
export function promises(): Checker {
  const promised = new Promised();
  return {
    property: 'what persons were promised holds',
    judge(happening, scene) {
      const nowMs = scene.land.clock.nowMs();
      if (happening.kind === 'person') promised.hear(happening.did, nowMs);
      if (happening.kind === 'tick') return promised.forgottenBy(scene);
      return promised.brokenBy(happening, nowMs);
    },
  };
}

class Promised {
  readonly #drainedSinceMs = new Map<string, number>();
  #isPaused = false;

  /** Of what was perhaps done, nothing is certain. */
  hear(did: string, nowMs: number): void {
    const [verb, subject = ''] = did.replace(UNSURE, '').split(' ');
    const isSure = !UNSURE.test(did);
    if (verb === 'drain' && isSure) this.#drainedSinceMs.set(subject, nowMs);
    if (verb === 'undrain') this.#drainedSinceMs.delete(subject);
    if (verb === 'pause') this.#isPaused = isSure;
    if (verb === 'resume') this.#isPaused = false;
  }

  brokenBy(happening: Happening, nowMs: number): string[] {
    if (happening.kind === 'begun' && this.#isPaused) return [`${happening.step.id} begins although Drover is paused`];
    if (happening.kind !== 'migration ordered' || happening.by !== 'drover') return [];
    const { id, to } = happening.order;
    const sinceMs = this.#drainedSinceMs.get(to) ?? nowMs;
    return nowMs - sinceMs > TAKES_EFFECT_AFTER_MS ? [`${id} goes to ${to}, which is being drained`] : [];
  }

  forgottenBy({ lives }: Scene): string[] {
    const standing = lives.running?.daemon.operator.standing();
    if (standing === undefined) return [];
    const listed = standing.drains.map(({ host }) => host);
    const lost = [...this.#drainedSinceMs.keys()].filter((host) => !listed.includes(host));
    const words = lost.map((host) => `the drain of ${host} is forgotten`);
    return this.#isPaused && standing.pausedSinceMs === null ? [...words, 'the pause is forgotten'] : words;
  }
}
