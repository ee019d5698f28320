import { DECISIONS } from './boards/decisions.ts';
import { ITSELF } from './boards/itself.ts';
import { MIGRATIONS } from './boards/migrations.ts';
import { POLICIES } from './boards/policies.ts';
import { POWER } from './boards/power.ts';
import { WELL } from './boards/well.ts';
import { dashboard } from './dashboard.ts';
import { metricsPage } from './metrics-page.ts';
import { printed } from './printed.ts';

const BOARDS = [WELL, DECISIONS, MIGRATIONS, POWER, POLICIES, ITSELF];

/** All files that are made from code, by their path in this folder. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const boards = BOARDS.map((board) => [`dashboards/${board.id}.json`, printed(dashboard(board))] as const);
  return new Map([...boards, ['METRICS.md', metricsPage()]]);
}
