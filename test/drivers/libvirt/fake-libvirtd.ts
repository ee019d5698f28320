import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Frames, frame, type Message } from '../../../src/drivers/libvirt/frames.ts';
import { PROCEDURE, REMOTE_PROGRAM } from '../../../src/drivers/libvirt/procedures.ts';
import type { LibvirtHost } from '../../../src/drivers/libvirt/settings.ts';
import { writeParameters } from '../../../src/drivers/libvirt/typed-parameters.ts';
import { XdrReader, XdrWriter } from '../../../src/drivers/libvirt/xdr.ts';
import { labHost } from '../../real/libvirt/lab.ts';
import { message } from './message.ts';

export interface FakeGuest {
  readonly name: string;
  readonly uuid: string;
  readonly number: number;
}

const MIB = 1024 ** 2;
const STATE_RUNNING = 1;
const MODEL_WORDS = 32;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');

/** What a libvirtd answers to who watches it, over a socket of its own: it speaks the protocol, and has no hypervisor. */
export class FakeLibvirtd {
  readonly host: LibvirtHost;
  uuid: string;
  guests: readonly FakeGuest[] = [];
  /** By procedure, the sentence that it is refused with. */
  readonly refusals = new Map<number, string>();
  /** It hangs up on whoever comes. */
  isDeaf = false;
  /** Connections that are open. */
  readonly sockets = new Set<Socket>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'drover-libvirtd-'));
  readonly #server = createServer((socket) => this.#serve(socket));
  #events = 0;

  private constructor(number: number) {
    this.uuid = `1ab00000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    this.host = { ...labHost(number), uri: `qemu+unix:///system?socket=${this.#socketPath}` };
  }

  static async open(number: number): Promise<FakeLibvirtd> {
    const daemon = new FakeLibvirtd(number);
    daemon.#server.listen(daemon.#socketPath);
    await once(daemon.#server, 'listening');
    return daemon;
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.hangUp();
    this.#server.close();
    rmSync(this.#folder, { recursive: true });
  }

  get #socketPath(): string {
    return join(this.#folder, 'libvirt-sock');
  }

  #serve(socket: Socket): void {
    if (this.isDeaf) return void socket.destroy();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    const frames = new Frames();
    socket.on('data', (bytes) => {
      for (const call of frames.take(bytes)) if (call.program === REMOTE_PROGRAM) socket.write(this.#answerTo(call));
    });
  }

  #answerTo({ procedure, serial, payload }: Message): Buffer {
    const refusal = this.refusals.get(procedure);
    if (refusal !== undefined) {
      const error = new XdrWriter().int(1).int(10).optionalText(refusal).finish();
      return frame(message({ procedure, serial, status: 1, payload: error }));
    }
    return frame(message({ procedure, serial, payload: this.#reply(procedure, new XdrReader(payload)).finish() }));
  }

  #reply(procedure: number, asked: XdrReader): XdrWriter {
    const reply = new XdrWriter();
    if (procedure === PROCEDURE.supportsFeature) reply.int(1);
    else if (procedure === PROCEDURE.registerEvent) reply.int(this.#events++);
    else if (procedure === PROCEDURE.nodeInfo) this.#addNodeInfo(reply);
    else if (procedure === PROCEDURE.capabilities) {
      reply.text(`<capabilities><host><uuid>${this.uuid}</uuid></host></capabilities>`);
    } else if (procedure === PROCEDURE.allDomainStats) this.#addStats(reply);
    else if (procedure === PROCEDURE.domainXml) reply.text(descriptionOf(asked.text()));
    else if (procedure === PROCEDURE.poolCreate) reply.text('pool').fixed(Buffer.alloc(16));
    else reply.int(0).int(0);
    return reply;
  }

  #addNodeInfo(reply: XdrWriter): void {
    for (let word = 0; word < MODEL_WORDS; word++) reply.int(0);
    reply
      .hyper(8 * MIB)
      .int(4)
      .int(2000);
  }

  #addStats(reply: XdrWriter): void {
    reply.list(this.guests, ({ name, uuid, number }) => {
      reply
        .text(name)
        .fixed(Buffer.from(uuid.replaceAll('-', ''), 'hex'))
        .int(number);
      writeParameters(reply, [{ name: 'state.state', as: 'int', value: STATE_RUNNING }]);
    });
  }
}

const descriptionOf = (name: string): string =>
  `<domain><name>${escaped(name)}</name><memory unit='MiB'>96</memory><vcpu>1</vcpu></domain>`;
