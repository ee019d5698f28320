import { roomAt, roomsOf } from './rooms.ts';
import { findAll, finding, isScript, isTest, type Source } from './source.ts';

const IMPURE =
  /(?<![.\w$#])(Date\.now\b|new Date\b|Math\.random\b|setTimeout\b|setInterval\b|process\.|console\b|performance\.|async\b|await\b)/g;

/** The compiler takes timers and consoles away from pure folders; clock, chance and async are left to this rule. */
export function pureWords(tree: readonly Source[]): string[] {
  const rooms = roomsOf(tree);
  const isPure = (file: Source) =>
    roomAt(rooms, file.path)?.pure === true || (file.path.startsWith('policies/') && !isTest(file));
  return tree
    .filter(isPure)
    .flatMap((file) => findAll(file, 'code', IMPURE, (word) => [`"${word}" in pure code`, 'take it as an argument']));
}

const ANY = /(?:[:<,|&]|=>|\bas|\bextends)\s*(any)\b(?!\s*[:(])/g;

export function noAny(tree: readonly Source[]): string[] {
  return tree.flatMap((file) => findAll(file, 'code', ANY, () => ['the type any', 'name the type, or take unknown']));
}

const UNFINISHED = /\b(TODO|FIXME|XXX)\b/g;

export function nothingUnfinished(tree: readonly Source[]): string[] {
  const say = (word: string) => [`"${word}" in a comment`, 'do it, or leave it to an issue'] as const;
  return tree.flatMap((file) => findAll(file, 'comments', UNFINISHED, say));
}

const LEFT_OUT = /\b((?:it|test|describe|bench|suite)(?:\.\w+)*\.(?:only|skip|todo|fails))\b/g;

export function everyTestRuns(tree: readonly Source[]): string[] {
  const say = (word: string) => [`"${word}" hides tests`, 'let every test run'] as const;
  return tree.filter(isTest).flatMap((file) => findAll(file, 'code', LEFT_OUT, say));
}

const EMPTY_WORDS = 'Manager|Helper|Util';
const TYPE_NAME = new RegExp(`\\b(?:class|interface|type)\\s+(\\w*(?:${EMPTY_WORDS})\\w*)`, 'g');
const PREFIXED = /\binterface\s+(I[A-Z][a-z]\w*)/g;
const FILE_NAME = new RegExp(`(?:^|[/.-])(?:${EMPTY_WORDS})s?(?=[/.-])`, 'i');

export function namesSaySomething(tree: readonly Source[]): string[] {
  const empty = (name: string) => [`the name ${name}`, 'say what it is in words of the domain'] as const;
  const prefixed = (name: string) => [`the name ${name}`, `without the prefix: ${name.slice(1)}`] as const;
  return tree.flatMap((file) => [
    ...(FILE_NAME.test(file.path) ? [finding(file.path, 1, ...empty(file.path))] : []),
    ...findAll(file, 'code', TYPE_NAME, empty),
    ...findAll(file, 'code', PREFIXED, prefixed),
  ]);
}

const MACHINE_PATH = /(?<![\w.])(\/work\/|\/tmp\/)/g;

export function noPathsOfThisMachine(tree: readonly Source[]): string[] {
  const say = (path: string) => [`the path ${path} of one machine`, 'take it from the settings or the system'] as const;
  return tree
    .filter((file) => isScript(file) && !file.path.startsWith('test/'))
    .flatMap((file) => findAll(file, 'text', MACHINE_PATH, say));
}

export function lockWithoutAddresses(tree: readonly Source[]): string[] {
  const say = () => ['a download address', 'write the lock file with omit-lockfile-registry-resolved'] as const;
  return tree
    .filter(({ path }) => path === 'package-lock.json')
    .flatMap((file) => findAll(file, 'text', /"resolved"/g, say).slice(0, 1));
}

const POLICY_FILES = ['policy.ts', 'policy.test.ts', 'README.md'];

export function everyPolicyIsWhole(tree: readonly Source[]): string[] {
  const paths = new Set(tree.map(({ path }) => path));
  const folders = new Set([...paths].flatMap((path) => /^policies\/[^/]+(?=\/)/.exec(path) ?? []));
  return [...folders].flatMap((folder) =>
    POLICY_FILES.map((file) => `${folder}/${file}`)
      .filter((path) => !paths.has(path))
      .map((path) => finding(path, 1, 'is missing', `a policy is ${POLICY_FILES.join(', ')}`)),
  );
}
