import type { BookLevel, BookView } from '../../../src/market/order-book.js';
import { units } from '../../../src/market/units.js';
import { random } from '../../../src/random.js';
import type { MicrostructureFeature, MicrostructureFold } from '../../../src/features/microstructure/microstructure-feature.js';

export const UNITS = units({ tickSize: 0.1, lotSize: 0.001 });

/** A book from lists of levels, best first. */
export const bookOf = (bids: readonly BookLevel[], asks: readonly BookLevel[]): BookView => ({
  bestBid: bids[0]?.price ?? NaN,
  bestAsk: asks[0]?.price ?? NaN,
  lotsAt: (side, price) => (side > 0 ? bids : asks).find(level => level.price === price)?.lots ?? 0,
  levels: side => (side > 0 ? bids : asks).length,
  level: (side, n) => (side > 0 ? bids : asks)[n],
});

export type MarketEvent =
  | { readonly kind: 'book'; readonly ts: number; readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] }
  | {
      readonly kind: 'quote';
      readonly ts: number;
      readonly bid: number;
      readonly bidLots: number;
      readonly ask: number;
      readonly askLots: number;
    }
  | { readonly kind: 'trade'; readonly ts: number; readonly price: number; readonly lots: number; readonly side: number };

/** Give a fold one event. */
export const give = (fold: MicrostructureFold, event: MarketEvent): void => {
  if (event.kind === 'book') fold.onBook({ ts: event.ts, book: bookOf(event.bids, event.asks) });
  else if (event.kind === 'quote') fold.onQuote(event);
  else fold.onTrade(event);
};

/** Its value after these events, as of `now` (the last event unless said). */
export const valueAfter = (feature: MicrostructureFeature, events: readonly MarketEvent[], now = events.at(-1)?.ts ?? 0): number => {
  const fold = feature.create(UNITS);
  for (const event of events) give(fold, event);
  return fold.value(now);
};

/** A seeded market that wanders: books, quotes and trades in order of time, several in one millisecond now and then, now and then a book with an empty side. */
export const randomEvents = (seed: number, count: number, breaks = true): MarketEvent[] => {
  const draw = random(`events/${seed}`);
  const events: MarketEvent[] = [];
  let ts = 1_700_000_000_000 + draw.int(1_000);
  let bid = 60_000;
  let width = 1;
  const levels = (from: number, step: number): BookLevel[] => {
    let price = from;
    return Array.from({ length: 1 + draw.int(12) }, (_, i) => {
      if (i > 0) price += step * (1 + draw.int(3));
      return { price, lots: 1 + draw.int(500) };
    });
  };
  for (let i = 0; i < count; i++) {
    ts += draw.next() < 0.2 ? 0 : draw.int(60);
    const kind = draw.next();
    if (kind < 0.6) {
      bid += draw.int(5) - 2;
      width = 1 + draw.int(3);
    }
    if (kind < 0.3) {
      const broken = breaks && draw.next() < 0.03;
      events.push({ kind: 'book', ts, bids: broken ? [] : levels(bid, -1), asks: levels(bid + width, 1) });
    } else if (kind < 0.6)
      events.push({ kind: 'quote', ts, bid, bidLots: 1 + draw.int(500), ask: bid + width, askLots: 1 + draw.int(500) });
    else {
      const side = draw.next() < 0.5 ? 1 : -1;
      events.push({ kind: 'trade', ts, price: side > 0 ? bid + width + draw.int(2) : bid - draw.int(2), lots: 1 + draw.int(200), side });
    }
  }
  return events;
};
