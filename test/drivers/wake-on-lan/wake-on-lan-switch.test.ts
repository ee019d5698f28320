import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { SECOND } from '../../../src/domain/units.ts';
import { knock } from '../../../src/drivers/wake-on-lan/knock.ts';
import { magicPacket, sendMagicPacket } from '../../../src/drivers/wake-on-lan/magic-packet.ts';
import { runCommand } from '../../../src/drivers/wake-on-lan/shutdown-command.ts';
import { type WakeOnLanHost, WakeOnLanSwitch } from '../../../src/drivers/wake-on-lan/wake-on-lan-switch.ts';
import type { Notes } from '../../../src/ports/notes.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';

const MAC = '52:54:00:12:34:56';
const HOST: WakeOnLanHost = {
  id: 'h1',
  mac: MAC,
  broadcast: '10.0.0.255',
  port: 9,
  address: '10.0.0.1',
  answersAtPort: 22,
  shutdownCommand: ['ssh', 'h1', 'poweroff'],
};

function memory(): Notes {
  const topics = new Map<string, Map<string, unknown>>();
  const of = (topic: string) => {
    const subjects = topics.get(topic) ?? new Map<string, unknown>();
    topics.set(topic, subjects);
    return subjects;
  };
  return {
    write: (topic, subject, body) => void of(topic).set(subject, body),
    strike: (topic, subject) => void of(topic).delete(subject),
    all: of,
  };
}

/** A host on a network, and what was done to it. */
function stage({ fails = false }: { readonly fails?: boolean } = {}) {
  const clock = new VirtualClock();
  const notes = memory();
  const did: string[] = [];
  const world = { answers: true };
  const means = {
    knock: async () => world.answers,
    send: async (mac: string, address: string, port: number) => void did.push(`${mac} to ${address}:${port}`),
    run: async (words: readonly string[]) => {
      did.push(words.join(' '));
      if (fails) throw new Error('its shutdown command failed: Permission denied');
    },
  };
  const make = () => new WakeOnLanSwitch({ host: HOST, clock, notes, means });
  const power = make();
  return { clock, did, world, power, make };
}

describe('power by Wake-on-LAN', () => {
  test('what answers is on; of what is silent nothing is known', async () => {
    const { power, world, clock } = stage();
    expect(await power.isOn()).toBe(true);
    world.answers = false;
    for (const seconds of [0, 60, 600]) {
      await clock.advance(seconds * SECOND);
      expect(await power.isOn()).toBeUndefined();
    }
  });

  test('what was shut down is off when it has been silent for a while, for a Drover that starts anew as well', async () => {
    const { power, world, clock, did, make } = stage();
    await power.press('shutdown');
    expect(did).toEqual(['ssh h1 poweroff']);
    world.answers = false;
    expect(await power.isOn()).toBeUndefined();
    await clock.advance(20 * SECOND);
    expect(await power.isOn()).toBe(false);
    const anew = make();
    await anew.isOn();
    await clock.advance(20 * SECOND);
    expect(await anew.isOn()).toBe(false);
  });

  test('it is woken by a packet, and is on when it answers', async () => {
    const { power, world, clock, did } = stage();
    await power.press('shutdown');
    world.answers = false;
    await power.press('on');
    expect(did.at(-1)).toBe(`${MAC} to 10.0.0.255:9`);
    await clock.advance(60 * SECOND);
    expect(await power.isOn()).toBeUndefined();
    world.answers = true;
    expect(await power.isOn()).toBe(true);
  });

  test('a shutdown that was refused leaves nothing noted', async () => {
    const { power, world, clock } = stage({ fails: true });
    await expect(power.press('shutdown')).rejects.toThrow('Permission denied');
    world.answers = false;
    await power.isOn();
    await clock.advance(60 * SECOND);
    expect(await power.isOn()).toBeUndefined();
  });

  test('it has no power to cut', async () => {
    await expect(stage().power.press('cut')).rejects.toThrow('no BMC to cut its power');
  });
});

describe('what it does to the world', () => {
  test('a packet carries the address sixteen times after six bytes of ones', async () => {
    const listener = createSocket('udp4');
    await new Promise<void>((bound) => listener.bind(0, '127.0.0.1', bound));
    const heard = new Promise<Buffer>((hear) => listener.once('message', hear));
    await sendMagicPacket(MAC, '127.0.0.1', listener.address().port);
    const packet = await heard;
    listener.close();
    expect(packet).toEqual(magicPacket(MAC));
    expect(packet.toString('hex')).toBe('f'.repeat(12) + '525400123456'.repeat(16));
  });

  test('a host that accepts is awake, and so is one that refuses', async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    expect(await knock('127.0.0.1', port)).toBe(true);
    await new Promise((closed) => server.close(closed));
    expect(await knock('127.0.0.1', port)).toBe(true);
  });

  test.each([
    [['sh', '-c', 'echo no >&2; exit 1'], 'its shutdown command failed: no'],
    [['drover-has-no-such-program'], 'is not installed here'],
  ])('a command that fails says why: %s', async (words, because) => {
    await expect(runCommand(words)).rejects.toThrow(because);
  });

  test('a shutdown that hangs up on its own ssh has succeeded', async () => {
    await runCommand(['sh', '-c', 'echo "Connection to h1 closed by remote host." >&2; exit 255']);
  });
});
