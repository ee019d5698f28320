/**
 * Prints "N passed, N failed" from the results that vitest wrote. A file that could not be run counts as one failure:
 * its tests are not among the results.
 */
import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const brokenFiles = results.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
);
process.stdout.write(`\n${results.numPassedTests} passed, ${results.numFailedTests + brokenFiles.length} failed\n`);
