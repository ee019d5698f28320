import * as fc from 'fast-check';
import { property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frames, frame } from '../../../src/drivers/libvirt/frames.ts';
import { readParameters, writeParameters } from '../../../src/drivers/libvirt/typed-parameters.ts';
import { endpointOf } from '../../../src/drivers/libvirt/uri.ts';
import { XdrReader, XdrWriter } from '../../../src/drivers/libvirt/xdr.ts';
import { message } from './message.ts';

describe('XDR', () => {
  test('what is written is read again', () => {
    const row = fc.tuple(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.nat(),
      fc.maxSafeInteger(),
      fc.double(),
      uint8Array(),
    );
    fc.assert(
      property(row, ([text, int, uint, hyper, double, bytes]) => {
        const writer = new XdrWriter().text(text).int(int).uint(uint).hyper(hyper).double(double);
        const reader = new XdrReader(
          writer.bytes(Buffer.from(bytes)).optionalText(undefined).optionalText(text).finish(),
        );
        const said = [reader.text(), reader.int(), reader.uint(), reader.hyper(), reader.double()];
        expect(said).toEqual([Buffer.from(text, 'utf8').toString('utf8'), int, uint, hyper, double]);
        expect([...reader.bytes()]).toEqual([...bytes]);
        expect(reader.optionalText()).toBeUndefined();
        expect(reader.optionalText()).toBe(said[0]);
        expect(reader.left).toBe(0);
      }),
    );
  });

  test('everything takes a multiple of four bytes', () => {
    fc.assert(property(fc.string(), (text) => new XdrWriter().text(text).finish().length % 4 === 0));
  });

  test('a message that ends too early is an error, and so is a list that cannot be', () => {
    expect(() => new XdrReader(new XdrWriter().uint(8).finish()).text()).toThrow(RangeError);
    const reader = new XdrReader(new XdrWriter().uint(4_000_000_000).finish());
    expect(() => reader.list(() => reader.int())).toThrow('does not fit');
  });

  test('typed parameters keep names and values', () => {
    const writer = new XdrWriter();
    writeParameters(writer, [
      { name: 'bandwidth', as: 'ullong', value: 32 },
      { name: 'parallel.connections', as: 'int', value: 2 },
      { name: 'uri', as: 'string', value: 'tcp://h2' },
    ]);
    expect(readParameters(new XdrReader(writer.finish()))).toEqual({
      bandwidth: 32,
      'parallel.connections': 2,
      uri: 'tcp://h2',
    });
  });
});

describe('frames', () => {
  test('come out whole however the stream is cut', () => {
    const cuts = fc.array(fc.nat(200), { maxLength: 8 });
    const payloads = fc.array(uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      property(payloads, cuts, (bodies, places) => {
        const sent = bodies.map((body, serial) => message({ serial, payload: Buffer.from(body) }));
        const bytes = Buffer.concat(sent.map(frame));
        const edges = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
        const frames = new Frames();
        const got = edges.slice(1).flatMap((end, i) => frames.take(bytes.subarray(edges[i]!, end)));
        expect(got.map(({ serial, payload }) => [serial, [...payload]])).toEqual(
          bodies.map((body, i) => [i, [...body]]),
        );
      }),
    );
  });

  test('an impossible length is an error', () => {
    expect(() => new Frames().take(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(RangeError);
  });
});

test.each([
  ['qemu+tcp://h1/system', { by: 'tcp', host: 'h1', port: 16509, opens: 'qemu:///system' }],
  ['qemu+tls://h1.example:1234/system', { by: 'tls', host: 'h1.example', port: 1234, opens: 'qemu:///system' }],
  ['qemu+tcp://[fd00::1]/system', { by: 'tcp', host: 'fd00::1', port: 16509, opens: 'qemu:///system' }],
  ['qemu+unix:///system', { by: 'unix', path: '/run/libvirt/libvirt-sock', opens: 'qemu:///system' }],
  ['qemu+unix:///system?socket=/run/x', { by: 'unix', path: '/run/x', opens: 'qemu:///system' }],
  ['qemu+ssh://root@h1/system', { by: 'ssh', destination: 'root@h1', port: 22, opens: 'qemu:///system' }],
])('%s is where a hypervisor is', (uri, endpoint) => {
  expect(endpointOf(uri)).toEqual(endpoint);
});

test.each([
  ['h1', '"h1" is no URI of a hypervisor, should be such as "qemu+tls://h1/system"'],
  ['qemu+pigeon://h1/system', '"qemu+pigeon://h1/system" goes by pigeon, should go by tls, tcp, ssh or unix'],
  ['qemu+tcp:///system', '"qemu+tcp:///system" names no host, should be such as "qemu+tcp://h1/system"'],
])('%s is refused with what would be right', (uri, sentence) => {
  expect(endpointOf(uri)).toBe(sentence);
});
