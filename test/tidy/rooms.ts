import { finding, isScript, type Source } from './source.ts';

/** A folder of src with a README of its own: the README is where it says what it may import. */
export interface Room {
  readonly name: string;
  readonly pure: boolean;
  readonly mayImport: readonly string[];
}

export const PURE_LINE = 'Pure: no clock, no timers, no process, no RxJS, no async.';

/** The entry point stands above the rooms. */
const MAIN: Room = { name: 'main.ts', pure: false, mayImport: ['cli', 'wiring'] };

export function roomsOf(tree: readonly Source[]): Room[] {
  return tree.filter(({ path }) => /^src\/.+\/README\.md$/.test(path)).map(readRoom);
}

/** The innermost room that holds the file. */
export function roomAt(rooms: readonly Room[], path: string): Room | undefined {
  if (path === 'src/main.ts') return MAIN;
  const around = rooms.filter((room) => path.startsWith(`src/${room.name}/`));
  return around.sort((a, b) => b.name.length - a.name.length)[0];
}

function readRoom({ path, text }: Source): Room {
  const list = /^May import:([\s\S]*)$/m.exec(text)?.[1] ?? '';
  // Remarks in parentheses are for people.
  const names = list.replace(/\([^)]*\)/g, '').split(',');
  return {
    name: path.slice('src/'.length, -'/README.md'.length),
    pure: text.includes(`\n${PURE_LINE}\n`),
    mayImport: names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'nothing'),
  };
}

/** Every folder of src opens with a README: title, what it is in a few sentences, and what it may import. */
export function readmeOfEveryFolder(tree: readonly Source[]): string[] {
  const texts = new Map(tree.map(({ path, text }) => [path, text]));
  const folders = new Set(tree.filter(isScript).flatMap(({ path }) => foldersOf(path)));
  return [...folders].sort().flatMap((folder) => {
    const path = `src/${folder}/README.md`;
    const text = texts.get(path);
    if (text === undefined) return [finding(path, 1, 'is missing', 'say what the folder is and what it may import')];
    return formTroubles(folder, text).map(([line, wrong, right]) => finding(path, line, wrong, right));
  });
}

function foldersOf(path: string): string[] {
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  const driver = /^src\/(drivers\/[^/]+)\//.exec(path)?.[1];
  return [folder, driver].filter((name) => name !== undefined);
}

type Trouble = readonly [line: number, wrong: string, right: string];

function formTroubles(folder: string, text: string): Trouble[] {
  const [title = '', about = '', ...rest] = text.trim().split(/\n\s*\n/);
  const sentences = about.split(/[.!?](?=\s|$)/).length - 1;
  const lastLine = text.trim().split('\n').length;
  const troubles: Trouble[] = [];
  if (title !== `# ${folder}`) troubles.push([1, `the title is "${title}"`, `it should be "# ${folder}"`]);
  if (sentences < 1 || sentences > 4)
    troubles.push([3, `says what it is in ${sentences} sentences`, 'one to four plain ones are right']);
  if (!(rest.at(-1) ?? '').replace(`${PURE_LINE}\n`, '').startsWith('May import: '))
    troubles.push([lastLine, 'does not end with its imports', `end with "May import: a, b", before it "${PURE_LINE}"`]);
  return troubles;
}

/** A misspelt name in a README would grant nothing and say nothing. */
export function readmesNameWhatExists(tree: readonly Source[]): string[] {
  const rooms = roomsOf(tree);
  const manifest = JSON.parse(tree.find(({ path }) => path === 'package.json')?.text ?? '{}') as Manifest;
  const known = new Set(['everything', ...rooms.map((room) => room.name), ...Object.keys(manifest.dependencies ?? {})]);
  for (const { path } of tree) known.add(path.replace(/^src\//, ''));
  return rooms.flatMap((room) => {
    const unknown = room.mayImport.filter((name) => !known.has(name));
    const path = `src/${room.name}/README.md`;
    return unknown.map((name) =>
      finding(path, 1, `may import "${name}"`, 'name a folder or file of src, or a dependency of package.json'),
    );
  });
}

interface Manifest {
  readonly dependencies?: object;
}

/** The compiler and the READMEs must mean the same folders by "pure". */
export function pureFoldersAgree(tree: readonly Source[]): string[] {
  const path = 'src/tsconfig.pure.json';
  const project = tree.find((file) => file.path === path);
  if (project === undefined) return [];
  const { include } = JSON.parse(project.text) as { readonly include: readonly string[] };
  return roomsOf(tree)
    .filter((room) => room.pure !== include.includes(room.name))
    .map(({ name, pure }) =>
      pure
        ? finding(path, 1, `${name} calls itself pure and is not included`, `add "${name}" to include`)
        : finding(`src/${name}/README.md`, 1, `${name} is compiled as pure and does not say so`, `add "${PURE_LINE}"`),
    );
}
