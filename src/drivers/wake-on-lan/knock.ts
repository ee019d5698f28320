import { connect } from 'node:net';
import { SECOND } from '../../domain/units.ts';

const MOST_MS = 2 * SECOND;
/** A kernel that refuses is awake. */
const AWAKE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** Whether something answers there at all. */
export function knock(address: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address, port });
  socket.setTimeout(MOST_MS, () => resolve(false));
  socket.once('connect', () => resolve(true));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(AWAKE.has(error.code ?? '')));
  return promise.finally(() => socket.destroy());
}
