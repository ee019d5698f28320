/**
 * Each way in which a migration can be told to go, on real hosts: `node test/real/libvirt/ways.ts FOLDER_OF_THE_LAB`.
 * The guest must arrive unharmed, and what was asked for must be seen to have happened.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MIB, SECOND } from '../../../src/domain/units.ts';
import type { MigrationSettings } from '../../../src/drivers/libvirt/settings.ts';
import type { MigrationEnd, MigrationOrder } from '../../../src/ports/driver.ts';
import { type LabCase, tryAll } from './cases.ts';
import { type Lab, labHost, openLabDriver } from './lab.ts';

const GUEST = 'web';
const CAP_MIB_PER_S = 16;
/** Far more than the slow way carries: plain copying would never come to an end. */
const TOO_FAST = 'dirty 60';
const SLOW = { mostMibPerS: 24, autoConverge: false };

type Done = Extract<MigrationEnd, { state: 'done' }>;

interface Way {
  readonly name: string;
  readonly settings: Partial<MigrationSettings>;
  readonly order?: Partial<MigrationOrder>;
  readonly load?: string;
  readonly hurry?: boolean;
  readonly unless?: (end: Done) => string | undefined;
}

const WAYS: readonly Way[] = [
  { name: 'in two streams', settings: { parallelConnections: 2 } },
  { name: 'compressed', settings: { compressed: true } },
  { name: 'led by the source', settings: { control: 'peer-to-peer' } },
  { name: 'led by the source, in two streams', settings: { control: 'peer-to-peer', parallelConnections: 2 } },
  {
    name: 'no faster than the order allows',
    settings: {},
    order: { mostBytesPerS: CAP_MIB_PER_S * MIB },
    unless: ({ bytes, seconds }) => {
      const mibPerS = bytes / MIB / seconds;
      return mibPerS > CAP_MIB_PER_S * 1.25 ? `it went at ${Math.round(mibPerS)} MiB/s` : undefined;
    },
  },
  {
    name: 'led by the source, and finished by post-copy',
    settings: { ...SLOW, control: 'peer-to-peer', postCopy: true },
    load: TOO_FAST,
    hurry: true,
  },
  {
    name: 'finished by post-copy, where the guest writes too fast',
    settings: { ...SLOW, postCopy: true },
    load: TOO_FAST,
    hurry: true,
    unless: ({ blackoutMs }) => (blackoutMs > SECOND ? `the guest was dark for ${blackoutMs} ms` : undefined),
  },
];

async function went(lab: Lab, { settings, order, load, hurry, unless }: Way): Promise<string[]> {
  await lab.ask(GUEST, load ?? 'dirty 1');
  const driver = openLabDriver([labHost(1), labHost(2)], settings);
  try {
    const { vms } = await driver.inventory();
    const from = vms.find(({ id }) => id === GUEST)?.host ?? '';
    const to = from === 'h1' ? 'h2' : 'h1';
    const plain = { id: `way ${Date.now()}`, vm: GUEST, from, to, how: 'live' } as const;
    const migration = driver.migrate({ ...plain, ...order }, () => {});
    if (hurry === true) await hurried(() => migration.hurry?.('post-copy') === true);
    const end = await migration.ended;
    if (end.state !== 'done') return [`ended as ${JSON.stringify(end)}`];
    const words = `${end.seconds.toFixed(1)} s, ${Math.round(end.bytes / MIB)} MiB, dark for ${end.blackoutMs} ms`;
    process.stdout.write(`  ${words}\n`);
    await lab.ask(GUEST, 'dirty 1');
    const stat = await lab.ask(GUEST, 'stat');
    const place = (await driver.inventory()).vms.find(({ id }) => id === GUEST)?.host;
    return [
      ...(place === to ? [] : [`it is on ${place}`]),
      ...(/wrong=0\b/.test(stat) ? [] : [`its memory is damaged: ${stat}`]),
      ...[unless?.(end)].filter((fault) => fault !== undefined),
    ];
  } finally {
    await driver.close();
  }
}

/** Once copying has come to nothing for a while. */
async function hurried(hurry: () => boolean): Promise<void> {
  await sleep(6 * SECOND);
  for (let tries = 0; tries < 40 && !hurry(); tries++) await sleep(SECOND / 4);
}

const CASES: readonly LabCase[] = WAYS.map((way) => ({ name: way.name, run: (lab: Lab) => went(lab, way) }));

process.exitCode = await tryAll(2, CASES, async (lab) => {
  await lab.do('vm', 'h1', GUEST, '192', 'cpu=1,ws=64,dirty=1');
  await lab.awake(GUEST);
});
