import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SECOND } from '../../src/domain/units.ts';
import { openConnection } from '../../src/drivers/simulated/connection.ts';
import { type RunningDatacenter, serveDatacenter } from '../../src/drivers/simulated/datacenter-server.ts';
import type { OrderNote } from '../../src/drivers/simulated/order-log.ts';
import { openRemoteDatacenter } from '../../src/drivers/simulated/remote-driver.ts';
import type { DriverEvent } from '../../src/ports/driver.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { order, steady, threeHosts } from '../simulator/datacenters.ts';
import { describeDriver } from './driver-contract.ts';

/** A datacenter on virtual time behind a real socket. */
async function hosted() {
  const folder = mkdtempSync(join(tmpdir(), 'drover-socket-'));
  const socketPath = join(folder, 'dc.sock');
  const clock = new VirtualClock(0);
  const datacenter = steady(threeHosts());
  const serve = async () => running(await serveDatacenter({ datacenter, clock, speed: 1, socketPath }));
  const server = await serve();
  return { folder, socketPath, clock, datacenter, server, serve };
}

function running(served: Awaited<ReturnType<typeof serveDatacenter>>): RunningDatacenter {
  if ('because' in served) throw new Error(served.because);
  return served;
}

async function driving(socketPath: string) {
  const opened = await openRemoteDatacenter(socketPath);
  if ('because' in opened) throw new Error(opened.because);
  return opened.driver;
}

/** What was sent before has come by the time that this is answered: both ways are in order. */
async function ordersAt(socketPath: string): Promise<readonly OrderNote[]> {
  const nothing = () => undefined;
  const connection = await openConnection(socketPath, { heard: nothing, told: nothing, lost: nothing });
  if ('because' in connection) throw new Error(connection.because);
  const orders = await connection.ask('orders', {});
  connection.close();
  return orders;
}

describeDriver('remote simulated', async () => {
  const { folder, socketPath, clock, server } = await hosted();
  const driver = await driving(socketPath);
  const flushed = () => driver.inventory().catch(() => undefined);
  const pass = async (ms: number) => {
    await flushed();
    await clock.advance(ms);
    await flushed();
  };
  const dispose = async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  };
  return { driver, pass, vm: 'a', from: 'h1', to: 'h2', idleHost: 'h3', paceMs: SECOND, dispose };
});

describe('a datacenter in a process of its own', () => {
  async function stage() {
    const parts = await hosted();
    onTestFinished(async () => {
      await parts.server.close();
      rmSync(parts.folder, { recursive: true });
    });
    return parts;
  }

  test('lives on when its driver goes, and takes note of every order', async () => {
    const { socketPath, clock, datacenter } = await stage();
    const first = await driving(socketPath);
    first.migrate(order('a', 'h1', 'h2'), () => {});
    void first.switchOff('h3', 'step 7');
    await first.inventory();
    await first.close();
    await clock.advance(90 * SECOND);
    expect([datacenter.hostOf('a'), datacenter.powerOf('h3')]).toEqual(['h2', 'off']);
    expect(await ordersAt(socketPath)).toMatchObject([
      { kind: 'migrate', id: 'a to h2', ended: { end: { state: 'done' } } },
      { kind: 'switch', id: 'step 7', host: 'h3', to: 'off', ended: { end: { state: 'done' } } },
    ]);
  });

  test('an order that comes twice is noted twice and carried out once', async () => {
    const { socketPath, clock } = await stage();
    for (let times = 0; times < 2; times++) {
      const driver = await driving(socketPath);
      driver.migrate(order('a', 'h1', 'h2'), () => {});
      await driver.inventory();
      await driver.close();
    }
    await clock.advance(90 * SECOND);
    expect((await ordersAt(socketPath)).map(({ id }) => id)).toEqual(['a to h2', 'a to h2']);
  });

  test('when it goes, what was under way fails with a reason, and it is found again', async () => {
    const { socketPath, server, serve } = await stage();
    const driver = await driving(socketPath);
    onTestFinished(() => driver.close());
    const lost = new Promise<DriverEvent>((heard) => driver.watch(heard));
    const { ended } = driver.migrate(order('a', 'h1', 'h2'), () => {});
    await driver.inventory();
    await server.close();
    expect(await ended).toEqual({ state: 'failed', because: `the datacenter at ${socketPath} has gone` });
    expect(await lost).toMatchObject({ kind: 'lost' });
    await expect(driver.inventory()).rejects.toThrow('has gone');
    const again = await serve();
    onTestFinished(() => again.close());
    await expect.poll(() => driver.inventory().then(({ hosts }) => hosts.length, String), { timeout: 5_000 }).toBe(3);
  });

  test('is refused where another listens, and takes over what a dead one left', async () => {
    const { socketPath, clock, datacenter, folder } = await stage();
    const second = await serveDatacenter({ datacenter, clock, speed: 1, socketPath });
    expect(second).toHaveProperty('because', expect.stringContaining('another datacenter listens there already'));
    const stale = join(folder, 'stale.sock');
    const dying = `require('net').createServer().listen(${JSON.stringify(stale)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', dying]);
    expect(lstatSync(stale).isSocket()).toBe(true);
    const taken = running(await serveDatacenter({ datacenter, clock, speed: 1, socketPath: stale }));
    await taken.close();
    const diary = join(folder, 'diary');
    writeFileSync(diary, 'dear diary');
    const third = await serveDatacenter({ datacenter, clock, speed: 1, socketPath: diary });
    expect(third).toHaveProperty('because', expect.stringContaining('a file that is no socket stands there'));
    expect(readFileSync(diary, 'utf8')).toBe('dear diary');
  });

  test('nobody there is said in a sentence', async () => {
    expect(await openRemoteDatacenter('/nowhere/dc.sock')).toHaveProperty(
      'because',
      expect.stringMatching(/^no datacenter answers at \/nowhere\/dc\.sock: .*; start one with `drover datacenter/),
    );
  });
});
