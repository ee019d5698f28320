import { createSocket } from 'node:dgram';

const SYNC_BYTES = 6;
const REPEATS = 16;

/** What a sleeping network card listens for: its own address, many times over. */
export function magicPacket(mac: string): Buffer {
  const address = Buffer.from(mac.replaceAll(/[:-]/g, ''), 'hex');
  return Buffer.concat([Buffer.alloc(SYNC_BYTES, 0xff), ...Array.from({ length: REPEATS }, () => address)]);
}

export async function sendMagicPacket(mac: string, address: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('error', reject);
    socket.bind(0, () => {
      socket.setBroadcast(true);
      socket.send(magicPacket(mac), port, address, (error) => (error === null ? resolve() : reject(error)));
    });
    await promise;
  } finally {
    socket.close();
  }
}
