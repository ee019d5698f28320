import type { Move } from './change.ts';
import type { MigrationMeasured } from './plan.ts';

/** What one live migration was expected to take, and what it took. */
export interface LedgerEntry {
  readonly step: string;
  readonly atMs: number;
  readonly move: Move;
  readonly predicted: MigrationMeasured;
  /** What the model alone said: differs from what was predicted where that was corrected by earlier ones. */
  readonly modelled: MigrationMeasured;
  readonly realised: MigrationMeasured;
  /** Nobody else used the links of its hosts meanwhile. */
  readonly wasAlone: boolean;
}
