import { SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Io } from './io.ts';

const WIDTH = 30;
const LEAST_GAP_MS = 100;
/** Before this nobody can say how long it will take. */
const TELLING_SHARE = 0.02;

/** A bar with the time that is left, on terminals only; ends with nothing left of it. */
export interface Progress {
  passed(share: number): void;
  end(): void;
}

export function progressOn({ stderr }: Io, what: string): Progress {
  if (!('isTTY' in stderr) || stderr.isTTY !== true) return { passed() {}, end() {} };
  const startedAtMs = performance.now();
  let drawnAtMs = -Infinity;
  return {
    passed(share) {
      const nowMs = performance.now();
      if (nowMs - drawnAtMs < LEAST_GAP_MS) return;
      drawnAtMs = nowMs;
      stderr.write(`\r\x1b[K${what} ${barOf(share)} ${leftWords(share, nowMs - startedAtMs)}`);
    },
    end() {
      stderr.write('\r\x1b[K');
    },
  };
}

export function barOf(share: number): string {
  const full = Math.round(share * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

export function leftWords(share: number, passedMs: number): string {
  if (share < TELLING_SHARE) return '';
  const leftMs = (passedMs / share) * (1 - share);
  return `${spanWords(Math.ceil(leftMs / SECOND) * SECOND)} left`;
}
