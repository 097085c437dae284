import fc from 'fast-check';
import type {
  ReferenceAmendment,
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
  /** Finer bars under those: none, or for each bar what kind of them. */
  readonly finer: readonly RawFiner[] | null;
  readonly marks: readonly RawMark[];
}

interface RawFiner {
  /** Whole and the same bar, a piece too few, another close, or none at all. */
  readonly kind: 'covered' | 'short' | 'contrary' | 'none';
  /** Closes of the pieces but the last, as shares of the bar's range in eighths. */
  readonly turns: readonly number[];
  readonly volumeLots: number | null;
}

interface RawMark {
  readonly bar: number;
  readonly share: number;
  readonly halves: number;
}

const rawFiner: fc.Arbitrary<RawFiner> = fc.record({
  kind: fc.constantFrom('covered', 'covered', 'covered', 'short', 'contrary', 'none'),
  turns: fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 }), fc.nat({ max: 8 })),
  volumeLots: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 15 }) }, { weight: 1, arbitrary: fc.constant(null) }),
});

const rawMark: fc.Arbitrary<RawMark> = fc.record({
  bar: fc.nat({ max: 6 }),
  share: fc.constantFrom(0, 0, 10, 20, 30, 40, 50, 60, 7, 33),
  /** Half ticks from the bar's open. */
  halves: fc.integer({ min: -9, max: 9 }),
});

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
  finer: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.array(rawFiner, { minLength: 7, maxLength: 7 }) },
  ),
  marks: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(rawMark, { maxLength: 8 }) }),
});

/** Pieces of a bar, four of them: each turn is a share of its range, and the extremes are in the second and third. */
const PIECES = 4;
const finerFrom = (bar: ReferenceBar, raw: RawFiner | undefined, tickSize: number, lotSize: number): ReferenceBar[] => {
  if (raw === undefined || raw.kind === 'none') return [];
  const low = Math.round(bar.low / tickSize);
  const high = Math.round(bar.high / tickSize);
  const length = bar.length / PIECES;
  const price = (ticks: number): number => decimal(ticks * tickSize);
  const turns = raw.turns.map(eighths => low + Math.round(((high - low) * eighths) / 8));
  const closes = [...turns, Math.round(bar.close / tickSize) + (raw.kind === 'contrary' ? 1 : 0)];
  let open = Math.round(bar.open / tickSize);
  const pieces = closes.map((close, i): ReferenceBar => {
    const piece = {
      openTime: bar.openTime + i * length,
      length,
      open: price(open),
      high: i === 1 ? bar.high : price(Math.max(open, close)),
      low: i === 2 ? bar.low : price(Math.min(open, close)),
      close: price(close),
      volume: raw.volumeLots === null ? null : decimal(raw.volumeLots * lotSize),
    };
    open = close;
    return piece;
  });
  return raw.kind === 'short' ? pieces.slice(1) : pieces;
};

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
  const marks = new Map<number, number>();
  for (const { bar, share, halves } of raw.marks) {
    const { openTime, length, open } = bars[bar % bars.length] as ReferenceBar;
    marks.set(openTime + (share * length) / 60, decimal(open + (halves * tickSize) / 2));
  }
  return {
    symbol,
    tickSize,
    lotSize,
    minNotional: decimal(raw.minNotionalLots * 100 * tickSize * lotSize),
    bars,
    ...(raw.finer === null ? {} : { finer: bars.flatMap((bar, i) => finerFrom(bar, raw.finer?.[i], tickSize, lotSize)) }),
    ...(marks.size === 0 ? {} : { marks: [...marks].map(([ts, price]) => ({ ts, price })).sort((a, b) => a.ts - b.ts) }),
  };
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
  readonly until: RawMoment;
  readonly byMark: boolean;
  readonly trail: {
    readonly by: 'bps' | 'distance';
    readonly bps: number;
    readonly distance: number;
    readonly activation: RawPrice | null;
  };
  readonly closes: boolean;
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
  type: fc.constantFrom(
    'market',
    'market',
    'limit',
    'limit',
    'limit',
    'stop',
    'stop-limit',
    'take-profit',
    'take-profit-limit',
    'trailing-stop',
    'trailing-stop',
  ),
  lots: whole(1, 12),
  limit: rawPrice,
  stop: rawPrice,
  tif: fc.constantFrom('gtc', 'gtc', 'gtc', 'gtc', 'ioc', 'fok', 'gtd'),
  postOnly: fc.constantFrom(false, false, true),
  reduceOnly: fc.constantFrom(false, false, false, true),
  moment: rawMoment,
  until: rawMoment,
  byMark: fc.constantFrom(false, false, true),
  trail: fc.record({
    by: fc.constantFrom('bps', 'distance'),
    bps: fc.constantFrom(100, 150, 250, 333, 500),
    distance: whole(1, 6),
    activation: fc.option(rawPrice, { freq: 2 }),
  }),
  closes: fc.constantFrom(false, false, false, false, false, false, false, true),
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

interface RawAmendment {
  readonly order: number;
  readonly early: boolean;
  /** When, or so many sixtieths of a bar after the order arrived. */
  readonly moment: RawMoment | number;
  readonly lots: number | null;
  readonly limit: RawPrice | null;
  readonly stop: RawPrice | null;
  /** Ask also for what the order has not. */
  readonly asked: boolean;
}

const rawAmendment: fc.Arbitrary<RawAmendment> = fc.record({
  order: fc.oneof({ weight: 12, arbitrary: fc.nat({ max: 13 }) }, { weight: 1, arbitrary: fc.constant(99) }),
  early: fc.constantFrom(false, false, false, false, true),
  moment: fc.oneof(rawMoment, whole(0, 90), whole(0, 200)),
  lots: fc.option(fc.oneof(whole(1, 3), whole(1, 14)), { freq: 2 }),
  limit: fc.option(rawPrice, { freq: 3 }),
  stop: fc.option(rawPrice, { freq: 3 }),
  asked: fc.constantFrom(false, false, false, true),
});

/** Any path, level rule, participation, slippage and fees (a rebate included). */
const referenceConfig: fc.Arbitrary<ReferenceConfig> = fc.record({
  path: fc.constantFrom('pessimistic', 'pessimistic', 'high-first', 'low-first', 'nearest-first', 'adaptive'),
  limits: fc.constantFrom('through', 'touch'),
  participation: fc.constantFrom(null, 0.1, 0.25, 0.5, 1),
  slippageBps: fc.constantFrom(0, 0, 1, 2.5, 50, 100),
  feeRates: fc.record({ maker: fc.constantFrom(0, 0.0002, -0.00005), taker: fc.constantFrom(0, 0.00055, 0.0004) }),
});

/**
 * A whole matching problem: one or two symbols (AAA, BBB) with and without finer bars and mark prices, up to 14 orders of all kinds near the path, up to 6 cancels and 8
 * amendments (early, late, twice, of nothing), any config. Orders and cancels come sorted by arrival, so that their place in the list is also the order of sending, with ids o0, o1, …;
 * nothing arrives or expires after the last close. Post-only orders have a limit and are good till cancelled or a date; the flag on
 * anything else would contradict itself.
 */
export const referenceInput = (overrides: { config?: fc.Arbitrary<ReferenceConfig> } = {}): fc.Arbitrary<ReferenceInput> =>
  fc
    .record({
      markets: fc.array(rawMarket, { minLength: 1, maxLength: 2 }),
      orders: fc.array(rawOrder, { minLength: 1, maxLength: 14 }),
      cancels: fc.array(rawCancel, { maxLength: 6 }),
      amendments: fc.array(rawAmendment, { maxLength: 8 }),
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
          const hasLimit = order.type === 'limit' || order.type === 'stop-limit' || order.type === 'take-profit-limit';
          const trails = order.type === 'trailing-stop';
          const hasTrigger = order.type !== 'market' && order.type !== 'limit';
          const closes = order.closes && !hasLimit;
          const { by, bps, distance, activation } = order.trail;
          const trail = {
            bps: by === 'bps' ? bps : null,
            distance: by === 'distance' ? distance : null,
            activation: activation === null ? null : priceFrom(market, activation),
          };
          return {
            symbol: market.symbol,
            side: order.side,
            type: order.type,
            lots: order.lots,
            limit: hasLimit ? priceFrom(market, order.limit) : undefined,
            stop: hasTrigger && !trails ? priceFrom(market, order.stop) : undefined,
            tif: order.tif,
            postOnly: order.postOnly && hasLimit && (order.tif === 'gtc' || order.tif === 'gtd'),
            reduceOnly: order.reduceOnly || closes,
            arrival: Math.min(momentFrom(market, order.moment), dataEnds),
            ...(order.tif === 'gtd' ? { goodTill: Math.min(momentFrom(market, order.until), dataEnds) } : {}),
            ...(hasTrigger && order.byMark ? { triggerBy: 'mark' as const } : {}),
            ...(trails ? { trail } : {}),
            ...(closes ? { closePosition: true as const } : {}),
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
      const amendments = raw.amendments
        .map((amendment): ReferenceAmendment => {
          const order = amendment.order === 99 ? undefined : orders[amendment.order % orders.length];
          const market = symbols.find(candidate => candidate.symbol === order?.symbol) ?? marketAt(0);
          const { moment } = amendment;
          const since = order?.arrival ?? START;
          const at = typeof moment === 'number' ? since + (moment * barAt(market, 0).length) / 60 : momentFrom(market, moment);
          const arrival = Math.min(at, dataEnds);
          const earliest = order === undefined || amendment.early ? arrival : order.arrival;
          const price = (asked: RawPrice | null, has: boolean): number | null =>
            asked === null || !(has || amendment.asked) ? null : priceFrom(market, asked);
          return {
            orderId: order?.id ?? 'nobody',
            arrival: Math.max(arrival, earliest),
            lots: amendment.lots,
            limit: price(amendment.limit, order?.limit !== undefined),
            stop: price(amendment.stop, order?.stop !== undefined),
          };
        })
        .sort((a, b) => a.arrival - b.arrival);
      return { symbols, orders, cancels, amendments, config: raw.config };
    });
