import type { Departure } from './departures.ts';
import { easiestFirst } from './evacuate.ts';
import { NO_ROOM, type Tried, tryOut } from './exchange-trial.ts';
import { type Exchange, Prospects } from './prospects.ts';
import type { Situation } from './situation.ts';
import { thinkable } from './thinkable.ts';

/** Of all exchanges that can be thought of, so many are tried in a search, the most promising first. */
const MOST_TRIED = 30;
/** What has missed by this share of all cost is not tried again. */
const NOT_AGAIN = 0.003;

/**
 * Other hosts for the same work, wherever that pays: the wrong ones may have been kept on. What is known to be far from
 * paying is not tried again.
 */
export function exchange(situation: Situation, tried: Tried): void {
  const { decisions } = situation.book;
  if (tried.decided === decisions.length) return;
  while (exchangeOnce(situation, tried));
  tried.decided = decisions.length;
}

function exchangeOnce(situation: Situation, tried: Tried): boolean {
  const { gains } = tried;
  const { book, costs } = situation;
  const order = easiestFirst(situation);
  const prospects = new Prospects(situation);
  const scan = { order, prospects, departures: new Map<number, readonly Departure[]>(), tried };
  const total = book.gain(costs.total(), 0);
  for (const candidate of promising(situation, order, prospects)) {
    const { on, off } = candidate;
    const name = nameOf(on, off);
    if ((gains.get(name) ?? 0) < -NOT_AGAIN * total) continue;
    if (off.length > 1 && off.some((host) => gains.get(nameOf(on, [host])) === NO_ROOM)) continue;
    if (tried.tries >= MOST_TRIED) return false;
    tried.tries += 1;
    const gain = tryOut(situation, candidate, scan);
    if (gain > 0) return true;
    gains.set(name, gain);
  }
  return false;
}

const nameOf = (on: readonly number[], off: readonly number[]): string => `${on.join()} for ${off.join()}`;

/** The most hopeful, those of few hosts first. */
function promising(situation: Situation, order: readonly number[], prospects: Prospects): Exchange[] {
  const size = (exchange: Exchange) => Math.max(exchange.on.length, exchange.off.length);
  return thinkable(situation, order, prospects, 0)
    .sort((a, b) => size(a.exchange) - size(b.exchange) || b.hope - a.hope)
    .map(({ exchange }) => exchange);
}
