import { type Message, TYPE } from '../../../src/drivers/libvirt/frames.ts';
import { REMOTE_PROGRAM } from '../../../src/drivers/libvirt/procedures.ts';

export function message(parts: Partial<Message>): Message {
  const plain = { program: REMOTE_PROGRAM, procedure: 7, type: TYPE.reply, serial: 1, status: 0 };
  return { ...plain, payload: Buffer.alloc(0), ...parts };
}
