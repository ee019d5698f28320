import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import { ConnectionLost, HypervisorError } from '../../../src/drivers/libvirt/connection.ts';
import type { HostLink, Sighting } from '../../../src/drivers/libvirt/host-link.ts';
import type { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { QuickRun } from '../../../src/drivers/libvirt/quick-run.ts';
import type { SaveFolder } from '../../../src/drivers/libvirt/save-folder.ts';
import type { MigrationEnd } from '../../../src/ports/driver.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';
import { labHost } from '../../real/libvirt/lab.ts';

const UUID = '1ab00000-0000-4000-9000-000000000001';
const GIB = 1024 ** 3;
const RUNS = { state: 1, reason: 1 };
const REFUSED = new HypervisorError(1, 'no emulator');
const LOST = new ConnectionLost('no sign of life');

interface World {
  /** What happens when the guest is saved, or resumed there; nothing: it works. */
  readonly trouble: Partial<Record<'save' | 'h1' | 'h2', Error>>;
  /** Resumed all the same, whatever the call says. */
  readonly landsAllTheSame?: boolean;
}

/** Two hosts, a guest of one GiB on the first, and what was commanded. */
class Stage {
  readonly clock = new VirtualClock(0);
  readonly said: string[] = [];
  readonly guestsOf = { h1: new Set([UUID]), h2: new Set<string>() };
  roomGib = { h1: 4, h2: 4 };
  readonly run: QuickRun;
  end: MigrationEnd | undefined;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    const note = (words: string) => async () => void this.said.push(words);
    const folder: Partial<SaveFolder> = {
      pathOf: () => '/nfs/web',
      images: async () => [],
      mark: async (_, __, host) => void this.said.push(`mark ${host}`),
      unmark: async (_, __, host) => void this.said.push(`unmark ${host}`),
      forget: note('forget'),
    };
    this.run = new QuickRun({
      order: { id: 'step', vm: 'web', from: 'h1', to: 'h2', how: 'quick' },
      uuid: UUID,
      source: this.#link('h1'),
      target: this.#link('h2'),
      folder: folder as SaveFolder,
      clock: this.clock,
      progressed: () => {},
      landings: new Set(),
    });
    void this.run.carryOut().then((end) => {
      this.end = end;
    });
  }

  /** Hosts that were told to resume it, in order. */
  get resumes(): string[] {
    return this.said.filter((words) => words.startsWith('resume'));
  }

  #link(id: 'h1' | 'h2'): HostLink {
    const hypervisor = this.#hypervisor(id) as Hypervisor;
    const link = {
      host: { ...labHost(1), id, reservedMemoryGib: 0 },
      hypervisor,
      open: async () => hypervisor,
      lookNow: async () => [...this.guestsOf[id]].map(sighting),
    };
    const facts = () => ({ info: { cpus: 1, mhz: 1, memoryBytes: this.roomGib[id] * GIB } });
    return Object.defineProperty(link, 'facts', { get: facts }) as Partial<HostLink> as HostLink;
  }

  #hypervisor(id: 'h1' | 'h2'): Partial<Hypervisor> {
    const { trouble, landsAllTheSame } = this.#world;
    return {
      domains: async () => [],
      jobStats: async () => ({ isRunning: false, values: {} }),
      savedXml: async () => '<domain/>',
      close: () => {},
      save: async () => {
        this.said.push('save');
        if (trouble.save !== undefined) throw trouble.save;
        this.guestsOf[id].delete(UUID);
      },
      restore: async () => {
        this.said.push(`resume ${id}`);
        const error = trouble[id];
        if (error === undefined || landsAllTheSame) this.guestsOf[id].add(UUID);
        if (error !== undefined) throw error;
      },
    };
  }
}

const sighting = (uuid: string): Sighting => ({
  domain: { uuid, name: 'web', number: 1 },
  ...RUNS,
  facts: { memoryBytes: GIB } as Sighting['facts'],
});

const places = ({ guestsOf }: Stage): string[] => [
  ...(guestsOf.h1.size > 0 ? ['h1'] : []),
  ...(guestsOf.h2.size > 0 ? ['h2'] : []),
];

async function played(world: World): Promise<Stage> {
  const stage = new Stage(world);
  await stage.clock.advance(10 * SECOND);
  return stage;
}

describe('a quick migration', () => {
  test('writes down who resumes the guest before it is resumed, and forgets the file when it runs', async () => {
    const stage = await played({ trouble: {} });
    expect(stage.end?.state).toBe('done');
    expect(stage.said).toEqual(['save', 'mark h2', 'resume h2', 'forget']);
    expect(places(stage)).toEqual(['h2']);
  });

  test.each([
    ['the target refuses', { h2: REFUSED }, ['resume h2', 'resume h1'], ['h1'], /no emulator; resumed on h1/],
    ['both refuse', { h1: REFUSED, h2: REFUSED }, ['resume h2', 'resume h1'], [], /virsh restore \/nfs\/web/],
    ['saving fails', { save: REFUSED }, [], ['h1'], /no emulator/],
    // What may run there must not be started elsewhere, whoever waits for it.
    ['the target falls silent', { h2: LOST }, ['resume h2'], [], /nowhere.*virsh restore \/nfs\/web/],
  ] as const)('starts the guest nowhere twice: %s', async (_, trouble, resumes, ends, because) => {
    const stage = await played({ trouble });
    expect(stage.end).toEqual({ state: 'failed', because: expect.stringMatching(because) });
    expect(stage.resumes).toEqual(resumes);
    expect(places(stage)).toEqual(ends);
  });

  test('believes what the target lists more than what the call said', async () => {
    const stage = await played({ trouble: { h2: LOST }, landsAllTheSame: true });
    expect(stage.end?.state).toBe('done');
    expect(stage.resumes).toEqual(['resume h2']);
  });

  test('waits for room, and is done when some has come', async () => {
    const stage = new Stage({ trouble: {} });
    stage.roomGib = { h1: 4, h2: 0.5 };
    await stage.clock.advance(MINUTE);
    expect(stage.end).toBeUndefined();
    expect(stage.run.saved?.domain.uuid).toBe(UUID);
    stage.roomGib = { h1: 4, h2: 4 };
    await stage.clock.advance(5 * SECOND);
    expect(stage.end?.state).toBe('done');
  });

  test('comes back when it is cancelled while it waits, and cannot be cancelled after that', async () => {
    const stage = new Stage({ trouble: {} });
    stage.roomGib = { h1: 4, h2: 0.5 };
    await stage.clock.advance(MINUTE);
    expect(stage.run.cancel()).toBe(true);
    await stage.clock.advance(5 * SECOND);
    expect(stage.end).toEqual({ state: 'cancelled' });
    expect(places(stage)).toEqual(['h1']);
    expect(stage.run.cancel()).toBe(false);
  });
});
