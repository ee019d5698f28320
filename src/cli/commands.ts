import type { Command } from './command.ts';
import { cancel } from './commands/cancel.ts';
import { check } from './commands/check.ts';
import { compare } from './commands/compare.ts';
import { confirm, reject } from './commands/confirm.ts';
import { datacenter } from './commands/datacenter.ts';
import { decide } from './commands/decide.ts';
import { decisions } from './commands/decisions.ts';
import { drain, undrain } from './commands/drain.ts';
import { explain } from './commands/explain.ts';
import { exportPlan } from './commands/export.ts';
import { generate } from './commands/generate.ts';
import { history } from './commands/history.ts';
import { hosts } from './commands/hosts.ts';
import { init } from './commands/init.ts';
import { migrate } from './commands/migrate.ts';
import { mode } from './commands/mode.ts';
import { orders } from './commands/orders.ts';
import { pause, resume } from './commands/pause.ts';
import { place } from './commands/place.ts';
import { plan } from './commands/plan.ts';
import { plans } from './commands/plans.ts';
import { policy } from './commands/policy.ts';
import { power } from './commands/power.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { schema } from './commands/schema.ts';
import { simulate } from './commands/simulate.ts';
import { status } from './commands/status.ts';
import { steps } from './commands/steps.ts';
import { clear, prove, vouch } from './commands/trust.ts';
import { tune } from './commands/tune.ts';
import { version } from './commands/version.ts';
import { vms } from './commands/vms.ts';

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  run,
  datacenter,
  mode,
  confirm,
  reject,
  drain,
  undrain,
  migrate,
  cancel,
  pause,
  resume,
  power,
  prove,
  vouch,
  clear,
  status,
  hosts,
  vms,
  decisions,
  plans,
  steps,
  orders,
  history,
  exportPlan,
  check,
  decide,
  simulate,
  compare,
  tune,
  plan,
  explain,
  record,
  replay,
  place,
  generate,
  policy,
  schema,
  init,
  version,
];
