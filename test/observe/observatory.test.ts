import { describe, expect, it } from 'vitest';
import { hostAt, type Inventory, vmAt } from '../../src/domain/inventory.ts';
import { CPU, MEMORY, NET_RX } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GIB, MINUTE, SECOND } from '../../src/domain/units.ts';
import { Observatory } from '../../src/observe/observatory.ts';
import type { Metric } from '../../src/ports/samples.ts';
import { aHost, anInventory, aVm, NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { KeptLog, ObservedDatacenter, SETTINGS } from './kit.ts';

const FLEET = anInventory({
  hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2', power: 'off' })],
  vms: [aVm({ id: 'vm1', host: 'h1' })],
});

class Scene {
  readonly clock = new VirtualClock(NOON_MS);
  readonly log = new KeptLog();
  readonly datacenter: ObservedDatacenter;
  readonly observatory: Observatory;
  readonly snapshots: Snapshot[] = [];

  constructor(inventory: Inventory = FLEET, rules: Inventory['rules'] = []) {
    this.datacenter = new ObservedDatacenter(inventory);
    const { clock, log } = this;
    this.observatory = new Observatory({ driver: this.datacenter, clock, log, settings: SETTINGS, rules });
    this.observatory.snapshots.subscribe((snapshot) => this.snapshots.push(snapshot));
  }

  /** A sample of h1 and one of vm1 each interval, for so many intervals. */
  async run(intervals: number, vm: (n: number) => Partial<Record<Metric, number>>): Promise<void> {
    for (let n = 0; n < intervals; n++) {
      const atMs = this.clock.nowMs();
      this.datacenter.measure('host', 'h1', { cpuMhz: 2000 }, atMs);
      this.datacenter.measure('vm', 'vm1', vm(n), atMs);
      await this.clock.advance(SETTINGS.sampleSeconds * SECOND);
    }
  }

  get last(): Snapshot {
    return this.snapshots.at(-1)!;
  }

  get atS(): number[] {
    return this.snapshots.map(({ atMs }) => (atMs - NOON_MS) / SECOND);
  }
}

describe('snapshots', () => {
  it('know nobody at first, except who is off', async () => {
    const { observatory, snapshots } = new Scene();
    await observatory.start();
    expect(snapshots).toHaveLength(1);
    expect([...Array.from(snapshots[0]!.hosts.known), ...Array.from(snapshots[0]!.vms.known)]).toEqual([0, 1, 0]);
    expect(observatory.unknownByCause()).toEqual([
      { kind: 'host', cause: 'missing', count: 1 },
      { kind: 'vm', cause: 'missing', count: 1 },
    ]);
    expect(observatory.ageMs()).toBe(0);
  });

  it('carry what the windows say, and the inventory where nothing is measured', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.run(7, (n) => ({ cpuMhz: n % 2 === 0 ? 1000 : 2000, netRxBytesPerS: 500, liveSessions: n }));
    const { vms } = scene.last;
    expect(scene.last).toBe(scene.observatory.latest());
    expect(vms.known[0]).toBe(1);
    expect(vms.demand[CPU]![0]).toBe(1500);
    expect(vms.cpuDeviationMhz[0]).toBe(500);
    expect(vms.cpuPeakMhz[0]).toBe(1500);
    expect(vms.demand[NET_RX]![0]).toBe(500);
    expect(vms.liveSessions[0]).toBe(5);
    expect(vms.demand[MEMORY]![0]).toBe(4 * GIB);
    expect(vms.memoryActiveBytes[0]).toBe(4 * GIB);
    expect(scene.observatory.ageMs()).toBe(40 * SECOND);
  });

  it('come each cycle and on request, never closer than samples', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.clock.advance(65 * SECOND);
    scene.observatory.request('the operator asked');
    scene.observatory.request('the operator asked again');
    await scene.clock.advance(115 * SECOND);
    expect(scene.atS).toEqual([0, 60, 80, 120, 180]);
    expect(scene.snapshots.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  });

  it('share the columns that did not change', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.run(7, () => ({ cpuMhz: 1000 }));
    const [before, after] = scene.snapshots.slice(-2);
    expect(after!.vms.demand[CPU]).toBe(before!.vms.demand[CPU]);
    expect(after!.hosts.ids).toBe(before!.hosts.ids);
  });

  it('add the rules of the configuration to those of the inventory', async () => {
    const rule = (id: string) => ({ kind: 'anti-affinity' as const, id, vms: [], level: 'host' as const });
    const scene = new Scene({ ...FLEET, rules: [rule('theirs')] }, [rule('ours')]);
    await scene.observatory.start();
    expect(scene.last.rules.map(({ id }) => id)).toEqual(['theirs', 'ours']);
  });

  it('keep a VM in flight on its source', async () => {
    const flights = [{ vm: 'vm1', from: 'h1', to: 'h2' }];
    const scene = new Scene({ ...FLEET, vms: [aVm({ id: 'vm1', host: 'h2' })], flights });
    await scene.observatory.start();
    expect([scene.last.vms.host[0], scene.last.flights]).toEqual([0, flights]);
  });

  it('remember from events when what last changed', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.clock.advance(MINUTE);
    const atMs = scene.clock.nowMs();
    scene.datacenter.tell({ kind: 'vm-moved', vm: 'vm1', from: 'h2', to: 'h1', atMs });
    scene.datacenter.tell({ kind: 'host-power', host: 'h2', power: 'off', atMs });
    await scene.clock.advance(20 * SECOND);
    expect(scene.last.vms.lastMoveAtMs[0]).toBe(atMs);
    expect(Array.from(scene.last.hosts.lastArrivalAtMs)).toEqual([atMs, 0]);
    expect(Array.from(scene.last.hosts.lastPowerChangeAtMs)).toEqual([0, atMs]);
  });
});

describe('data that cannot be trusted', () => {
  it('makes a VM unknown for a named cause, and keeps its last believed numbers', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.run(7, (n) => ({ cpuMhz: n < 6 ? 1000 : Number.NaN }));
    await scene.run(1, () => ({ cpuMhz: Number.NaN }));
    scene.observatory.request('look');
    await scene.clock.advance(20 * SECOND);
    expect(scene.last.vms.known[0]).toBe(0);
    expect(vmAt(scene.last, 0).doubt).toBe('samples of its processors are no numbers');
    expect(hostAt(scene.last, 0).doubt).toBe('');
    expect(scene.last.vms.demand[CPU]![0]).toBe(1000);
    expect(scene.observatory.trust('vm', 'vm1')).toMatchObject({ known: false, cause: 'not-a-number' });
    expect(scene.observatory.trust('host', 'h1')).toMatchObject({ known: true });
    expect(scene.observatory.trust('vm', 'nobody')).toBeUndefined();
    expect(scene.observatory.refusedByCause()).toEqual([{ kind: 'vm', cause: 'not-a-number', count: 2 }]);
  });

  it('is told by the metric that is bad, and as none once that is well', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.run(7, (n) => ({ cpuMhz: 1000, netTxBytesPerS: n < 6 ? 10 : -1 }));
    scene.observatory.request('look');
    await scene.clock.advance(20 * SECOND);
    expect(vmAt(scene.last, 0).doubt).toBe('samples of what it sends are below zero');
    await scene.run(1, () => ({ cpuMhz: 1000, netTxBytesPerS: 10 }));
    scene.observatory.request('look');
    await scene.clock.advance(20 * SECOND);
    expect(vmAt(scene.last, 0)).toMatchObject({ known: true, doubt: '' });
  });

  it('is not there when samples stop, and is well again two samples after they come back', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    const steady = () => ({ cpuMhz: 1000 });
    await scene.run(7, steady);
    await scene.clock.advance(10 * MINUTE);
    expect(scene.observatory.unknownByCause()).toContainEqual({ kind: 'vm', cause: 'stale', count: 1 });
    await scene.run(2, steady);
    scene.observatory.request('look');
    await scene.clock.advance(20 * SECOND);
    expect(scene.observatory.unknownByCause()).toEqual([]);
    expect(scene.log.lines).toEqual([
      expect.stringContaining('warn Sampling by the datacenter failed: no samples for 1 min 20 s'),
      'warn 1 host is not known any more, since no sample of its processors has come for more than 1 min: h1.',
      'warn 1 VM is not known any more, since no sample of its processors has come for more than 1 min: vm1.',
      expect.stringContaining('info Sampling by the datacenter works again'),
      'info 1 host is known again.',
      'info 1 VM is known again.',
    ]);
  });

  it('is everything when the inventory cannot be read, until it can', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    await scene.run(6, () => ({ cpuMhz: 1000 }));
    const { readInventory } = scene.datacenter;
    scene.datacenter.readInventory = async () => {
      throw new Error('connection refused');
    };
    await scene.run(9, () => ({ cpuMhz: 1000 }));
    expect(scene.observatory.troubles).toEqual([expect.stringContaining('failed: connection refused')]);
    expect([...Array.from(scene.last.hosts.known), ...Array.from(scene.last.vms.known)]).toEqual([0, 0, 0]);
    expect(scene.observatory.trust('host', 'h1')).toMatchObject({ cause: 'inventory-unreadable' });
    scene.datacenter.readInventory = readInventory;
    await scene.run(6, () => ({ cpuMhz: 1000 }));
    expect(scene.last.vms.known[0]).toBe(1);
    expect(scene.log.lines).toEqual([
      expect.stringContaining('Reading the inventory of the datacenter failed: connection refused'),
      'warn 1 host is not known any more, since nobody can tell what exists and where it is: h1.',
      'warn 1 VM is not known any more, since nobody can tell what exists and where it is: vm1.',
      expect.stringContaining('works again after 3 min'),
      'info 1 host is known again.',
      'info 1 VM is known again.',
    ]);
  });
});

describe('an outage', () => {
  it('at the start gives no snapshot until the inventory was read', async () => {
    const scene = new Scene();
    const { readInventory } = scene.datacenter;
    scene.datacenter.readInventory = async () => {
      throw new Error('connection refused');
    };
    await scene.observatory.start();
    expect(scene.observatory.latest()).toBeUndefined();
    scene.datacenter.readInventory = readInventory;
    await scene.clock.advance(MINUTE);
    expect(scene.snapshots).toHaveLength(1);
  });

  it('of an inventory that never answers holds up nothing, and is asked no second time', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    scene.datacenter.readInventory = () => new Promise(() => {});
    await scene.clock.advance(10 * MINUTE);
    expect(scene.datacenter.readings).toBe(2);
    expect(scene.snapshots.length).toBeGreaterThan(4);
    expect(scene.log.lines).toContainEqual(expect.stringContaining('no answer within 1 min'));
  });

  it('told by the driver asks for a snapshot', async () => {
    const scene = new Scene();
    await scene.observatory.start();
    scene.datacenter.tell({ kind: 'lost', because: 'the network is down', atMs: NOON_MS });
    await scene.clock.advance(20 * SECOND);
    expect(scene.atS).toEqual([0, 20]);
    expect(scene.log.lines[0]).toContain('the network is down');
  });
});

it('leaves nothing running when it is stopped', async () => {
  const scene = new Scene();
  await scene.observatory.start();
  await scene.run(4, () => ({ cpuMhz: 1000 }));
  scene.observatory.request('look');
  let completed = false;
  scene.observatory.snapshots.subscribe({
    complete: () => {
      completed = true;
    },
  });
  scene.observatory.stop();
  expect([scene.clock.pending, scene.datacenter.open, completed]).toEqual([0, 0, true]);
});

it('knows a host that is started only once it was measured again', async () => {
  const scene = new Scene();
  await scene.observatory.start();
  const atMs = scene.clock.nowMs();
  scene.datacenter.readInventory = async () => ({ ...FLEET, hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })] });
  scene.datacenter.tell({ kind: 'host-power', host: 'h2', power: 'on', atMs });
  await scene.clock.advance(20 * SECOND);
  expect(scene.observatory.trust('host', 'h2')).toMatchObject({ known: false, cause: 'missing' });
  for (const n of [1, 2]) {
    scene.datacenter.measure('host', 'h2', { cpuMhz: 100 }, NOON_MS + n * 20 * SECOND);
    await scene.clock.advance(20 * SECOND);
  }
  expect(scene.observatory.trust('host', 'h2')).toMatchObject({ known: true });
  expect(scene.log.lines.filter((line) => line.includes('h2'))).toEqual([]);
});
