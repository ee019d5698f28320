import { posix } from 'node:path';
import { type Room, roomAt, roomsOf } from './rooms.ts';
import { finding, isScript, isTest, lineAt, type Source } from './source.ts';

interface Import {
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** For a file: its path from the root. For a package: its name. For the runtime's own: `node:…`. */
  readonly kind: 'file' | 'package' | 'builtin';
  readonly target: string;
}

const SPECIFIER = /\b(?:from|import)\s*(?=['"])|\bimport\s*\(\s*(?=['"])/g;
const ALIASES: Readonly<Record<string, string>> = { '#sdk': 'src/sdk/index.ts', '#testing': 'test/kit/testing.ts' };

function importsOf(file: Source): Import[] {
  return [...file.code.matchAll(SPECIFIER)].map((match) => {
    const open = match.index + match[0].length;
    const specifier = file.text.slice(open + 1, file.code.indexOf(file.code[open]!, open + 1));
    return { from: file.path, line: lineAt(file.text, open), specifier, ...resolve(file.path, specifier) };
  });
}

function resolve(path: string, specifier: string): Pick<Import, 'kind' | 'target'> {
  if (specifier.startsWith('.')) return { kind: 'file', target: posix.join(posix.dirname(path), specifier) };
  if (specifier.startsWith('node:')) return { kind: 'builtin', target: specifier };
  const alias = ALIASES[specifier];
  if (alias !== undefined) return { kind: 'file', target: alias };
  return { kind: 'package', target: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/') };
}

/** Who may import whom in src: the READMEs say it. */
export function importMatrix(tree: readonly Source[]): string[] {
  const rooms = roomsOf(tree);
  return scriptsIn(tree, 'src/').flatMap((file) => {
    const room = roomAt(rooms, file.path);
    if (room === undefined) return [];
    return importsOf(file).flatMap((found) => forbidden(found, room, rooms));
  });
}

function forbidden(found: Import, room: Room, rooms: readonly Room[]): string[] {
  const may = `${room.name} may import ${room.mayImport.join(', ') || 'nothing'}`;
  if (found.kind === 'builtin') return room.pure ? [at(found, `${room.name} is pure: pass in what it needs`)] : [];
  if (found.kind === 'package') return room.mayImport.includes(found.target) ? [] : [at(found, may)];
  const target = roomAt(rooms, found.target);
  if (target === undefined) return room.mayImport.includes(found.target) ? [] : [at(found, may)];
  if (target.name === room.name) return [];
  if (room.pure && !target.pure) return [at(found, `${room.name} is pure and ${target.name} is not`)];
  const granted = ['everything', target.name, found.target.slice('src/'.length)];
  return granted.some((name) => room.mayImport.includes(name)) ? [] : [at(found, may)];
}

/** A policy sees the SDK only; its test sees the policy and the tester. */
export function importsOfPolicies(tree: readonly Source[]): string[] {
  return scriptsIn(tree, 'policies/').flatMap((file) => {
    const may = isTest(file) ? ['#testing', 'vitest', './policy.ts'] : ['#sdk'];
    const others = importsOf(file).filter(({ specifier }) => !may.includes(specifier));
    return others.map((found) =>
      at(found, `${isTest(file) ? "a policy's test" : 'a policy'} may import ${may.join(', ')}`),
    );
  });
}

/** Tests may reach for anything in the repository and for packages that it declares. */
export function importsOfTests(tree: readonly Source[]): string[] {
  const manifest = tree.find(({ path }) => path === 'package.json');
  if (manifest === undefined) return [];
  const { dependencies, devDependencies } = JSON.parse(manifest.text) as Readonly<Record<string, object>>;
  const declared = Object.keys({ ...dependencies, ...devDependencies });
  return scriptsIn(tree, 'test/').flatMap((file) =>
    importsOf(file)
      .filter(({ kind, target }) => (kind === 'package' ? !declared.includes(target) : target.startsWith('..')))
      .map((found) => at(found, 'import files of this repository or packages that package.json declares')),
  );
}

/** Files that import each other in a ring cannot be understood, or loaded, one after the other. */
export function importCycles(tree: readonly Source[]): string[] {
  const graph = new Map(scriptsIn(tree, 'src/').map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const findings: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    for (const found of graph.get(path) ?? []) {
      const ring = trail.indexOf(found.target);
      if (ring >= 0) findings.push(at(found, `break the ring ${[...trail.slice(ring), found.target].join(' → ')}`));
      else if (!done.has(found.target)) visit(found.target, [...trail, found.target]);
    }
    done.add(path);
  };
  for (const path of graph.keys()) if (!done.has(path)) visit(path, [path]);
  return findings;
}

const at = (found: Import, right: string): string =>
  finding(found.from, found.line, `imports "${found.specifier}"`, right);

const scriptsIn = (tree: readonly Source[], folder: string): Source[] =>
  tree.filter((file) => isScript(file) && file.path.startsWith(folder));
