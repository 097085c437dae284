/**
 * The rules of docs/matching-rules.md written down a second time: slow, literal, and without sight of the simulated venue.
 * Lists are filtered and sorted anew at each step. Margin (rule 6), funding and liquidation (rule 9) are left out.
 * Where the page leaves a choice, the comment at the place says which one is taken, beginning with "Choice:".
 */

export interface ReferenceBar {
  readonly openTime: number;
  readonly length: number;
  /** Prices in quote currency, on the tick grid. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base units; null or NaN when the data has none. */
  readonly volume: number | null;
}

export interface ReferenceSymbol {
  readonly symbol: string;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly minNotional: number;
  /** In time order, not overlapping. */
  readonly bars: readonly ReferenceBar[];
  /** Bars to walk inside those; none when left out. */
  readonly finer?: readonly ReferenceBar[];
  /** Mark prices in time order, at most one a moment; none when left out. */
  readonly marks?: readonly ReferenceMark[];
}

export interface ReferenceMark {
  readonly ts: number;
  readonly price: number;
}

export interface ReferenceOrder {
  readonly id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit' | 'stop' | 'stop-limit' | 'take-profit' | 'take-profit-limit' | 'trailing-stop';
  /** Whatever is held, for close-position orders: then it does not matter. */
  readonly lots: number;
  /** Ticks; for limit, stop-limit and take-profit-limit orders. */
  readonly limit?: number | undefined;
  /** Ticks; for orders with a trigger that is not trailing. */
  readonly stop?: number | undefined;
  readonly tif: 'gtc' | 'ioc' | 'fok' | 'gtd';
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly arrival: number;
  readonly goodTill?: number;
  readonly triggerBy?: 'mark';
  /** Distance and activation in ticks. */
  readonly trail?: { readonly bps: number | null; readonly distance: number | null; readonly activation: number | null };
  /** Reduce-only then. */
  readonly closePosition?: true;
}

export interface ReferenceAmendment {
  readonly orderId: string;
  readonly arrival: number;
  readonly lots: number | null;
  readonly limit: number | null;
  readonly stop: number | null;
}

export interface ReferenceCancel {
  readonly orderId: string;
  readonly arrival: number;
}

export interface ReferenceConfig {
  readonly path: 'pessimistic' | 'high-first' | 'low-first' | 'nearest-first' | 'adaptive';
  readonly limits: 'through' | 'touch';
  readonly participation: number | null;
  readonly slippageBps: number;
  readonly feeRates: { readonly maker: number; readonly taker: number };
}

export interface ReferenceInput {
  readonly symbols: readonly ReferenceSymbol[];
  readonly orders: readonly ReferenceOrder[];
  readonly cancels: readonly ReferenceCancel[];
  readonly amendments?: readonly ReferenceAmendment[];
  readonly config: ReferenceConfig;
}

export interface ReferenceEvent {
  readonly ts: number;
  /** Empty for the cancel of an order that nobody knows. */
  readonly symbol: string;
  readonly orderId: string;
  readonly event: 'filled' | 'rejected' | 'expired' | 'cancelled' | 'cancel-rejected' | 'amended' | 'amend-rejected';
  readonly code?:
    | 'reduce-only'
    | 'min-notional'
    | 'post-only'
    | 'not-marketable'
    | 'not-filled'
    | 'gtd'
    | 'position-closed'
    | 'close-position'
    | 'below-filled'
    | 'no-limit'
    | 'no-stop'
    | 'not-working';
  /** On `amended`: the terms as they are now. */
  readonly terms?: { readonly lots: number; readonly limit: number | null; readonly stop: number | null; readonly keepsPlace: boolean };
  /** The rest only on `filled`. */
  readonly lots?: number;
  readonly priceTicks?: number;
  readonly liquidity?: 'maker' | 'taker';
  /** Whole 1e-8 of the quote currency; negative is a rebate. */
  readonly fee?: number;
  /** Whole 1e-8 of the quote currency, before fees; 0 when the fill only opens. */
  readonly realised?: number;
}

// ---------------------------------------------------------------------------------------------------------------- money

interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Choice: a float means its shortest round-trip decimal (0.1 is one tenth). */
const fraction = (x: number): Fraction => {
  const [mantissa = '0', exponent = '0'] = String(x).split('e');
  const [whole = '0', decimals = ''] = mantissa.split('.');
  const digits = BigInt(whole + decimals);
  const scale = decimals.length - Number(exponent);
  const tens = BigInt('1' + '0'.repeat(Math.abs(scale)));
  return scale >= 0 ? { over: digits, under: tens } : { over: digits * tens, under: 1n };
};

const product = (...factors: number[]): Fraction =>
  factors.map(fraction).reduce((a, b) => ({ over: a.over * b.over, under: a.under * b.under }), { over: 1n, under: 1n });

const isBelow = (a: Fraction, b: Fraction): boolean => a.over * b.under < b.over * a.under;

/** Half away from zero. */
const roundedQuotient = (over: bigint, under: bigint): bigint => {
  const magnitude = over < 0n ? -over : over;
  const rounded = (2n * magnitude + under) / (2n * under);
  return over < 0n ? -rounded : rounded;
};

const UNIT = 100_000_000n;
const units = (amount: Fraction): bigint => roundedQuotient(amount.over * UNIT, amount.under);

// -------------------------------------------------------------------------------------------------------------- matching

/** What rounding to whole ticks and lots forgives. */
const FORGIVEN = 1e-9;

interface Entry {
  readonly order: ReferenceOrder;
  /** Place in the list of orders: which of two arrivals of one moment was sent first. */
  readonly place: number;
  state: 'on its way' | 'waiting' | 'untriggered' | 'resting' | 'taking again' | 'ended';
  activated: boolean;
  triggered: boolean;
  /** Terms as they are now. */
  lots: number;
  limit: number | undefined;
  stop: number | undefined;
  left: number;
  /** Place in the order of arrival. */
  queue: number;
  /** Best price of a trailing stop. */
  best: number | undefined;
}

interface Point {
  readonly time: number;
  readonly price: number;
}

interface OpenBar {
  readonly path: readonly [Point, Point, Point, Point];
  readonly openTime: number;
  readonly closeTime: number;
  /** Lots that this bar's volume still allows. */
  volumeLeft: number;
  /** How far the walk is: on the segment from `path[segment]`, at `price`. */
  segment: number;
  price: number;
}

interface Market {
  readonly spec: ReferenceSymbol;
  openBar: OpenBar | undefined;
  /** Signed lots, and what they cost in 1e-8 of the quote currency (never negative). */
  position: number;
  cost: bigint;
}

interface Match {
  readonly market: Market;
  readonly bar: OpenBar;
  readonly segment: number;
  readonly time: number;
  readonly price: number;
  readonly entries: readonly Entry[];
}

const required = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`reference matcher: ${what} is missing`);
  return value;
};

/**
 * Every fill, rejection, expiry and cancellation that the rules page demands, in the order in which they happen. Stops at the last close of all
 * symbols: what would arrive later never does. Of one moment, orders arrive in the order of the list, then cancels in the order of theirs.
 */
export const referenceMatch = (input: ReferenceInput): ReferenceEvent[] => {
  const { config } = input;
  const events: ReferenceEvent[] = [];

  // Choice: "symbol order" is by name.
  const markets: Market[] = [...input.symbols]
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
    .map(spec => ({ spec, openBar: undefined, position: 0, cost: 0n }));
  const marketOf = (symbol: string): Market =>
    required(
      markets.find(market => market.spec.symbol === symbol),
      `symbol ${symbol}`,
    );

  const entries: Entry[] = input.orders.map((order, place) => ({
    order,
    place,
    state: 'on its way',
    activated: false,
    triggered: false,
    lots: order.closePosition ? Infinity : order.lots,
    limit: order.limit,
    stop: order.stop,
    left: order.closePosition ? Infinity : order.lots,
    queue: 0,
    best: undefined,
  }));
  let queued = 0;
  if (new Set(input.orders.map(order => order.id)).size !== entries.length) throw new Error('reference matcher: two orders share an id');

  /** Orders of the symbol at the venue that have not ended, in order of arrival. */
  const workingOrders = (market: Market): Entry[] =>
    entries
      .filter(entry => entry.order.symbol === market.spec.symbol && entry.state !== 'on its way' && entry.state !== 'ended')
      .sort((a, b) => a.queue - b.queue);

  const limitOf = (entry: Entry): number => required(entry.limit, `limit of ${entry.order.id}`);
  const hasLimit = ({ type }: ReferenceOrder): boolean => type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit';
  const hasTrigger = ({ type }: ReferenceOrder): boolean => type !== 'market' && type !== 'limit';
  const isTakeProfit = ({ type }: ReferenceOrder): boolean => type === 'take-profit' || type === 'take-profit-limit';
  const lasts = ({ tif }: ReferenceOrder): boolean => tif === 'gtc' || tif === 'gtd';

  // Rule 5: where a resting limit order fills.
  const levelOf = (entry: Entry): number => {
    if (config.limits === 'touch') return limitOf(entry);
    return entry.order.side === 'buy' ? limitOf(entry) - 1 : limitOf(entry) + 1;
  };

  const canReduce = (order: ReferenceOrder, market: Market): boolean => (order.side === 'buy' ? market.position < 0 : market.position > 0);

  const end = (entry: Entry, ts: number, event: 'rejected' | 'expired' | 'cancelled', code?: ReferenceEvent['code']): void => {
    entry.state = 'ended';
    events.push({ ts, symbol: entry.order.symbol, orderId: entry.order.id, event, ...(code === undefined ? {} : { code }) });
  };

  // ------------------------------------------------------------------------------------------------ rule 8: fills and money

  const fill = (entry: Entry, ts: number, lots: number, priceTicks: number, liquidity: 'maker' | 'taker'): void => {
    const { order } = entry;
    const market = marketOf(order.symbol);
    const bar = required(market.openBar, 'the open bar');
    const { tickSize, lotSize } = market.spec;
    const notional = (n: number): bigint => units(product(n, priceTicks, tickSize, lotSize));

    const held = Math.abs(market.position);
    const reduced = canReduce(order, market) ? Math.min(lots, held) : 0;
    const added = lots - reduced;
    let realised = 0n;
    if (reduced > 0) {
      // Choice: cost is counted in 1e-8 of the quote currency and rounded half away from zero like everything else.
      const released = roundedQuotient(market.cost * BigInt(reduced), BigInt(held));
      const traded = notional(reduced);
      realised = order.side === 'sell' ? traded - released : released - traded;
      market.cost -= released;
    }
    market.cost += notional(added);
    market.position += order.side === 'buy' ? lots : -lots;

    bar.volumeLeft -= lots;
    entry.left -= lots;
    if (entry.left === 0) entry.state = 'ended';
    const fee = units(product(lots, priceTicks, tickSize, lotSize, config.feeRates[liquidity]));
    events.push({
      ts,
      symbol: order.symbol,
      orderId: order.id,
      event: 'filled',
      lots,
      priceTicks,
      liquidity,
      fee: Number(fee),
      realised: Number(realised),
    });
    if (order.closePosition && !canReduce(order, market)) end(entry, ts, 'cancelled', 'position-closed');
  };

  /** What volume and position let the order fill now. */
  const fillable = (entry: Entry): number => {
    const market = marketOf(entry.order.symbol);
    const wanted = entry.order.reduceOnly
      ? Math.min(entry.left, canReduce(entry.order, market) ? Math.abs(market.position) : 0)
      : entry.left;
    return Math.min(wanted, required(market.openBar, 'the open bar').volumeLeft);
  };

  // Rule 5, last item. Choice: after the match is complete, so an IOC's rest has already expired by rule 4.
  const cancelUselessReduceOnly = (market: Market, ts: number): void => {
    for (const entry of workingOrders(market))
      if (entry.state !== 'ended' && entry.order.reduceOnly && entry.activated && !canReduce(entry.order, market))
        end(entry, ts, 'cancelled', 'reduce-only');
  };

  // ------------------------------------------------------------------------------------------------------- rule 4: taking

  const isOver = (entry: Entry): boolean => entry.state === 'ended';

  const take = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const slippage = (m * config.slippageBps) / 1e4;
    let price = order.side === 'buy' ? Math.ceil(m + slippage - FORGIVEN) : Math.max(1, Math.floor(m - slippage + FORGIVEN));
    if (hasLimit(order)) price = order.side === 'buy' ? Math.min(price, limitOf(entry)) : Math.max(price, limitOf(entry));

    const lots = fillable(entry);
    const whole = order.closePosition ? Math.abs(marketOf(order.symbol).position) : entry.left;
    // Choice: a reduce-only FOK larger than the position cannot be filled whole either.
    if (order.tif === 'fok' && lots < whole) {
      end(entry, ts, 'expired', 'not-filled');
      return;
    }
    if (lots > 0) fill(entry, ts, lots, price, 'taker');
    if (!isOver(entry)) {
      if (!lasts(order)) end(entry, ts, 'expired', 'not-filled');
      else entry.state = hasLimit(order) ? 'resting' : 'taking again';
    }
    cancelUselessReduceOnly(marketOf(order.symbol), ts);
  };

  // --------------------------------------------------------------------------------------------------- rule 3: activation

  /** Whether the trigger is met at `price`; a trailing stop that follows nothing yet has none. */
  const isTriggered = (entry: Entry, price: number | undefined, trigger = entry.stop): boolean => {
    if (trigger === undefined || price === undefined) return false;
    return (entry.order.side === 'buy') !== isTakeProfit(entry.order) ? price >= trigger : price <= trigger;
  };

  /** Rule 5: the best price after `price` was seen. */
  const bestAfter = ({ order }: Entry, best: number | undefined, price: number): number | undefined => {
    const activation = order.trail?.activation ?? null;
    const sells = order.side === 'sell';
    if (best !== undefined) return sells ? Math.max(best, price) : Math.min(best, price);
    if (activation === null) return price;
    return (sells ? price >= activation : price <= activation) ? price : undefined;
  };

  const trailingStop = ({ order }: Entry, best: number | undefined): number | undefined => {
    if (best === undefined || order.trail === undefined) return undefined;
    const { distance, bps } = order.trail;
    const away = distance === null ? (best * required(bps ?? undefined, 'a trail')) / 10000 : distance;
    return order.side === 'sell'
      ? Math.min(Math.floor(best - away + FORGIVEN), Math.ceil(best) - 1)
      : Math.max(Math.ceil(best + away - FORGIVEN), Math.floor(best) + 1);
  };

  const follow = (entry: Entry, price: number | undefined): void => {
    if (entry.order.trail === undefined || price === undefined) return;
    entry.best = bestAfter(entry, entry.best, price);
    entry.stop = trailingStop(entry, entry.best);
  };

  /** Rule 10: the latest mark price at `t`, in ticks; the last price where there is none, and `m` before that. */
  const markAt = (t: number, { spec }: Market, m: number): number => {
    const mark = (spec.marks ?? []).filter(({ ts }) => ts <= t).at(-1)?.price;
    const closed = spec.bars.filter(({ openTime, length }) => openTime + length <= t).at(-1)?.close;
    const price = mark ?? closed;
    return price === undefined ? m : Number((price / spec.tickSize).toFixed(6));
  };

  const activateLimit = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const marketable = order.side === 'buy' ? m <= limitOf(entry) : m >= limitOf(entry);
    if (marketable && order.postOnly) end(entry, ts, 'rejected', 'post-only');
    else if (marketable) take(entry, ts, m);
    // Choice: a post-only IOC or FOK expires; the page says both that and that it rests.
    else if (!lasts(order)) end(entry, ts, 'expired', 'not-marketable');
    else entry.state = 'resting';
  };

  const trigger = (entry: Entry, ts: number, m: number): void => {
    entry.triggered = true;
    if (hasLimit(entry.order)) activateLimit(entry, ts, m);
    else take(entry, ts, m);
  };

  const isTooSmall = ({ spec }: Market, lots: number, price: number): boolean =>
    isBelow(product(lots, price, spec.tickSize, spec.lotSize), fraction(spec.minNotional));

  /** Rule 3.3. */
  const awaitTrigger = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const seen = order.triggerBy === 'mark' ? markAt(ts, marketOf(order.symbol), m) : m;
    if (order.trail === undefined && isTriggered(entry, seen)) {
      trigger(entry, ts, m);
      return;
    }
    entry.state = 'untriggered';
    follow(entry, seen);
  };

  const activate = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const market = marketOf(order.symbol);
    const isFirst = !entry.activated;
    entry.activated = true;
    if (isFirst && order.reduceOnly && !canReduce(order, market)) {
      end(entry, ts, 'expired', 'reduce-only');
      return;
    }
    const price = entry.limit ?? entry.stop ?? m;
    if (isFirst && !order.reduceOnly && isTooSmall(market, entry.lots, price)) {
      end(entry, ts, 'rejected', 'min-notional');
      return;
    }
    if (hasTrigger(order) && !entry.triggered) awaitTrigger(entry, ts, m);
    else if (hasLimit(order)) activateLimit(entry, ts, m);
    else take(entry, ts, m);
  };

  // ----------------------------------------------------------------------------------------------- rule 5: resting orders

  const fillResting = (entry: Entry, ts: number): void => {
    const lots = fillable(entry);
    if (lots > 0) fill(entry, ts, lots, limitOf(entry), 'maker');
    cancelUselessReduceOnly(marketOf(entry.order.symbol), ts);
  };

  const lookAtOpen = (entry: Entry, ts: number, open: number): void => {
    const { order } = entry;
    switch (entry.state) {
      case 'waiting':
        activate(entry, ts, open);
        return;
      case 'untriggered':
        if (order.triggerBy === 'mark') return;
        if (isTriggered(entry, open)) trigger(entry, ts, open);
        else follow(entry, open);
        return;
      case 'resting':
        if (order.side === 'buy' ? open <= levelOf(entry) : open >= levelOf(entry)) fillResting(entry, ts);
        return;
      case 'taking again':
        take(entry, ts, open);
        return;
      case 'on its way':
      case 'ended':
        return;
    }
  };

  // ----------------------------------------------------------------------------------------------------- rule 1: the path

  const ticks = (price: number, market: Market): number => Math.round(price / market.spec.tickSize);

  const highComesFirst = (bar: ReferenceBar, market: Market): boolean => {
    const high = ticks(bar.high, market);
    const open = ticks(bar.open, market);
    const low = ticks(bar.low, market);
    const nearestIsHigh = high - open < open - low;
    switch (config.path) {
      case 'high-first':
        return true;
      case 'low-first':
        return false;
      case 'nearest-first':
        return nearestIsHigh;
      case 'adaptive': {
        // The way by the high first and the way by the low first, added up piece by piece.
        const close = ticks(bar.close, market);
        const byHigh = high - open + (high - low) + (close - low);
        const byLow = open - low + (high - low) + (high - close);
        return byHigh === byLow ? nearestIsHigh : byHigh < byLow;
      }
      case 'pessimistic': {
        if (market.position > 0) return false;
        if (market.position < 0) return true;
        const sides = new Set(workingOrders(market).map(entry => entry.order.side));
        // Choice: with no working order at all, nearest-first.
        return sides.size === 1 ? sides.has('buy') : nearestIsHigh;
      }
    }
  };

  const volumeAllows = (bar: ReferenceBar, market: Market): number => {
    if (config.participation === null || bar.volume === null || Number.isNaN(bar.volume)) return Infinity;
    return Math.floor((config.participation * bar.volume) / market.spec.lotSize + FORGIVEN);
  };

  const openTheBar = (bar: ReferenceBar, market: Market): void => {
    const { openTime: t0, length: d } = bar;
    const highFirst = highComesFirst(bar, market);
    const open = ticks(bar.open, market);
    market.openBar = {
      path: [
        { time: t0, price: open },
        { time: t0 + d / 3, price: ticks(highFirst ? bar.high : bar.low, market) },
        { time: t0 + (2 * d) / 3, price: ticks(highFirst ? bar.low : bar.high, market) },
        { time: t0 + d, price: ticks(bar.close, market) },
      ],
      openTime: t0,
      closeTime: t0 + d,
      volumeLeft: volumeAllows(bar, market),
      segment: 0,
      price: open,
    };
    for (const entry of workingOrders(market)) lookAtOpen(entry, t0, open);
  };

  const segmentOf = (bar: OpenBar, segment: number): readonly [Point, Point] => [
    required(bar.path[segment], 'the start of a segment'),
    required(bar.path[segment + 1], 'the end of a segment'),
  ];

  /** The level or trigger at which the path would meet the order on a segment of the bar that is open. */
  const meetingPrice = (entry: Entry, bar: OpenBar, segment: number): number | undefined => {
    if (entry.state === 'resting') return levelOf(entry);
    if (entry.state !== 'untriggered' || entry.order.triggerBy === 'mark') return undefined;
    if (entry.order.trail === undefined) return entry.stop;
    let { best } = entry;
    for (let k = bar.segment + 1; k <= segment; k++) best = bestAfter(entry, best, segmentOf(bar, k)[0].price);
    return trailingStop(entry, best);
  };

  /** The walk passes the points up to that from which the segment starts. */
  const advance = (market: Market, bar: OpenBar, segment: number): void => {
    while (bar.segment < segment) {
      bar.segment++;
      const { price } = required(bar.path[bar.segment], 'a point');
      for (const entry of workingOrders(market))
        if (entry.state === 'untriggered' && entry.order.triggerBy !== 'mark') follow(entry, price);
    }
  };

  /** The next moment of the open bar at which the path reaches a level or stop, and all orders that it reaches there, in order of arrival. */
  const nextMatch = (market: Market): Match | undefined => {
    const bar = market.openBar;
    if (bar === undefined) return undefined;
    for (let segment = bar.segment; segment < 3; segment++) {
      const [from, to] = segmentOf(bar, segment);
      const current = segment === bar.segment ? bar.price : from.price;
      const rising = to.price > from.price;
      const isAhead = (p: number): boolean => (rising ? p > current && p <= to.price : p < current && p >= to.price);
      const reached = workingOrders(market).filter(entry => {
        const p = meetingPrice(entry, bar, segment);
        return p !== undefined && isAhead(p) && (entry.state === 'untriggered' || fillable(entry) > 0);
      });
      const prices = reached.map(entry => required(meetingPrice(entry, bar, segment), 'a level'));
      if (prices.length === 0) continue;
      const price = rising ? Math.min(...prices) : Math.max(...prices);
      // Choice: the time comes from the ends of the segment as the bar draws it, also after a match on it.
      const time = from.time + (to.time - from.time) * ((price - from.price) / (to.price - from.price));
      return { market, bar, segment, time, price, entries: reached.filter(entry => meetingPrice(entry, bar, segment) === price) };
    }
    return undefined;
  };

  const perform = (match: Match): void => {
    advance(match.market, match.bar, match.segment);
    match.bar.price = match.price;
    for (const entry of match.entries) {
      if (entry.state === 'untriggered') trigger(entry, match.time, match.price);
      else if (entry.state === 'resting') fillResting(entry, match.time);
    }
  };

  /** Rule 11: the next order of the symbol that expires, the first to have arrived of those that do at one moment. */
  const nextExpiry = (market: Market): { readonly time: number; readonly entry: Entry } | undefined =>
    workingOrders(market)
      .filter(({ order }) => order.tif === 'gtd')
      .map(entry => ({ time: required(entry.order.goodTill, 'the end of a GTD order'), entry }))
      .sort((a, b) => a.time - b.time)[0];

  // Choice: what the path reaches at `t` itself happens before what arrives at `t`, inside a bar as at its close.
  const walkTo = (t: number): void => {
    for (;;) {
      const due = markets
        .map(market => {
          const match = nextMatch(market);
          const expiry = nextExpiry(market);
          return expiry !== undefined && (match === undefined || expiry.time < match.time) ? expiry : match;
        })
        .filter(next => next !== undefined)
        .filter(next => next.time <= t)
        .sort((a, b) => a.time - b.time); // stable: at one moment in symbol order
      if (due[0] === undefined) return;
      if ('entry' in due[0]) end(due[0].entry, due[0].time, 'expired', 'gtd');
      else perform(due[0]);
    }
  };

  /** Puts the walk of an open bar at time `t` and says the price there. */
  const standAt = (t: number, market: Market, bar: OpenBar): number => {
    while (segmentOf(bar, bar.segment)[1].time <= t) advance(market, bar, bar.segment + 1);
    const [from, to] = segmentOf(bar, bar.segment);
    bar.price = from.price + (to.price - from.price) * ((t - from.time) / (to.time - from.time));
    return bar.price;
  };

  // --------------------------------------------------------------------------------------------------- rule 2: the order

  const arrive = (entry: Entry, t: number): void => {
    const market = marketOf(entry.order.symbol);
    entry.state = 'waiting';
    entry.queue = queued++;
    // The walk goes on from the price at an arrival, also of an order that has expired by then.
    const m = market.openBar === undefined ? undefined : standAt(t, market, market.openBar);
    if (entry.order.tif === 'gtd' && required(entry.order.goodTill, 'the end of a GTD order') <= t) end(entry, t, 'expired', 'gtd');
    else if (m !== undefined) activate(entry, t, m);
  };

  /** Rule 10. */
  const seeMark = (market: Market, t: number): void => {
    const mark = markAt(t, market, NaN);
    for (const entry of workingOrders(market)) {
      if (entry.order.triggerBy !== 'mark' || entry.state !== 'untriggered') continue;
      if (!isTriggered(entry, mark)) follow(entry, mark);
      else if (market.openBar !== undefined) trigger(entry, t, standAt(t, market, market.openBar));
      else {
        entry.triggered = true;
        entry.state = 'waiting';
      }
    }
  };

  // Rule 12.

  const isNew = (next: number | null, now: number | undefined): boolean => next !== null && next !== now;

  const refusal = (entry: Entry, { lots, limit, stop }: ReferenceAmendment, m: number | undefined): ReferenceEvent['code'] => {
    const { order } = entry;
    if (lots !== null && order.closePosition) return 'close-position';
    if (lots !== null && lots <= entry.lots - entry.left) return 'below-filled';
    if (isNew(limit, entry.limit) && !hasLimit(order)) return 'no-limit';
    if (isNew(stop, entry.stop) && (!hasTrigger(order) || order.trail !== undefined || entry.triggered)) return 'no-stop';
    const price = limit ?? entry.limit ?? stop ?? entry.stop;
    if (!order.reduceOnly && price !== undefined && isTooSmall(marketOf(order.symbol), lots ?? entry.lots, price)) return 'min-notional';
    if (!order.postOnly || entry.state !== 'resting' || !isNew(limit, entry.limit) || m === undefined) return undefined;
    return (order.side === 'buy' ? m <= Number(limit) : m >= Number(limit)) ? 'post-only' : undefined;
  };

  const arriveAmendment = (amendment: ReferenceAmendment): void => {
    const { orderId, lots, limit, stop, arrival: ts } = amendment;
    const entry = entries.find(candidate => candidate.order.id === orderId);
    const refused = (code: ReferenceEvent['code']): void => {
      events.push({ ts, symbol: entry?.order.symbol ?? '', orderId, event: 'amend-rejected', ...(code === undefined ? {} : { code }) });
    };
    if (entry === undefined || entry.state === 'on its way' || entry.state === 'ended') return refused('not-working');
    const market = marketOf(entry.order.symbol);
    const m = market.openBar === undefined ? undefined : standAt(ts, market, market.openBar);
    const code = refusal(entry, amendment, m);
    if (code !== undefined) return refused(code);
    const newLimit = isNew(limit, entry.limit);
    const newStop = isNew(stop, entry.stop);
    const keepsPlace = !newLimit && !newStop && (lots ?? entry.lots) <= entry.lots;
    if (lots !== null) {
      entry.left += lots - entry.lots;
      entry.lots = lots;
    }
    entry.limit = limit ?? entry.limit;
    entry.stop = stop ?? entry.stop;
    if (!keepsPlace) entry.queue = queued++;
    const terms = { lots: entry.lots, limit: entry.limit ?? null, stop: entry.stop ?? null, keepsPlace };
    events.push({ ts, symbol: entry.order.symbol, orderId, event: 'amended', terms });
    const again = entry.state === 'resting' ? newLimit : entry.state === 'untriggered' && newStop;
    if (!again) return;
    if (m === undefined) entry.state = 'waiting';
    else if (entry.state === 'resting') activateLimit(entry, ts, m);
    else awaitTrigger(entry, ts, m);
  };

  // Choice: a cancel that overtakes its order is rejected on arrival and not kept for it.
  const arriveCancel = (cancel: ReferenceCancel): void => {
    const entry = entries.find(candidate => candidate.order.id === cancel.orderId);
    if (entry !== undefined && entry.state !== 'on its way' && entry.state !== 'ended') end(entry, cancel.arrival, 'cancelled');
    else events.push({ ts: cancel.arrival, symbol: entry?.order.symbol ?? '', orderId: cancel.orderId, event: 'cancel-rejected' });
  };

  // Rule 1, finer bars. Choice: compared in ticks, and volumes not at all.
  const walkedBars = (market: Market): readonly ReferenceBar[] =>
    market.spec.bars.flatMap(bar => {
      const { finer } = market.spec;
      const inside = (finer ?? []).filter(({ openTime }) => openTime >= bar.openTime && openTime < bar.openTime + bar.length);
      const [first] = inside;
      const last = inside.at(-1);
      if (first === undefined || last === undefined) return [bar];
      const isWhole = inside.length * first.length === bar.length && inside.every((f, i) => f.openTime === bar.openTime + i * first.length);
      const at = (price: number): number => ticks(price, market);
      const isSame =
        at(first.open) === at(bar.open) &&
        at(last.close) === at(bar.close) &&
        at(Math.max(...inside.map(({ high }) => high))) === at(bar.high) &&
        at(Math.min(...inside.map(({ low }) => low))) === at(bar.low);
      return isWhole && isSame ? inside : [bar];
    });

  const walked = markets.map(market => ({ market, bars: walkedBars(market) }));
  const bars = walked.flatMap(symbol => symbol.bars);
  const amendments = input.amendments ?? [];
  const dataEnds = Math.max(...bars.map(bar => bar.openTime + bar.length));
  const moments = [
    ...bars.flatMap(bar => [bar.openTime, bar.openTime + bar.length]),
    ...input.symbols.flatMap(({ marks }) => (marks ?? []).map(({ ts }) => ts)),
    ...input.orders.flatMap(order => [order.arrival, ...(order.tif === 'gtd' ? [order.goodTill ?? order.arrival] : [])]),
    ...input.cancels.map(cancel => cancel.arrival),
    ...amendments.map(amendment => amendment.arrival),
  ];
  for (const t of [...new Set(moments)].sort((a, b) => a - b)) {
    if (t > dataEnds) break;
    walkTo(t);
    for (const market of markets)
      if (market.openBar?.closeTime === t) {
        advance(market, market.openBar, 3);
        market.openBar = undefined;
      }
    for (const market of markets) if (market.spec.marks?.some(({ ts }) => ts === t)) seeMark(market, t);
    for (const entry of entries) if (entry.order.arrival === t) arrive(entry, t);
    for (const cancel of input.cancels) if (cancel.arrival === t) arriveCancel(cancel);
    for (const amendment of amendments) if (amendment.arrival === t) arriveAmendment(amendment);
    for (const { market, bars } of walked) {
      const bar = bars.find(candidate => candidate.openTime === t);
      if (bar !== undefined) openTheBar(bar, market);
    }
  }
  return events;
};
