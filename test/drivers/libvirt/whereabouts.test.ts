import { describe, expect, test } from 'vitest';
import { readDomainXml } from '../../../src/drivers/libvirt/domain-xml.ts';
import { Guests } from '../../../src/drivers/libvirt/guests.ts';
import type { Sighting } from '../../../src/drivers/libvirt/host-link.ts';
import { type Glimpse, outcomeOf } from '../../../src/drivers/libvirt/migration-outcome.ts';
import { Rates } from '../../../src/drivers/libvirt/rates.ts';
import { whereaboutsOf } from '../../../src/drivers/libvirt/whereabouts.ts';
import { COUNTER_RESET } from '../../../src/ports/samples.ts';

const RUNS = { state: 1, reason: 1 };
const ARRIVED = { state: 1, reason: 2 };
const BY_POST_COPY = { state: 1, reason: 10 };
const IN_TRANSIT = { state: 3, reason: 2 };
const BY_SOMEBODY = { state: 3, reason: 1 };
const POST_COPY_FAILED = { state: 3, reason: 13 };

describe('where a VM is', () => {
  test.each([
    ['runs on one host', [['h1', RUNS]], undefined, { host: 'h1' }],
    [
      'is expected on its target',
      [
        ['h1', RUNS],
        ['h2', IN_TRANSIT],
      ],
      'h1',
      { host: 'h1', flight: { from: 'h1', to: 'h2' } },
    ],
    [
      'is seen on its way for the first time',
      [
        ['h2', IN_TRANSIT],
        ['h1', RUNS],
      ],
      undefined,
      { host: 'h1', flight: { from: 'h1', to: 'h2' } },
    ],
    [
      'is switching',
      [
        ['h2', IN_TRANSIT],
        ['h1', IN_TRANSIT],
      ],
      'h1',
      { host: 'h1', flight: { from: 'h1', to: 'h2' } },
    ],
    [
      'has arrived, and its source is not done yet',
      [
        ['h1', IN_TRANSIT],
        ['h2', ARRIVED],
      ],
      undefined,
      { host: 'h1', flight: { from: 'h1', to: 'h2' } },
    ],
    [
      'runs there by post-copy',
      [
        ['h1', IN_TRANSIT],
        ['h2', BY_POST_COPY],
      ],
      undefined,
      { host: 'h1', flight: { from: 'h1', to: 'h2' } },
    ],
    [
      'is paused by somebody',
      [['h1', BY_SOMEBODY]],
      'h1',
      { host: 'h1', trouble: expect.stringContaining('virsh resume') },
    ],
    [
      'was lost half-way',
      [['h1', POST_COPY_FAILED]],
      'h1',
      { host: 'h1', trouble: expect.stringContaining('post-copy') },
    ],
    [
      'runs twice',
      [
        ['h1', RUNS],
        ['h2', RUNS],
      ],
      'h2',
      { host: 'h2', trouble: expect.stringContaining('h1 and h2 at once') },
    ],
  ] as const)('%s', (_, places, before, expected) => {
    expect(
      whereaboutsOf(
        places.map(([host, seen]) => ({ host, seen })),
        before,
      ),
    ).toEqual(expected);
  });
});

describe('after an error', () => {
  const outcome = (onSource: Glimpse, onTarget: Glimpse, hasJob = false) =>
    outcomeOf({ vm: 'web', from: 'h1', to: 'h2', onSource, onTarget, hasJob });

  test.each([
    ['it runs on the source alone', RUNS, 'absent', 'stayed'],
    ['it runs on the source, and the target is dead', RUNS, 'unreachable', 'stayed'],
    ['it runs on the target alone', 'absent', RUNS, 'moved'],
    ['it runs on the target, and the source is dead', 'unreachable', RUNS, 'moved'],
    ['the target is still being cleaned up', RUNS, IN_TRANSIT, 'unclear'],
    ['the source is still being cleaned up', IN_TRANSIT, RUNS, 'unclear'],
    ['it stands still on the source, and the target is rid of it', IN_TRANSIT, 'absent', 'stranded'],
    ['it is paused on both', IN_TRANSIT, IN_TRANSIT, 'unclear'],
    ['nobody can be asked', 'unreachable', 'unreachable', 'unclear'],
    ['the source is dead and the target does not have it', 'unreachable', 'absent', 'unclear'],
    ['it is gone', 'absent', 'absent', 'broken'],
    ['it runs twice', RUNS, RUNS, 'broken'],
  ] as const)('%s', (_, onSource, onTarget, kind) => {
    expect(outcome(onSource, onTarget).kind).toBe(kind);
  });

  test('the source may still be at it, whatever is listed', () => {
    expect(outcome(RUNS, IN_TRANSIT, true)).toEqual({ kind: 'under way' });
  });
});

const facts = readDomainXml('<domain/>');
const sighting = (uuid: string, name: string, seen = RUNS): Sighting => ({
  domain: { uuid, name, number: 1 },
  facts,
  ...seen,
});
const listing = (rows: Readonly<Record<string, readonly Sighting[]>>) => new Map(Object.entries(rows));

describe('the VMs of all hosts together', () => {
  test('count by uuid: one that two hosts list is one', () => {
    const { guests } = new Guests().settle(
      listing({ h1: [sighting('u1', 'web')], h2: [sighting('u1', 'web', IN_TRANSIT)] }),
    );
    expect(guests.map(({ id, host }) => [id, host])).toEqual([['web', 'h1']]);
  });

  test('have names of their own, and keep them', () => {
    const guests = new Guests();
    const both = listing({ h1: [sighting('11111111-1', 'web')], h2: [sighting('22222222-2', 'web')] });
    const ids = () => guests.settle(both).guests.map(({ id }) => id);
    expect(ids()).toEqual(['web', 'web.22222222']);
    expect(ids()).toEqual(['web', 'web.22222222']);
    guests.settle(listing({ h2: [sighting('22222222-2', 'web')] }));
    expect(guests.uuidOf('web.22222222')).toBe('22222222-2');
    expect(guests.uuidOf('web')).toBeUndefined();
  });

  test('a move that nobody told of is found out, and told once', () => {
    const guests = new Guests();
    guests.settle(listing({ h1: [sighting('u1', 'web')] }));
    const after = listing({ h2: [sighting('u1', 'web')] });
    expect(guests.settle(after).moved).toEqual([{ vm: 'web', from: 'h1', to: 'h2' }]);
    expect(guests.settle(after).moved).toEqual([]);
  });

  test('a move that an event told of is no news in the next listing', () => {
    const guests = new Guests();
    guests.settle(listing({ h1: [sighting('u1', 'web')] }));
    expect(guests.arrived({ uuid: 'u1', name: 'web', number: 2 }, 'h2')).toEqual({ vm: 'web', from: 'h1', to: 'h2' });
    expect(guests.settle(listing({ h2: [sighting('u1', 'web')] })).moved).toEqual([]);
  });
});

describe('rates', () => {
  const rates = new Rates();
  const read = (count: number | undefined, atMs: number) => {
    const rate = rates.of('a', count, atMs);
    rates.turn();
    return rate;
  };

  test('need two readings, say when the counter began anew, and forget what was left out', () => {
    expect(read(100, 0)).toBeUndefined();
    expect(read(300, 2000)).toBe(100);
    expect(read(50, 4000)).toBe(COUNTER_RESET);
    expect(read(undefined, 6000)).toBeUndefined();
    expect(read(90, 8000)).toBeUndefined();
  });
});
