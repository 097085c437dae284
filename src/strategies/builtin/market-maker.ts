import { concatMap, EMPTY, exhaustMap, expand, map, merge, takeWhile, timer } from 'rxjs';
import { sizeWeightedMid } from '../../features/microstructure/microprice.js';
import type { OrderFact } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import { units, type Lots, type Ticks } from '../../market/units.js';
import { cancel, order, type Intent } from '../intent.js';
import { choice, float, int, type ParamValues } from '../params.js';
import { books, defineStrategy, quotes, type Context } from '../strategy.js';

const PARAMS = {
  /** Distance of each quote from the reservation price. */
  halfSpreadBps: float(0, 50, { default: 1, step: 0.25 }),
  /** Half spreads by which the reservation price gives way at full inventory. */
  skew: float(0, 4, { default: 1, step: 0.25 }),
  /** Notional of one quote ÷ equity. */
  quoteShare: float(0.001, 1, { default: 0.02, log: true }),
  /** Largest notional held ÷ equity, over all symbols. */
  maxInventory: float(0.001, 5, { default: 0.1, log: true }),
  /** A quote moves once it is more than this away from where it should be. */
  requoteTicks: int(0, 1_000, { default: 1 }),
  /** Between two orders on one side. */
  minIntervalMs: int(0, 60_000, { default: 100, step: 50 }),
  /** Quotes are taken back once the market has said nothing for so long (up to twice that). */
  staleMs: int(100, 600_000, { default: 2_000, search: false }),
  fair: choice(['microprice', 'mid'], { search: false }),
};

type Params = ParamValues<typeof PARAMS>;

/** Best bid and ask in ticks, what shows there in lots. */
interface Top {
  readonly bid: Ticks;
  readonly bidLots: Lots;
  readonly ask: Ticks;
  readonly askLots: Lots;
}

/**
 * Where to bid and to ask, in ticks. The reservation price lies below `fair` when long and above it when short, by `skew` half spreads at a full inventory of ±1: the linear form of M. Avellaneda & S. Stoikov,
 * High-frequency trading in a limit order book, Quantitative Finance 8 (2008). Rounded away from the reservation price, and never to where the order would take.
 */
export const quotePrices = (top: Top, fair: number, halfSpread: number, skew: number, inventory: number): { bid: Ticks; ask: Ticks } => {
  // Half a tick keeps the two quotes apart.
  const half = Math.max(halfSpread, 0.5);
  const reservation = fair - skew * half * inventory;
  return {
    bid: Math.min(Math.floor(reservation - half), top.ask - 1),
    ask: Math.max(Math.ceil(reservation + half), top.bid + 1),
  };
};

/** One side's order: `asked` until the desk has heard of it, `sent` until the venue has it, `cancelling` from the cancel until its end is known. */
interface QuoteOrder {
  readonly side: 'buy' | 'sell';
  phase: 'none' | 'asked' | 'sent' | 'resting' | 'cancelling';
  name: string;
  /** Its request's fact. */
  request: number;
  orderId: string;
  price: Ticks;
  lots: Lots;
  /** When it was last asked for. */
  askedAt: number;
}

const quoteOrder = (side: 'buy' | 'sell'): QuoteOrder => ({
  side,
  phase: 'none',
  name: '',
  request: -1,
  orderId: '',
  price: NaN,
  lots: 0,
  askedAt: -Infinity,
});

const NOTHING: readonly Intent[] = [];

/** Both quotes of one symbol. */
const quotePair = (symbol: Symbol, context: Context<Params>, params: Params) => {
  const unit = units(context.instrument(symbol));
  const sides = [quoteOrder('buy'), quoteOrder('sell')] as const;
  let orders = 0;
  let seenAt = -Infinity;
  let hasBook = false;

  const takeBack = (quote: QuoteOrder, reason: string): readonly Intent[] => {
    if (quote.phase !== 'resting') return NOTHING;
    quote.phase = 'cancelling';
    return [cancel(quote.name, { reason })];
  };

  /** A share of the account's equity in lots at a price. */
  const lotsOf = (share: number, price: number): Lots => unit.lots(unit.quantityOf(share * context.equity, price));

  const follow = (quote: QuoteOrder, price: Ticks, lots: Lots, now: number): readonly Intent[] => {
    // Its request would have come up before the next market event: it was refused without a word, as refusals that repeat are.
    if (quote.phase === 'asked') quote.phase = 'none';
    if (quote.phase === 'resting') {
      if (lots > 0 && Math.abs(price - quote.price) <= params.requoteTicks) return NOTHING;
      if (lots > 0 && now - quote.askedAt < params.minIntervalMs) return NOTHING;
      return takeBack(quote, lots > 0 ? 'price moved' : 'inventory is full');
    }
    // While an order is on its way, or may still fill, another beside it could make the inventory too large.
    if (quote.phase !== 'none' || !(lots > 0) || now - quote.askedAt < params.minIntervalMs) return NOTHING;
    quote.phase = 'asked';
    quote.name = `${quote.side}-${symbol}-${++orders}`;
    quote.price = price;
    quote.askedAt = now;
    const { side, name } = quote;
    return [order({ symbol, side, quantity: unit.quantity(lots), limit: unit.price(price), postOnly: true, id: name, reason: 'quote' })];
  };

  return {
    unit,
    /** Whether an order may be at work. */
    get isQuoting(): boolean {
      return sides.some(({ phase }) => phase !== 'none');
    },
    onTop: (top: Top, now: number): readonly Intent[] => {
      seenAt = now;
      const { bid, bidLots, ask, askLots } = top;
      if (!(bid < ask && bidLots > 0 && askLots > 0)) return sides.flatMap(quote => takeBack(quote, 'no market'));
      const fair = params.fair === 'mid' ? (bid + ask) / 2 : sizeWeightedMid(bid, bidLots, ask, askLots);
      const price = unit.price(fair);
      const most = lotsOf(params.maxInventory / context.universe.length, price);
      const size = lotsOf(params.quoteShare / context.universe.length, price);
      const held = unit.lots(context.position(symbol).quantity);
      const inventory = Math.max(-1, Math.min(1, held / Math.max(1, most)));
      const wanted = quotePrices(top, fair, (params.halfSpreadBps / 1e4) * fair, params.skew, inventory);
      const buys = follow(sides[0], wanted.bid, Math.min(size, most - held), now);
      const sells = follow(sides[1], wanted.ask, Math.min(size, most + held), now);
      return buys.length === 0 ? sells : sells.length === 0 ? buys : [...buys, ...sells];
    },
    /** Where the book comes too, quotes say nothing new. */
    onBook: (): void => {
      hasBook = true;
    },
    get hasBook(): boolean {
      return hasBook;
    },
    onFact: (fact: OrderFact): void => {
      for (const quote of sides) {
        if (fact.type === 'OrderRequested') {
          if (quote.phase === 'asked' && fact.name === quote.name) {
            quote.phase = 'sent';
            quote.request = fact.seq;
            quote.orderId = '';
          }
        } else if (fact.type === 'OrderApproved') {
          if (quote.phase === 'sent' && fact.correlationId === quote.request) {
            quote.orderId = fact.ticket.orderId;
            quote.lots = fact.ticket.lots;
          }
        } else if (fact.type === 'IntentDenied') {
          if (quote.phase === 'sent' && quote.orderId === '' && fact.correlationId === quote.request) quote.phase = 'none';
        } else if ('orderId' in fact && quote.orderId !== '' && fact.orderId === quote.orderId) {
          if (fact.type === 'OrderAccepted' && quote.phase === 'sent') quote.phase = 'resting';
          else if (fact.type === 'OrderFilled') quote.lots -= fact.lots;
          else if (fact.type === 'CancelRejected' && quote.phase === 'cancelling') quote.phase = 'resting';
          const isOver = fact.type === 'OrderRejected' || fact.type === 'OrderExpired' || fact.type === 'OrderCancelled';
          if (isOver || quote.lots <= 0) {
            quote.phase = 'none';
            quote.orderId = '';
          }
        }
      }
    },
    onClock: (now: number): readonly Intent[] =>
      now - seenAt < params.staleMs ? NOTHING : sides.flatMap(quote => takeBack(quote, 'market is silent')),
  };
};

/**
 * Quotes both sides around the fair price (the size-weighted mid, or the mid), leans against its inventory, and never holds more than it may even if everything at work fills. It lives on the order
 * book, and on the best bid and ask where there is no book. One order a side, post-only; a new one goes out only when the end of the old one is known.
 */
export default defineStrategy({
  name: 'market-maker',
  description: 'Quotes both sides around the microprice of the order book, leaning against its inventory.',
  params: PARAMS,
  constraint: ({ quoteShare, maxInventory }) => quoteShare <= maxInventory,
  needs: ({ universe, timeframe }) => [
    { ...books(universe, timeframe), optional: true },
    { ...quotes(universe, timeframe), optional: true },
  ],
  run: ({ params, context, book$, quotes$, orders$, scheduler }) => {
    const pairs = new Map<Symbol, ReturnType<typeof quotePair>>();
    const pairOf = (symbol: Symbol): ReturnType<typeof quotePair> => {
      const known = pairs.get(symbol);
      if (known) return known;
      const made = quotePair(symbol, context, params);
      pairs.set(symbol, made);
      return made;
    };
    const fromBooks$ = book$.pipe(
      map(({ symbol, book }) => {
        const pair = pairOf(symbol);
        pair.onBook();
        const { bestBid: bid, bestAsk: ask } = book;
        return pair.onTop({ bid, bidLots: book.lotsAt(1, bid), ask, askLots: book.lotsAt(-1, ask) }, context.now);
      }),
    );
    const isBookless = (): boolean => context.universe.some(symbol => pairs.get(symbol)?.hasBook !== true);
    const needed$ = quotes$.pipe(takeWhile(isBookless));
    const fromQuotes$ = needed$.pipe(
      map(({ symbol, bid, bidSize, ask, askSize }) => {
        const pair = pairOf(symbol);
        if (pair.hasBook) return NOTHING;
        const { ticks, lots } = pair.unit;
        return pair.onTop({ bid: ticks(bid), bidLots: lots(bidSize), ask: ticks(ask), askLots: lots(askSize) }, context.now);
      }),
    );
    const heard$ = orders$.pipe(
      map(fact => {
        for (const pair of pairs.values()) pair.onFact(fact);
        return NOTHING;
      }),
    );
    const watch = (): ReturnType<typeof timer> => timer(params.staleMs, scheduler);
    const silent$ = merge(book$, needed$).pipe(
      exhaustMap(() => watch().pipe(expand(() => ([...pairs.values()].some(({ isQuoting }) => isQuoting) ? watch() : EMPTY)))),
      map(() => [...pairs.values()].flatMap(pair => pair.onClock(context.now))),
    );
    return merge(heard$, fromBooks$, fromQuotes$, silent$).pipe(concatMap(intents => intents));
  },
});
