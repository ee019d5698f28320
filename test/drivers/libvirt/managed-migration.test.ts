import { describe, expect, test } from 'vitest';
import { ConnectionLost, HypervisorError } from '../../../src/drivers/libvirt/connection.ts';
import type { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { migrateManaged } from '../../../src/drivers/libvirt/managed-migration.ts';
import { MIGRATE, PROCEDURE } from '../../../src/drivers/libvirt/procedures.ts';
import { XdrReader, XdrWriter } from '../../../src/drivers/libvirt/xdr.ts';

const REFUSED = new HypervisorError(1, 'no');
const LOST = new ConnectionLost('no sign of life');
const DOMAIN = { name: 'web', uuid: '1ab00000-0000-4000-9000-000000000001', number: 1 };

interface World {
  readonly prepare?: Error;
  readonly copy?: Error;
  readonly finish?: Error;
  /** Whether the target is seen to run it, for who has to look. */
  readonly isThere?: boolean;
}

/** The last number of a finish or a confirm says whether it was broken off. */
const verdictIn = (args: XdrWriter, went: string, brokenOff: string): string =>
  args.finish().readInt32BE(args.finish().length - 4) === 0 ? went : brokenOff;

async function led(world: World) {
  const said: string[] = [];
  const fail = (error: Error | undefined) => {
    if (error !== undefined) throw error;
  };
  const cookie = () => new XdrWriter().bytes(Buffer.alloc(0));
  const ask = async (procedure: number, args: XdrWriter): Promise<XdrReader> => {
    const reply = new XdrWriter();
    if (procedure === PROCEDURE.domainState) reply.int(1).int(1);
    else if (procedure === PROCEDURE.migrateBegin) {
      said.push('begin');
      reply.bytes(Buffer.alloc(0)).text('<domain/>');
    } else if (procedure === PROCEDURE.migratePrepare) {
      said.push('prepare');
      fail(world.prepare);
      reply.bytes(Buffer.alloc(0)).optionalText('tcp:h2:49152');
    } else if (procedure === PROCEDURE.migrateFinish) {
      const isRun = verdictIn(args, 'run', 'throw away');
      said.push(isRun);
      if (isRun === 'run') fail(world.finish);
      return new XdrReader(
        Buffer.concat([new XdrWriter().text('web').fixed(Buffer.alloc(16)).int(2).finish(), cookie().finish()]),
      );
    } else if (procedure === PROCEDURE.migrateConfirm) said.push(verdictIn(args, 'forget', 'go on'));
    return new XdrReader(reply.finish());
  };
  const migrate: Hypervisor['migrate'] = async ({ targetUri, flags }) => {
    expect(targetUri).toBeUndefined();
    expect(flags & MIGRATE.peerToPeer).toBe(0);
    said.push('copy');
    fail(world.copy);
    return Buffer.alloc(0);
  };
  const hypervisor = { ask, migrate } as Partial<Hypervisor> as Hypervisor;
  const end = await migrateManaged({
    call: { domain: DOMAIN, parameters: [], flags: MIGRATE.live },
    source: hypervisor,
    target: hypervisor,
    arrived: async () => {
      said.push('look');
      return world.isThere;
    },
    stopped: () => said.push('stopped'),
  }).catch((error: unknown) => error);
  return { said: said.join(', '), end };
}

const WELL = 'begin, prepare, copy, stopped, run, forget';
const TOLD = 'begin, prepare, copy, stopped, run, look';

describe('a migration that Drover leads', () => {
  test.each<[string, World, string, unknown]>([
    ['goes well', {}, WELL, undefined],
    ['the target does not want it', { prepare: REFUSED }, 'begin, prepare, go on', REFUSED],
    ['the target cannot be reached', { prepare: LOST }, 'begin, prepare, go on', LOST],
    ['copying fails', { copy: REFUSED }, 'begin, prepare, copy, throw away', { error: REFUSED, mayGoOn: true }],
    ['the source is lost', { copy: LOST }, 'begin, prepare, copy, throw away', { error: LOST, mayGoOn: true }],
    // From here on it may run on the target, and the source is told nothing that nobody knows.
    [
      'the target cannot run it',
      { finish: REFUSED, isThere: false },
      `${TOLD}, go on`,
      { error: REFUSED, mayGoOn: false },
    ],
    ['the target is lost, and runs it', { finish: LOST, isThere: true }, `${TOLD}, forget`, undefined],
    ['the target is lost, and has it not', { finish: LOST, isThere: false }, TOLD, { error: LOST, mayGoOn: false }],
    ['the target is lost, and nobody can look', { finish: LOST }, TOLD, { error: LOST, mayGoOn: false }],
    ['the target says no, and nobody can look', { finish: REFUSED }, TOLD, { error: REFUSED, mayGoOn: false }],
  ])('%s', async (_, world, said, end) => {
    expect(await led(world)).toEqual({ said, end });
  });
});
