import type { HookFacts, HttpCall } from '../../domain/hook.ts';
import type { HookAnswer } from '../../ports/hook-caller.ts';
import { filled, filledBody } from './filled.ts';

/** Redirects are not followed: what was configured is what is called. */
export async function callHttp(call: HttpCall, facts: HookFacts, end: AbortSignal, most: number): Promise<HookAnswer> {
  const { method, headers, body } = call;
  const url = filled(call.url, facts, encodeURIComponent);
  try {
    const sent = body === '' || method === 'GET' ? {} : { body: filledBody(body, facts) };
    const response = await fetch(url, { method, headers, signal: end, redirect: 'manual', ...sent });
    const text = await beginningOf(response, most);
    return response.ok ? { state: 'done', text } : failed(`${url} answers ${response.status}`);
  } catch (error) {
    return failed(`${url}: ${troubleOf(error)}`);
  }
}

async function beginningOf(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let left = most;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  return text;
}

/** fetch hides what went wrong in a cause. */
function troubleOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return error.message;
  return cause instanceof Error ? cause.message || cause.name : error.message;
}

const failed = (because: string): HookAnswer => ({ state: 'failed', because });
