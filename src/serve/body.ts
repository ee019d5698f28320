import type { IncomingMessage } from 'node:http';
import { type Answer, refuse } from './answer.ts';

export const MOST_BODY_BYTES = 64 * 1024;

/** The connection ends with it, because the rest of the body is not read. */
const TOO_LARGE: Answer = {
  ...refuse(413, `a body may have ${MOST_BODY_BYTES} bytes at most`),
  headers: { connection: 'close' },
};

/** A request's body as JSON; undefined when there is none. */
export async function readBody(request: IncomingMessage): Promise<{ value: unknown } | { refusal: Answer }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return { refusal: TOO_LARGE };
    chunks.push(chunk);
  }
  return bytes === 0 ? { value: undefined } : parsed(Buffer.concat(chunks).toString('utf8'));
}

function parsed(text: string): { value: unknown } | { refusal: Answer } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { refusal: refuse(400, 'the body is not JSON') };
  }
}
