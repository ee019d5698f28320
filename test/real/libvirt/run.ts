/** The driver contract against real hypervisors: `node test/real/libvirt/run.ts FOLDER_OF_THE_LAB`. */
import { runContract } from '../contract-run.ts';
import { Lab } from './lab.ts';

/** The third one has nothing to do: it is switched. */
const HOSTS = 3;
const CONFIG = 'test/real/libvirt/vitest.config.ts';

async function main(): Promise<number> {
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)));
  try {
    await lab.up(HOSTS);
    await lab.do('vm', 'h1', 'web', '96', 'cpu=5,dirty=1');
    return (await runContract(CONFIG)) ? 0 : 1;
  } finally {
    await lab.down();
  }
}

process.exitCode = await main();
