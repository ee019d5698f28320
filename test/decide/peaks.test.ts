import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { OnceCosts } from '../../src/decide/once.ts';
import { withPeaksThatCount } from '../../src/decide/peaks.ts';
import { DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { CPU } from '../../src/domain/resources.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

describe('peaks of VMs that are together', () => {
  it.each([
    ['all at once', 1, [5_000, 1_000]],
    ['none with another', 0, [2_000, 1_000]],
    ['a part of them', 0.5, [3_500, 1_000]],
  ])('count %s', (_how, peaksTogether, expected) => {
    const vms = [
      aVm({ id: 'a', demand: { cpuMhz: 2_000 }, cpuPeakMhz: 5_000 }),
      aVm({ id: 'b', demand: { cpuMhz: 1_000 }, cpuPeakMhz: 1_000 }),
    ];
    const counted = withPeaksThatCount(aSnapshot({ vms }), { peaksTogether });
    expect(Array.from(counted.vms.cpuPeakMhz)).toEqual(expected);
  });

  it.each([
    [1, 2],
    [0, 1],
  ])('decide how few hosts are enough: with peaksTogether %d, %d', (peaksTogether, hostsOn) => {
    const hosts = many(2, (n) => aHost({ id: `h${n}` }));
    const vms = many(20, (n) =>
      aVm({ id: `v${n}`, host: `h${1 + (n % 2)}`, demand: { cpuMhz: 2_000 }, cpuPeakMhz: 5_000 }),
    );
    const profile = { ...DEFAULT_PROFILE, peaksTogether, spareHosts: 0, spareShare: 0 };
    const policies = STOCK_POLICIES.filter(({ policy }) => policy.id === 'green-consolidation');
    const { efficacy } = decide(decideInput(aSnapshot({ hosts, vms }), { profile, policies }));
    expect(efficacy.hostsOnAfter).toBe(hostsOn);
  });
});

it('prices a copy by the minute, and by what the guest keeps busy', () => {
  const hosts = many(2, (n) => aHost({ id: `h${n}` }));
  const vms = [aVm({ id: 'busy', demand: { cpuMhz: 5_000 } }), aVm({ id: 'idle', demand: { cpuMhz: 0 } })];
  const snapshot = aSnapshot({ hosts, vms });
  const prices = { ...DEFAULT_PRICES, perMigratedCoreMinute: 0.6 };
  const [plain, dear] = [new OnceCosts(snapshot, DEFAULT_PRICES), new OnceCosts(snapshot, prices)];
  expect(dear.ofMove(1, 0, 1)).toBe(plain.ofMove(1, 0, 1));
  const { seconds } = dear.migration(0, 0, 1);
  const coreMhz = snapshot.hosts.capacity[CPU]![0]! / snapshot.hosts.cores[0]!;
  expect(dear.ofMove(0, 0, 1) - plain.ofMove(0, 0, 1)).toBeCloseTo((0.6 * seconds * 5_000) / coreMhz / 60);
});
