import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Case } from '../../src/case/case.ts';
import { readCase } from '../../src/case/read-case.ts';
import { caseJsonSchema } from '../../src/case/schema.ts';
import { caseChunks, writeCase } from '../../src/case/write-case.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { RESOURCES } from '../../src/domain/resources.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';
import { anyCase } from './any-case.ts';

function readBack(text: string): Case {
  const read = readCase(text, 'case.json');
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  return read;
}

const plain: Case = {
  inventory: anInventory(),
  profile: DEFAULT_PROFILE,
  prices: DEFAULT_PRICES,
  limits: DEFAULT_LIMITS,
  power: true,
};

describe('writing and reading', () => {
  test('gives back the same case, and then the same bytes', () => {
    fc.assert(
      fc.property(anyCase, (stated) => {
        const text = writeCase(stated);
        const read = readBack(text);
        expect(read).toEqual(stated);
        expect(writeCase(read)).toBe(text);
      }),
    );
  });

  test('does not depend on the order in which an object was put together', () => {
    const reversed = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, reversed(part)]),
      );
    };
    const host = aHost({ cpu: { vendor: 'AMD', model: 'x', features: ['aes'] }, site: 's' });
    const backwards = { ...plain, inventory: anInventory({ hosts: [reversed(host) as typeof host] }) };
    expect(writeCase(backwards)).toBe(writeCase({ ...plain, inventory: anInventory({ hosts: [host] }) }));
  });

  test('leaves out what equals its default, and nothing else', () => {
    const inventory = anInventory({ atMs: 5, vms: [aVm({ tier: 'gold', cpuPeakMhz: 1_500 })] });
    const text = writeCase({ ...plain, inventory, prices: { ...DEFAULT_PRICES, perKwh: 0.4 }, power: false });
    expect(JSON.parse(text)).toEqual({
      drover: 'case/1',
      atMs: 5,
      hosts: [{ id: 'h1', capacity: aHost().capacity, cores: 32 }],
      vms: [
        {
          id: 'vm1',
          host: 'h1',
          vcpus: 2,
          demand: { cpuMhz: 1_000, memoryBytes: 4 * 1024 ** 3 },
          cpuPeakMhz: 1_500,
          tier: 'gold',
        },
      ],
      prices: { perKwh: 0.4 },
      power: false,
    });
  });

  test('is piecemeal: no piece holds more than a part of a large case', () => {
    const inventory = anInventory({ vms: Array.from({ length: 3_000 }, (_, i) => aVm({ id: `vm${i}` })) });
    const chunks = [...caseChunks({ ...plain, inventory })];
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(total / 4);
  });
});

describe('case → snapshot → case', () => {
  test('is identity for any case', () => {
    fc.assert(
      fc.property(anyCase, ({ inventory }) => {
        expect(toInventory(toSnapshot(inventory))).toEqual(inventory);
      }),
    );
  });

  test('is identity for generated datacenters, through the file and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 40 }),
        fc.nat(1_000),
        (hosts, vms, seed) => {
          const inventory = generateInventory({ ...GENERATE_DEFAULTS, hosts, vms, racks: 3 }, seed);
          if ('because' in inventory) throw new Error(inventory.because);
          const text = writeCase({ ...plain, inventory });
          const snapshot = toSnapshot(readBack(text).inventory);
          expect(writeCase({ ...plain, inventory: toInventory(snapshot) })).toBe(text);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('the JSON Schema has every resource with its unit', () => {
  const amounts = Object.fromEntries(RESOURCES.map(({ key, unit }) => [key, { unit, minimum: 0 }]));
  expect(caseJsonSchema()).toMatchObject({
    additionalProperties: false,
    required: ['drover', 'hosts'],
    properties: {
      hosts: { items: { properties: { capacity: { properties: amounts }, reserved: { properties: amounts } } } },
      vms: { items: { properties: { demand: { properties: amounts, required: ['cpuMhz', 'memoryBytes'] } } } },
    },
  });
});
