import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../src/domain/units.ts';
import { ConnectionLost } from '../../../src/drivers/libvirt/connection.ts';
import type { HostLink, Sighting } from '../../../src/drivers/libvirt/host-link.ts';
import type { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { MigrationRun } from '../../../src/drivers/libvirt/migration-run.ts';
import { PROCEDURE } from '../../../src/drivers/libvirt/procedures.ts';
import { XdrReader, XdrWriter } from '../../../src/drivers/libvirt/xdr.ts';
import type { MigrationEnd } from '../../../src/ports/driver.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';
import { labHost, PLAIN_MIGRATION } from '../../real/libvirt/lab.ts';

const DOMAIN = { name: 'web', uuid: '1ab00000-0000-4000-9000-000000000001', number: 1 };
const RUNS = { state: 1, reason: 1 };
const STANDS_STILL = { state: 3, reason: 2 };
const LOST = new ConnectionLost('no sign of life');

type State = typeof RUNS;

/** At which of its steps a migration that Drover leads is cut off, and what the target then has. */
interface World {
  readonly lostAt: 'copy' | 'run';
  readonly onTarget: State | undefined;
}

async function ended({ lostAt, onTarget }: World) {
  const clock = new VirtualClock(0);
  const said: string[] = [];
  const open = new Set<string>();
  const states: Record<string, State | undefined> = { h1: RUNS, h2: undefined };
  const lose = () => {
    Object.assign(states, { h1: STANDS_STILL, h2: onTarget });
    throw LOST;
  };
  const ask = async (procedure: number, args: XdrWriter): Promise<XdrReader> => {
    const reply = new XdrWriter();
    if (procedure === PROCEDURE.domainState) reply.int(1).int(1);
    else if (procedure === PROCEDURE.migrateBegin) reply.bytes(Buffer.alloc(0)).text('<domain/>');
    else if (procedure === PROCEDURE.migratePrepare) reply.bytes(Buffer.alloc(0)).optionalText('tcp:h2:49152');
    else if (procedure === PROCEDURE.migrateFinish && args.finish().at(-1) === 0) lose();
    else if (procedure === PROCEDURE.migrateConfirm) said.push('confirm');
    return new XdrReader(reply.finish());
  };
  const link = (id: string): HostLink => {
    const hypervisor = {
      ask,
      domains: async () => [DOMAIN],
      // A source has a job as long as whoever began it is connected.
      jobStats: async () => ({ isRunning: open.has(id), values: {} }),
      completedJob: async () => ({ isRunning: false, values: {} }),
      migrate: async () => (lostAt === 'copy' ? lose() : Buffer.alloc(0)),
      resume: async () => {
        said.push(`go on on ${id}`);
        states[id] = RUNS;
      },
      close: () => void open.delete(id),
    } as Partial<Hypervisor> as Hypervisor;
    const lookNow = async (): Promise<Sighting[]> => {
      const state = states[id];
      return state === undefined ? [] : [{ domain: DOMAIN, ...state, facts: {} as Sighting['facts'] }];
    };
    const opened = async () => {
      open.add(id);
      return hypervisor;
    };
    return { host: { ...labHost(1), id }, hypervisor, open: opened, lookNow } as Partial<HostLink> as HostLink;
  };
  const run = new MigrationRun({
    order: { id: 'step', vm: 'web', from: 'h1', to: 'h2', how: 'live' },
    uuid: DOMAIN.uuid,
    source: link('h1'),
    target: link('h2'),
    settings: PLAIN_MIGRATION,
    clock,
    progressed: () => {},
  });
  let end: MigrationEnd | undefined;
  void run.carryOut().then((is) => {
    end = is;
  });
  await clock.advance(5 * MINUTE);
  return { end, said, runsOn: Object.keys(states).filter((id) => states[id] === RUNS), open: [...open] };
}

describe('a migration that Drover leads and is cut off from', () => {
  test('goes on on its source, where its target was never told to run it and has it no more', async () => {
    const { end, said, runsOn, open } = await ended({ lostAt: 'copy', onTarget: undefined });
    expect(end).toEqual({ state: 'failed', because: 'no sign of life' });
    expect([said, runsOn, open]).toEqual([['go on on h1'], ['h1'], []]);
  });

  test('is done where the target is seen to run it', async () => {
    const { end, said, runsOn } = await ended({ lostAt: 'run', onTarget: RUNS });
    expect(end?.state).toBe('done');
    expect([said, runsOn]).toEqual([['confirm'], ['h2']]);
  });

  test('stands still where it may have run on its target, and a person is told what to do', async () => {
    const { end, said, runsOn, open } = await ended({ lostAt: 'run', onTarget: undefined });
    expect(end).toEqual({ state: 'failed', because: expect.stringMatching(/stands still on h1.*virsh resume/) });
    expect([said, runsOn, open]).toEqual([[], [], []]);
  });

  test('is not started anywhere as long as the target holds it', async () => {
    const { end, said, runsOn } = await ended({ lostAt: 'run', onTarget: STANDS_STILL });
    expect(end).toEqual({ state: 'failed', because: expect.stringContaining('it is not clear where web is') });
    expect([said, runsOn]).toEqual([[], []]);
  });
});
