/** Power switches against simulated BMCs and a sleeping host: `node test/real/power/run.ts [SUSHY_EMULATOR]`. */
import { runContract } from '../contract-run.ts';
import { missingPrograms } from '../programs.ts';
import { openStage } from './stage.ts';

const CONFIG = 'test/real/power/vitest.config.ts';
const PACKAGES = { ipmi_sim: 'openipmi', ipmitool: 'ipmitool', openssl: 'openssl', ip: 'iproute2' } as const;
const USAGE =
  'name the sushy-emulator of a Python environment as the first argument: python3 -m venv F && F/bin/pip install sushy-tools\n';

async function main(): Promise<number> {
  const missing = missingPrograms(PACKAGES);
  for (const sentence of missing) process.stderr.write(`${sentence}\n`);
  if (missing.length > 0) return 2;
  const sushy = process.argv[2];
  if (sushy === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { stage, end } = await openStage(sushy);
  try {
    return (await runContract(CONFIG, { DROVER_POWER_STAGE: JSON.stringify(stage) })) ? 0 : 1;
  } finally {
    await end();
  }
}

process.exitCode = await main();
