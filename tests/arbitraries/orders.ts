import fc from 'fast-check';
import type {
  ReferenceBar,
  ReferenceCancel,
  ReferenceConfig,
  ReferenceInput,
  ReferenceOrder,
  ReferenceSymbol,
} from '../sim/reference-matcher.js';

/** 2024-01-01T00:00Z: a real magnitude, so that path times round as they do in use. */
const START = 1_704_067_200_000;

const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const clamp = (ticks: number): number => Math.min(130, Math.max(70, ticks));

/** The decimal that a data file would hold, not the float product with its noise. */
const decimal = (x: number): number => Number(x.toFixed(8));

interface RawBar {
  readonly hole: number;
  readonly jump: number;
  readonly body: number;
  readonly above: number;
  readonly below: number;
  readonly volumeLots: number | null;
}

// Small figures everywhere: few price levels, so that orders, extremes and closes often fall on the same one.
const rawBar: fc.Arbitrary<RawBar> = fc.record({
  /** Missing bars before this one. */
  hole: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: whole(1, 2) }),
  jump: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: whole(-2, 2) },
    { weight: 1, arbitrary: fc.constantFrom(-9, -6, 6, 9) },
  ),
  body: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: whole(-5, 5) }),
  above: whole(0, 4),
  below: whole(0, 4),
  volumeLots: fc.oneof(
    { weight: 6, arbitrary: whole(1, 40) },
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
});

interface RawMarket {
  readonly steps: { readonly tickSize: number; readonly lotSize: number };
  readonly minNotionalLots: number;
  readonly length: number;
  readonly start: number;
  readonly bars: readonly RawBar[];
}

const rawMarket: fc.Arbitrary<RawMarket> = fc.record({
  steps: fc.constantFrom(
    { tickSize: 1, lotSize: 1 },
    { tickSize: 0.5, lotSize: 0.25 },
    { tickSize: 0.1, lotSize: 0.001 },
    { tickSize: 0.01, lotSize: 0.1 },
  ),
  /** Notional of so many lots at 100 ticks; 0 is no minimum. Met exactly now and then. */
  minNotionalLots: fc.constantFrom(0, 0, 0, 2, 4),
  /** With and without a whole third. */
  length: fc.constantFrom(60_000, 100_000, 120_000),
  start: whole(96, 104),
  bars: fc.array(rawBar, { minLength: 1, maxLength: 7 }),
});

/** Coherent bars on the tick grid: gaps, flat bars, holes in time, volumes that are small, zero or missing. */
const marketFrom = (symbol: string, raw: RawMarket): ReferenceSymbol => {
  const { tickSize, lotSize } = raw.steps;
  const price = (ticks: number): number => decimal(ticks * tickSize);
  let openTime = START;
  let lastClose = raw.start;
  const bars = raw.bars.map((bar): ReferenceBar => {
    openTime += bar.hole * raw.length;
    const open = clamp(lastClose + bar.jump);
    const close = clamp(open + bar.body);
    const made = {
      openTime,
      length: raw.length,
      open: price(open),
      high: price(Math.max(open, close) + bar.above),
      low: price(Math.min(open, close) - bar.below),
      close: price(close),
      volume: bar.volumeLots === null ? null : decimal(bar.volumeLots * lotSize),
    };
    openTime += raw.length;
    lastClose = close;
    return made;
  });
  return { symbol, tickSize, lotSize, minNotional: decimal(raw.minNotionalLots * 100 * tickSize * lotSize), bars };
};

interface RawMoment {
  readonly bar: number;
  readonly place: 'open' | 'first extreme' | 'second extreme' | 'close' | 'inside' | 'before' | 'after';
  readonly share: number;
}

const rawMoment: fc.Arbitrary<RawMoment> = fc.record({
  bar: fc.nat({ max: 6 }),
  place: fc.constantFrom('open', 'open', 'first extreme', 'second extreme', 'close', 'inside', 'inside', 'before', 'after'),
  share: whole(1, 59),
});

const barAt = (market: ReferenceSymbol, index: number): ReferenceBar => {
  const bar = market.bars[index % market.bars.length];
  if (bar === undefined) throw new Error('a market needs a bar');
  return bar;
};

/** `before` and `after` fall into a hole where there is one, else into the neighbouring bar. */
const momentFrom = (market: ReferenceSymbol, raw: RawMoment): number => {
  const { openTime: t0, length: d } = barAt(market, raw.bar);
  switch (raw.place) {
    case 'open':
      return t0;
    case 'first extreme':
      return t0 + d / 3;
    case 'second extreme':
      return t0 + (2 * d) / 3;
    case 'close':
      return t0 + d;
    case 'inside':
      return t0 + (raw.share * d) / 60;
    case 'before':
      return t0 - raw.share;
    case 'after':
      return t0 + d + raw.share;
  }
};

interface RawOrder {
  readonly market: number;
  readonly side: 'buy' | 'sell';
  readonly type: ReferenceOrder['type'];
  readonly lots: number;
  readonly limit: RawPrice;
  readonly stop: RawPrice;
  readonly tif: ReferenceOrder['tif'];
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly moment: RawMoment;
}

interface RawPrice {
  readonly bar: number;
  readonly of: 'open' | 'high' | 'low' | 'close';
  readonly away: number;
}

const rawPrice: fc.Arbitrary<RawPrice> = fc.record({
  bar: fc.nat({ max: 6 }),
  of: fc.constantFrom('open', 'high', 'low', 'close'),
  away: whole(-2, 2),
});

const rawOrder: fc.Arbitrary<RawOrder> = fc.record({
  market: fc.nat({ max: 1 }),
  side: fc.constantFrom('buy', 'sell'),
  type: fc.constantFrom('market', 'limit', 'limit', 'stop', 'stop-limit'),
  lots: whole(1, 12),
  limit: rawPrice,
  stop: rawPrice,
  tif: fc.constantFrom('gtc', 'gtc', 'gtc', 'ioc', 'fok'),
  postOnly: fc.constantFrom(false, false, true),
  reduceOnly: fc.constantFrom(false, false, false, true),
  moment: rawMoment,
});

const priceFrom = (market: ReferenceSymbol, raw: RawPrice): number =>
  Math.round(barAt(market, raw.bar)[raw.of] / market.tickSize) + raw.away;

interface RawCancel {
  /** Which order; 99 is one that nobody knows. */
  readonly order: number;
  /** May come before its order; else it comes at the order's arrival or later. */
  readonly early: boolean;
  readonly moment: RawMoment;
}

const rawCancel: fc.Arbitrary<RawCancel> = fc.record({
  order: fc.oneof({ weight: 12, arbitrary: fc.nat({ max: 13 }) }, { weight: 1, arbitrary: fc.constant(99) }),
  early: fc.constantFrom(false, false, false, true),
  moment: rawMoment,
});

/** Any path, level rule, participation, slippage and fees (a rebate included). */
const referenceConfig: fc.Arbitrary<ReferenceConfig> = fc.record({
  path: fc.constantFrom('pessimistic', 'pessimistic', 'high-first', 'low-first', 'nearest-first'),
  limits: fc.constantFrom('through', 'touch'),
  participation: fc.constantFrom(null, 0.1, 0.25, 0.5, 1),
  slippageBps: fc.constantFrom(0, 0, 1, 2.5, 50, 100),
  feeRates: fc.record({ maker: fc.constantFrom(0, 0.0002, -0.00005), taker: fc.constantFrom(0, 0.00055, 0.0004) }),
});

/**
 * A whole matching problem: one or two symbols (AAA, BBB), up to 14 orders of all kinds near the path, up to 6 cancels (early, late, twice, of nothing),
 * any config. Orders and cancels come sorted by arrival, so that their place in the list is also the order of sending, with ids o0, o1, …;
 * nothing arrives after the last close. Post-only orders are limit or stop-limit and good till cancelled; the flag on
 * anything else would contradict itself.
 */
export const referenceInput = (overrides: { config?: fc.Arbitrary<ReferenceConfig> } = {}): fc.Arbitrary<ReferenceInput> =>
  fc
    .record({
      markets: fc.array(rawMarket, { minLength: 1, maxLength: 2 }),
      orders: fc.array(rawOrder, { minLength: 1, maxLength: 14 }),
      cancels: fc.array(rawCancel, { maxLength: 6 }),
      config: overrides.config ?? referenceConfig,
    })
    .map(raw => {
      const symbols = raw.markets.map((market, i) => marketFrom(i === 0 ? 'AAA' : 'BBB', market));
      const dataEnds = Math.max(...symbols.flatMap(market => market.bars.map(bar => bar.openTime + bar.length)));
      const marketAt = (index: number): ReferenceSymbol => {
        const market = symbols[index % symbols.length];
        if (market === undefined) throw new Error('a problem needs a market');
        return market;
      };
      const orders = raw.orders
        .map(order => {
          const market = marketAt(order.market);
          const hasLimit = order.type === 'limit' || order.type === 'stop-limit';
          const hasStop = order.type === 'stop' || order.type === 'stop-limit';
          return {
            symbol: market.symbol,
            side: order.side,
            type: order.type,
            lots: order.lots,
            limit: hasLimit ? priceFrom(market, order.limit) : undefined,
            stop: hasStop ? priceFrom(market, order.stop) : undefined,
            tif: order.tif,
            postOnly: order.postOnly && hasLimit && order.tif === 'gtc',
            reduceOnly: order.reduceOnly,
            arrival: Math.min(momentFrom(market, order.moment), dataEnds),
          };
        })
        .sort((a, b) => a.arrival - b.arrival)
        .map((order, i): ReferenceOrder => ({ id: `o${i}`, ...order }));
      const cancels = raw.cancels
        .map((cancel): ReferenceCancel => {
          const order = cancel.order === 99 ? undefined : orders[cancel.order % orders.length];
          const market = symbols.find(candidate => candidate.symbol === order?.symbol) ?? marketAt(0);
          const arrival = Math.min(momentFrom(market, cancel.moment), dataEnds);
          const earliest = order === undefined || cancel.early ? arrival : order.arrival;
          return { orderId: order?.id ?? 'nobody', arrival: Math.max(arrival, earliest) };
        })
        .sort((a, b) => a.arrival - b.arrival);
      return { symbols, orders, cancels, config: raw.config };
    });
