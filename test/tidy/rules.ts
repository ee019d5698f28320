import { importCycles, importMatrix, importsOfPolicies, importsOfTests } from './imports.ts';
import { mostAreShort, noneTooLong } from './lengths.ts';
import { pureFoldersAgree, readmeOfEveryFolder, readmesNameWhatExists } from './rooms.ts';
import type { Rule } from './source.ts';
import {
  everyPolicyIsWhole,
  everyTestRuns,
  lockWithoutAddresses,
  namesSaySomething,
  noAny,
  noPathsOfThisMachine,
  nothingUnfinished,
  pureWords,
} from './words.ts';

export const RULES: Readonly<Record<string, Rule>> = {
  'folders import what their READMEs allow': importMatrix,
  'policies import the SDK only': importsOfPolicies,
  'tests import what the repository holds or declares': importsOfTests,
  'no files import each other in a ring': importCycles,
  'pure code knows no clock, chance or async': pureWords,
  'READMEs and compiler agree on what is pure': pureFoldersAgree,
  'every folder of src has its README': readmeOfEveryFolder,
  'READMEs name what exists': readmesNameWhatExists,
  'every policy is whole': everyPolicyIsWhole,
  'no function or file is too long': noneTooLong,
  'most functions and files are short': mostAreShort,
  'nothing is of type any': noAny,
  'nothing is left unfinished': nothingUnfinished,
  'every test runs': everyTestRuns,
  'names say something': namesSaySomething,
  'no paths of one machine': noPathsOfThisMachine,
  'the lock file holds no download addresses': lockWithoutAddresses,
};
