import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/domain/units.ts';
import { Observatory } from '../../src/observe/observatory.ts';
import { aHost, anInventory, NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { KeptLog, ObservedDatacenter, SETTINGS } from './kit.ts';

const CAPACITY_MHZ = 10_000;
const FLEET = anInventory({ hosts: [aHost({ id: 'h1', cores: 4, capacity: { cpuMhz: CAPACITY_MHZ } })] });

/** Lives through the shares of a host's processors, one per interval of 20 seconds. */
async function lived(shares: readonly number[]) {
  const clock = new VirtualClock(NOON_MS);
  const driver = new ObservedDatacenter(FLEET);
  const settings = { ...SETTINGS, cycleSeconds: 100_000 };
  const observatory = new Observatory({ driver, clock, log: new KeptLog(), settings, rules: [] });
  const takenAtS: number[] = [];
  observatory.snapshots.subscribe(({ atMs }) => takenAtS.push((atMs - NOON_MS) / SECOND));
  await observatory.start();
  for (const share of shares) {
    driver.measure('host', 'h1', { cpuMhz: share * CAPACITY_MHZ }, clock.nowMs());
    await clock.advance(SETTINGS.sampleSeconds * SECOND);
  }
  return { isHot: observatory.signals('host', 'h1')!.isHot, takenAtS };
}

const times = (count: number, share: number) => new Array<number>(count).fill(share);

describe('a host with too much to do', () => {
  it.each([
    { what: 'quiet', shares: times(120, 0.5), isHot: false },
    { what: 'one busy minute after a quiet half-hour', shares: [...times(90, 0.4), ...times(3, 0.95)], isHot: false },
    { what: 'busy for five minutes', shares: [...times(90, 0.4), ...times(17, 0.95)], isHot: true },
    { what: 'busy on the whole, with a short lull', shares: [...times(60, 0.95), 0.7, ...times(7, 0.95)], isHot: true },
    { what: 'busy until lately', shares: [...times(60, 0.95), ...times(8, 0.5)], isHot: false },
  ])('$what: $isHot', async ({ shares, isHot }) => {
    expect((await lived(shares)).isHot).toBe(isHot);
  });

  it('asks for a snapshot once, when it has become too much', async () => {
    const { takenAtS } = await lived([...times(90, 0.4), ...times(30, 0.95)]);
    expect(takenAtS).toEqual([0, 90 * 20 + 300]);
  });
});
