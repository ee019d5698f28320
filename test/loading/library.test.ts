import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '../../src/domain/units.ts';
import { Library, type Shelf } from '../../src/loading/library.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { PolicyFolder, policyText } from './policy-folder.ts';

/** Beyond the strokes of an editor, well before the library looks by itself. */
const SOON_MS = SECOND;
const LATER_MS = 30 * SECOND;

let folder: PolicyFolder;
let clock: VirtualClock;
let watched: Map<string, () => void>;
let told: Shelf[];
let tried: string[];
let refusal: string | undefined;

beforeEach(() => {
  folder = new PolicyFolder();
  clock = new VirtualClock();
  watched = new Map();
  told = [];
  tried = [];
  refusal = undefined;
});

afterEach(() => folder.end());

function aLibrary(folders: readonly string[] = [folder.path]): Library {
  return new Library({
    folders,
    clock,
    watch: (path, changed) => {
      watched.set(path, changed);
      return () => watched.delete(path);
    },
    tryOut: async (file) => {
      tried.push(file);
      return refusal;
    },
  });
}

async function following(): Promise<Library> {
  const library = aLibrary();
  await library.look();
  library.follow((shelf) => told.push(shelf));
  return library;
}

const costs = (shelf: Shelf | undefined, id: string) =>
  shelf?.find((shelved) => shelved.id === id)?.good?.policy.cost.host?.({} as never, {}, {} as never);

const touched = (id: string) => watched.get(join(folder.path, id))?.();

/** Loading a file takes real time, which no virtual clock can shorten: waits for what must come. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await clock.advance(0);
}

describe('a look', () => {
  it('finds what is new, once', async () => {
    folder.write('one', policyText('one', '1'));
    const library = aLibrary();
    expect(await library.look()).toBe(true);
    expect(await library.look()).toBe(false);
    expect(library.shelf).toMatchObject([{ id: 'one', trouble: '', gone: false }]);
    expect(tried).toHaveLength(1);
  });

  it('keeps the last good version of a file that no longer loads, until it does again', async () => {
    const library = aLibrary();
    const file = folder.write('one', policyText('one', '1'));
    await library.look();
    folder.write('one', 'export default definePolicy({');
    expect(await library.look()).toBe(true);
    expect(costs(library.shelf, 'one')).toBe(1);
    expect(library.shelf[0]?.trouble).toContain(`${file}: does not load`);
    expect(library.problems).toEqual([library.shelf[0]?.trouble]);
    folder.write('one', policyText('one', '2'));
    await library.look();
    expect(costs(library.shelf, 'one')).toBe(2);
    expect(library.problems).toEqual([]);
  });

  it('does not let in what fails its try-out, and does not try it again while it stays the same', async () => {
    const library = aLibrary();
    folder.write('one', policyText('one', '1'));
    refusal = 'it loops';
    await library.look();
    await library.look();
    expect(library.shelf).toEqual([{ id: 'one', trouble: 'it loops', gone: false }]);
    expect(tried).toHaveLength(1);
  });

  it('says what is gone and keeps its last version, in case somebody needs it', async () => {
    const library = aLibrary();
    folder.write('one', policyText('one', '1'));
    await library.look();
    folder.take('one');
    expect(await library.look()).toBe(true);
    expect(library.shelf).toMatchObject([{ id: 'one', gone: true, trouble: expect.stringContaining('is gone') }]);
    expect(costs(library.shelf, 'one')).toBe(1);
    folder.write('one', policyText('one', '1'));
    await library.look();
    expect(library.shelf).toMatchObject([{ id: 'one', gone: false, trouble: '' }]);
  });

  it('prefers a later folder, unless what lies there is broken', async () => {
    const later = new PolicyFolder();
    try {
      const library = aLibrary([folder.path, later.path]);
      later.write('one', policyText('one', '2'));
      await library.look();
      folder.write('one', policyText('one', '1'));
      await library.look();
      expect(costs(library.shelf, 'one')).toBe(2);
      later.take('one');
      await library.look();
      expect(costs(library.shelf, 'one')).toBe(1);
    } finally {
      later.end();
    }
  });

  it('tells of a folder that is not there', async () => {
    const library = aLibrary([join(folder.path, 'nowhere')]);
    await library.look();
    expect(library.problems).toEqual([expect.stringContaining('nowhere: there is no such policy folder')]);
  });
});

describe('following', () => {
  it('takes the strokes of one save for one change', async () => {
    folder.write('one', policyText('one', '1'));
    await following();
    folder.replace('one', policyText('one', '2'));
    for (let stroke = 0; stroke < 4; stroke++) {
      touched('one');
      await clock.advance(50);
    }
    expect(told).toEqual([]);
    await clock.advance(SOON_MS);
    await until(() => told.length > 0);
    expect(costs(told[0], 'one')).toBe(2);
    expect(tried).toHaveLength(2);
  });

  it('sees a policy that is new, and watches it from then on', async () => {
    await following();
    folder.write('two', policyText('two', '2'));
    watched.get(folder.path)?.();
    await clock.advance(SOON_MS);
    await until(() => told.length > 0);
    expect(told[0]).toMatchObject([{ id: 'two' }]);
    folder.write('two', policyText('two', '22'));
    touched('two');
    await clock.advance(SOON_MS);
    await until(() => told.length > 1);
    expect(costs(told[1], 'two')).toBe(22);
  });

  it('looks by itself now and then, for disks that tell of nothing', async () => {
    await following();
    folder.write('two', policyText('two', '2'));
    await clock.advance(LATER_MS);
    await until(() => told.length > 0);
    expect(told[0]).toMatchObject([{ id: 'two' }]);
  });

  it('tells nothing while nothing changes, and leaves nothing running when it is stopped', async () => {
    const library = aLibrary();
    const stop = library.follow((shelf) => told.push(shelf));
    await clock.advance(LATER_MS);
    stop();
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(watched.size).toBe(0);
  });
});
