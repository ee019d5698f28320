import type { Command } from './command.ts';
import { check } from './commands/check.ts';
import { confirm, reject } from './commands/confirm.ts';
import { datacenter } from './commands/datacenter.ts';
import { decide } from './commands/decide.ts';
import { decisions } from './commands/decisions.ts';
import { explain } from './commands/explain.ts';
import { generate } from './commands/generate.ts';
import { hosts } from './commands/hosts.ts';
import { init } from './commands/init.ts';
import { mode } from './commands/mode.ts';
import { place } from './commands/place.ts';
import { plan } from './commands/plan.ts';
import { plans } from './commands/plans.ts';
import { policy } from './commands/policy.ts';
import { run } from './commands/run.ts';
import { schema } from './commands/schema.ts';
import { status } from './commands/status.ts';
import { steps } from './commands/steps.ts';
import { version } from './commands/version.ts';
import { vms } from './commands/vms.ts';

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  run,
  datacenter,
  mode,
  confirm,
  reject,
  status,
  hosts,
  vms,
  decisions,
  plans,
  steps,
  check,
  decide,
  plan,
  explain,
  place,
  generate,
  policy,
  schema,
  init,
  version,
];
