import type { Land } from '../land.ts';
import type { Lives } from '../lives.ts';
import type { Happening } from '../witness.ts';

export interface Scene {
  readonly land: Land;
  readonly lives: Lives;
}

/** Judges one property by what happens and by what is really so. It shares no code with what it judges. */
export interface Checker {
  readonly property: string;
  /** A sentence for each way in which the property does not hold. */
  judge(happening: Happening, scene: Scene): readonly string[];
  /** When all has come to rest, or should have. */
  judgeEnd?(scene: Scene): readonly string[];
}
