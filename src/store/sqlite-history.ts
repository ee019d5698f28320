import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Verdicts } from '../domain/decision.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Plan } from '../domain/plan.ts';
import type { History, RecordedCycle } from '../ports/history.ts';
import type { RecordedHook, RecordedStep } from '../ports/journal.ts';
import { fromJson, toJson } from './lossless-json.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { type HookRow, recordedHook, recordedStep, type StepRow } from './step-row.ts';

export interface CaseBounds {
  readonly cases: number;
  /** Of all cases together, as they are on disk. */
  readonly caseBytes: number;
}

interface CycleRow {
  readonly cycle: number;
  readonly body: string;
  readonly has_case: number;
}

/** Recording must not hold up a cycle: speed goes before size. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const CYCLES = `
  select cycle, body, exists (select 1 from cases where cases.cycle = verdicts.cycle) as has_case from verdicts`;

export class SqliteHistory implements History {
  readonly #file: SqliteFile;
  readonly #bounds: CaseBounds;

  constructor(file: SqliteFile, bounds: CaseBounds) {
    this.#file = file;
    this.#bounds = bounds;
  }

  recordCase(cycle: number, caseText: string): void {
    if (this.#bounds.cases === 0) return;
    const body = zstdCompressSync(caseText, COMPRESSION);
    this.#file.change(() => {
      const number = this.#file.run('insert into cases (cycle, body) values (?, ?)', cycle, body);
      this.#file.run('delete from cases where number <= ?', number - this.#bounds.cases);
      this.#file.run(
        `delete from cases where number in (
          select number from (select number, sum(length(body)) over (order by number desc) as bytes from cases)
          where bytes > ?)`,
        this.#bounds.caseBytes,
      );
    });
  }

  cycles(most: number, before = Number.MAX_SAFE_INTEGER): readonly RecordedCycle[] {
    const sql = `${CYCLES} where cycle < ? order by number desc limit ?`;
    return this.#file.rows<CycleRow>(sql, before, most).map(recordedCycle);
  }

  cycle(cycle: number): RecordedCycle | undefined {
    const row = this.#file.row<CycleRow>(`${CYCLES} where cycle = ? order by number desc limit 1`, cycle);
    return row && recordedCycle(row);
  }

  caseText(cycle: number): string | undefined {
    const sql = 'select body from cases where cycle = ? order by number desc limit 1';
    const row = this.#file.row<{ readonly body: Uint8Array }>(sql, cycle);
    return row && zstdDecompressSync(row.body).toString('utf8');
  }

  planOf(cycle: number): Plan | undefined {
    const sql = 'select body from plans where id = ? order by number desc limit 1';
    const row = this.#file.row<{ readonly body: string }>(sql, `p${cycle}`);
    return row && fromJson<Plan>(row.body);
  }

  stepsOf(planId: string): readonly RecordedStep[] {
    const sql = 'select * from steps where plan = ? order by number';
    return this.#file.rows<StepRow>(sql, planId).map(recordedStep);
  }

  hooksOf(stepIds: readonly string[]): readonly RecordedHook[] {
    if (!this.#has('hooks')) return [];
    const sql = 'select body, outcome from hooks where step in (select value from json_each(?)) order by number';
    return this.#file.rows<HookRow>(sql, toJson(stepIds)).map(recordedHook);
  }

  migrations(most: number): readonly LedgerEntry[] {
    if (!this.#has('ledger')) return [];
    const sql = 'select body from ledger order by number desc limit ?';
    return this.#file.rows<{ readonly body: string }>(sql, most).map(({ body }) => fromJson<LedgerEntry>(body));
  }

  /** A file that is only read may be older than this version. */
  #has(table: 'hooks' | 'ledger'): boolean {
    return this.#file.row("select 1 from sqlite_schema where type = 'table' and name = ?", table) !== undefined;
  }
}

function recordedCycle({ cycle, body, has_case }: CycleRow): RecordedCycle {
  return { cycle, verdicts: fromJson<Verdicts>(body), hasCase: has_case === 1 };
}
