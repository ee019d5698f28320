import { describe, expect, test } from 'vitest';
import { ServiceLevels } from '../../src/simulator/service-levels.ts';

const levels = () => new ServiceLevels(2, 2, 0);

describe('service levels', () => {
  test('SLATAH is a ratio of sums over hosts: idle hosts have no part in it', () => {
    const service = levels();
    service.recordHost(0, 0, 80, 100);
    service.recordHost(1, 0, 0, 0);
    service.recordHost(0, 10, 90, 90);
    service.recordHost(1, 30, 50, 50);
    expect(service.figures(50).slatahShare).toBe(10 / (50 + 20));
  });

  test('PDM counts what was missing while migrating, of all that was demanded', () => {
    const service = levels();
    service.recordVm(0, 0, 90, 100, true);
    service.recordVm(1, 0, 40, 50, false);
    service.recordVm(0, 10, 100, 100, false);
    const { pdmShare, underAllocatedShare, starvedVmTimeShare } = service.figures(20);
    const demanded = 100 * 20 + 50 * 20;
    expect(pdmShare).toBe((10 * 10) / demanded);
    expect(underAllocatedShare).toBe((10 * 10 + 10 * 20) / demanded);
    expect(starvedVmTimeShare).toBe((10 + 20) / 40);
  });

  test('each span of want counts alike in the mean shortfall', () => {
    const service = levels();
    service.recordVm(0, 0, 90, 100, true);
    service.recordVm(0, 1, 50, 100, true);
    expect(service.figures(100).meanShortfallShare).toBeCloseTo((0.1 + 0.5) / 2, 12);
  });

  test('a record of the same instant takes the place of the one before it', () => {
    const service = levels();
    service.recordHost(0, 0, 10, 100);
    service.recordHost(0, 0, 100, 100);
    service.recordVm(0, 0, 10, 100, true);
    service.recordVm(0, 0, 100, 100, false);
    expect(service.figures(10)).toMatchObject({ slatahShare: 0, pdmShare: 0, slav: 0, meanShortfallShare: 0 });
  });

  test('nothing demanded is nothing missing', () => {
    expect(levels().figures(10)).toEqual({
      slatahShare: 0,
      pdmShare: 0,
      slav: 0,
      underAllocatedShare: 0,
      starvedVmTimeShare: 0,
      meanShortfallShare: 0,
    });
  });
});
