import { duplexPair } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import { Connection, ConnectionLost, HypervisorError } from '../../../src/drivers/libvirt/connection.ts';
import { Frames, frame, type Message, TYPE } from '../../../src/drivers/libvirt/frames.ts';
import { KEEPALIVE_PROGRAM, PING, PONG, REMOTE_PROGRAM } from '../../../src/drivers/libvirt/procedures.ts';
import { XdrWriter } from '../../../src/drivers/libvirt/xdr.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';
import { message } from './message.ts';

/** A connection, and the other end of its stream as messages. */
function connected() {
  const [near, far] = duplexPair();
  const clock = new VirtualClock();
  let aheadMs = 0;
  const heard: string[] = [];
  const connection = new Connection({
    stream: near,
    clock: { nowMs: () => clock.nowMs() + aheadMs, after: (delayMs, call) => clock.after(delayMs, call) },
    pingMs: 2 * SECOND,
    heard: (event) => heard.push(event.text()),
  });
  const frames = new Frames();
  const got: Message[] = [];
  far.on('data', (bytes: Buffer) => got.push(...frames.take(bytes)));
  const say = (parts: Partial<Message>) => far.write(frame(message(parts)));
  const text = (words: string) => new XdrWriter().text(words).finish();
  const calls = () => got.filter(({ program }) => program === REMOTE_PROGRAM);
  const jump = (ms: number) => {
    aheadMs += ms;
  };
  return { connection, clock, jump, heard, got, calls, say, text, far };
}

describe('a connection', () => {
  test('gives each answer to who asked, in whatever order they come, and events to who listens', async () => {
    const { connection, clock, heard, say, text, calls } = connected();
    const [a, b] = [connection.call(1), connection.call(2)];
    await clock.advance(0);
    expect(calls().map(({ procedure, serial }) => [procedure, serial])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    say({ serial: 2, payload: text('two') });
    say({ type: TYPE.event, serial: 0, payload: text('news') });
    say({ serial: 1, payload: text('one') });
    expect([(await a).text(), (await b).text()]).toEqual(['one', 'two']);
    expect(heard).toEqual(['news']);
    connection.close();
  });

  test('has at most four calls under way: the others wait their turn', async () => {
    const { connection, clock, say, calls } = connected();
    const all = [1, 2, 3, 4, 5, 6].map((procedure) => connection.call(procedure));
    await clock.advance(0);
    expect(calls()).toHaveLength(4);
    for (let serial = 1; serial <= 6; serial++) {
      say({ serial });
      await clock.advance(0);
    }
    await Promise.all(all);
    expect(calls()).toHaveLength(6);
    connection.close();
  });

  test('a refusal carries its code and its sentence', async () => {
    const { connection, say } = connected();
    const call = connection.call(1);
    say({ serial: 1, status: 1, payload: new XdrWriter().int(42).int(10).optionalText('Domain not found').finish() });
    await expect(call).rejects.toEqual(new HypervisorError(42, 'Domain not found'));
    await expect(call).rejects.toHaveProperty('code', 42);
    connection.close();
  });

  test('a call without an answer is given up, one that lasts is not', async () => {
    const { connection, clock, say } = connected();
    const quick = connection.call(1).catch((error: unknown) => error);
    const lasting = connection.call(2, Buffer.alloc(0), Infinity);
    for (let s = 0; s < 20; s++) {
      say({ program: KEEPALIVE_PROGRAM, procedure: PONG, type: TYPE.event });
      await clock.advance(SECOND);
    }
    expect(await quick).toEqual(new ConnectionLost('no answer within 10 s'));
    say({ serial: 2 });
    await lasting;
    connection.close();
  });

  test('answers pings, and pings itself when it hears nothing', async () => {
    const { connection, clock, got, say } = connected();
    say({ program: KEEPALIVE_PROGRAM, procedure: PING, type: TYPE.event });
    await clock.advance(0);
    await clock.advance(2 * SECOND);
    expect(got.map(({ program, procedure }) => [program, procedure])).toEqual([
      [KEEPALIVE_PROGRAM, PONG],
      [KEEPALIVE_PROGRAM, PING],
    ]);
    connection.close();
  });

  test('ends after long silence, and with it every call', async () => {
    const { connection, clock } = connected();
    const call = connection.call(1, Buffer.alloc(0), Infinity).catch((error: unknown) => error);
    await clock.advance(7 * SECOND);
    expect(await call).toEqual(new ConnectionLost('no sign of life for 6 s'));
    expect(await connection.over).toBe('no sign of life for 6 s');
    expect(clock.pending).toBe(0);
    await expect(connection.call(1)).rejects.toThrow('closed');
  });

  test.each([
    ['a long pause of this machine, in which nobody read what the other side said', 10 * SECOND],
    ['a clock that is put back', -10 * MINUTE],
  ])('lives through %s', async (_, ms) => {
    const { connection, clock, jump, got, say } = connected();
    jump(ms);
    await clock.advance(2 * SECOND);
    expect(got.map(({ procedure }) => procedure)).toEqual([PING]);
    say({ program: KEEPALIVE_PROGRAM, procedure: PONG, type: TYPE.event });
    await clock.advance(3 * SECOND);
    expect(connection.isOver).toBe(false);
    connection.close();
  });

  test('ends when the other side closes, and when what it says makes no sense', async () => {
    const closed = connected();
    closed.far.end();
    expect(await closed.connection.over).toContain('closed');
    const garbled = connected();
    garbled.far.write(Buffer.alloc(64, 0xff));
    expect(await garbled.connection.over).toContain('not understood');
  });
});
