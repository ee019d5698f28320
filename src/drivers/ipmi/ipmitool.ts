import { execFile } from 'node:child_process';
import { SECOND } from '../../domain/units.ts';

/** One BMC, and how to log in to it. */
export interface Bmc {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Asked for each time, so that a changed password needs no restart; throws in a sentence where there is none. */
  readonly password: () => string;
}

/** What is said to a BMC, and what it answers; throws with its own words where it refuses. */
export type Ipmitool = (bmc: Bmc, words: readonly string[]) => Promise<string>;

const MOST_MS = 20 * SECOND;
/** Authentication by SHA-1 and encryption by AES: every BMC of the last fifteen years knows it, and none needs to be asked. */
const CIPHER_SUITE = '3';

/** The password goes by the environment: arguments can be read by everybody on the machine. */
export const ipmitool: Ipmitool = (bmc, words) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const access = ['-I', 'lanplus', '-C', CIPHER_SUITE, '-H', bmc.address, '-p', String(bmc.port), '-U', bmc.user, '-E'];
  const options = { env: { ...process.env, IPMI_PASSWORD: bmc.password() }, timeout: MOST_MS };
  execFile('ipmitool', [...access, ...words], options, (error, stdout, stderr) => {
    if (error === null) resolve(stdout.trim());
    else reject(new Error(troubleOf(error, stderr)));
  });
  return promise;
};

function troubleOf(error: Error & { code?: unknown }, stderr: string): string {
  if (error.code === 'ENOENT') return 'ipmitool is not installed here';
  const [first] = stderr.trim().split('\n');
  return first === undefined || first === '' ? 'its BMC does not answer' : first.replace(/^error:\s*/i, '');
}
