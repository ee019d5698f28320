import type { ServerResponse } from 'node:http';
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import type { Log } from '../ports/log.ts';

/**
 * Sends pieces as they are made, never more than one ahead of the client, and lets everybody else have a turn after each.
 * A client that goes away ends it; what fails half way can only be cut off.
 */
export async function sendPieces(pieces: AsyncIterable<Uint8Array>, response: ServerResponse, log: Log): Promise<void> {
  try {
    for await (const piece of pieces) {
      if (response.destroyed) return;
      if (piece.length > 0) await written(response, piece);
      await othersHadTheirTurn();
    }
    response.end();
  } catch (error) {
    if (response.destroyed) return;
    log.error(`an answer was cut off half way: ${error instanceof Error ? error.message : String(error)}`);
    response.destroy();
  }
}

function written(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}
