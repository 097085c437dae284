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
}

export interface ReferenceOrder {
  readonly id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit' | 'stop' | 'stop-limit';
  readonly lots: number;
  /** Ticks; for limit and stop-limit orders. */
  readonly limit?: number | undefined;
  /** Ticks; for stop and stop-limit orders. */
  readonly stop?: number | undefined;
  readonly tif: 'gtc' | 'ioc' | 'fok';
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly arrival: number;
}

export interface ReferenceCancel {
  readonly orderId: string;
  readonly arrival: number;
}

export interface ReferenceConfig {
  readonly path: 'pessimistic' | 'high-first' | 'low-first' | 'nearest-first';
  readonly limits: 'through' | 'touch';
  readonly participation: number | null;
  readonly slippageBps: number;
  readonly feeRates: { readonly maker: number; readonly taker: number };
}

export interface ReferenceInput {
  readonly symbols: readonly ReferenceSymbol[];
  readonly orders: readonly ReferenceOrder[];
  readonly cancels: readonly ReferenceCancel[];
  readonly config: ReferenceConfig;
}

export interface ReferenceEvent {
  readonly ts: number;
  /** Empty for the cancel of an order that nobody knows. */
  readonly symbol: string;
  readonly orderId: string;
  readonly event: 'filled' | 'rejected' | 'expired' | 'cancelled' | 'cancel-rejected';
  readonly code?: 'reduce-only' | 'min-notional' | 'post-only' | 'not-marketable' | 'not-filled';
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
  left: number;
}

interface Point {
  readonly time: number;
  readonly price: number;
}

interface OpenBar {
  readonly path: readonly [Point, Point, Point, Point];
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

  const entries: Entry[] = input.orders.map((order, place) => ({ order, place, state: 'on its way', activated: false, left: order.lots }));
  if (new Set(input.orders.map(order => order.id)).size !== entries.length) throw new Error('reference matcher: two orders share an id');

  /** Orders of the symbol at the venue that have not ended, in order of arrival. */
  const workingOrders = (market: Market): Entry[] =>
    entries
      .filter(entry => entry.order.symbol === market.spec.symbol && entry.state !== 'on its way' && entry.state !== 'ended')
      .sort((a, b) => a.order.arrival - b.order.arrival || a.place - b.place);

  const limitOf = (order: ReferenceOrder): number => required(order.limit, `limit of ${order.id}`);
  const stopOf = (order: ReferenceOrder): number => required(order.stop, `stop of ${order.id}`);
  const hasLimit = (order: ReferenceOrder): boolean => order.type === 'limit' || order.type === 'stop-limit';
  const hasStop = (order: ReferenceOrder): boolean => order.type === 'stop' || order.type === 'stop-limit';

  // Rule 5: where a resting limit order fills.
  const levelOf = (order: ReferenceOrder): number => {
    if (config.limits === 'touch') return limitOf(order);
    return order.side === 'buy' ? limitOf(order) - 1 : limitOf(order) + 1;
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
      if (entry.order.reduceOnly && entry.activated && !canReduce(entry.order, market)) end(entry, ts, 'cancelled', 'reduce-only');
  };

  // ------------------------------------------------------------------------------------------------------- rule 4: taking

  const take = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const slippage = (m * config.slippageBps) / 1e4;
    let price = order.side === 'buy' ? Math.ceil(m + slippage - FORGIVEN) : Math.max(1, Math.floor(m - slippage + FORGIVEN));
    if (hasLimit(order)) price = order.side === 'buy' ? Math.min(price, limitOf(order)) : Math.max(price, limitOf(order));

    const lots = fillable(entry);
    // Choice: a reduce-only FOK larger than the position cannot be filled whole either.
    if (order.tif === 'fok' && lots < entry.left) {
      end(entry, ts, 'expired', 'not-filled');
      return;
    }
    if (lots > 0) fill(entry, ts, lots, price, 'taker');
    if (entry.left > 0) {
      if (order.tif === 'ioc') end(entry, ts, 'expired', 'not-filled');
      else entry.state = hasLimit(order) ? 'resting' : 'taking again';
    }
    cancelUselessReduceOnly(marketOf(order.symbol), ts);
  };

  // --------------------------------------------------------------------------------------------------- rule 3: activation

  const stopIsReached = (order: ReferenceOrder, m: number): boolean => (order.side === 'buy' ? m >= stopOf(order) : m <= stopOf(order));

  const activateLimit = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const marketable = order.side === 'buy' ? m <= limitOf(order) : m >= limitOf(order);
    if (marketable && order.postOnly) end(entry, ts, 'rejected', 'post-only');
    else if (marketable) take(entry, ts, m);
    // Choice: a post-only IOC or FOK expires; the page says both that and that it rests.
    else if (order.tif !== 'gtc') end(entry, ts, 'expired', 'not-marketable');
    else entry.state = 'resting';
  };

  const trigger = (entry: Entry, ts: number, m: number): void => {
    if (entry.order.type === 'stop-limit') activateLimit(entry, ts, m);
    else take(entry, ts, m);
  };

  const activate = (entry: Entry, ts: number, m: number): void => {
    const { order } = entry;
    const market = marketOf(order.symbol);
    entry.activated = true;
    if (order.reduceOnly && !canReduce(order, market)) {
      end(entry, ts, 'expired', 'reduce-only');
      return;
    }
    const price = hasLimit(order) ? limitOf(order) : hasStop(order) ? stopOf(order) : m;
    const notional = product(order.lots, price, market.spec.tickSize, market.spec.lotSize);
    if (!order.reduceOnly && isBelow(notional, fraction(market.spec.minNotional))) {
      end(entry, ts, 'rejected', 'min-notional');
      return;
    }
    if (hasStop(order)) {
      if (stopIsReached(order, m)) trigger(entry, ts, m);
      else entry.state = 'untriggered';
    } else if (order.type === 'limit') activateLimit(entry, ts, m);
    else take(entry, ts, m);
  };

  // ----------------------------------------------------------------------------------------------- rule 5: resting orders

  const fillResting = (entry: Entry, ts: number): void => {
    const lots = fillable(entry);
    if (lots > 0) fill(entry, ts, lots, limitOf(entry.order), 'maker');
    cancelUselessReduceOnly(marketOf(entry.order.symbol), ts);
  };

  const lookAtOpen = (entry: Entry, ts: number, open: number): void => {
    const { order } = entry;
    switch (entry.state) {
      case 'waiting':
        activate(entry, ts, open);
        return;
      case 'untriggered':
        if (stopIsReached(order, open)) trigger(entry, ts, open);
        return;
      case 'resting':
        if (order.side === 'buy' ? open <= levelOf(order) : open >= levelOf(order)) fillResting(entry, ts);
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

  /** The level or stop at which the path would next meet the order. */
  const meetingPrice = (entry: Entry): number | undefined =>
    entry.state === 'resting' ? levelOf(entry.order) : entry.state === 'untriggered' ? stopOf(entry.order) : undefined;

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
        const p = meetingPrice(entry);
        return p !== undefined && isAhead(p) && (entry.state === 'untriggered' || fillable(entry) > 0);
      });
      const prices = reached.map(entry => required(meetingPrice(entry), 'a level'));
      if (prices.length === 0) continue;
      const price = rising ? Math.min(...prices) : Math.max(...prices);
      // Choice: the time comes from the ends of the segment as the bar draws it, also after a match on it.
      const time = from.time + (to.time - from.time) * ((price - from.price) / (to.price - from.price));
      return { market, bar, segment, time, price, entries: reached.filter(entry => meetingPrice(entry) === price) };
    }
    return undefined;
  };

  const perform = (match: Match): void => {
    match.bar.segment = match.segment;
    match.bar.price = match.price;
    for (const entry of match.entries) {
      if (entry.state === 'untriggered') trigger(entry, match.time, match.price);
      else if (entry.state === 'resting') fillResting(entry, match.time);
    }
  };

  // Choice: what the path reaches at `t` itself happens before what arrives at `t`, inside a bar as at its close.
  const walkTo = (t: number): void => {
    for (;;) {
      const due = markets
        .map(nextMatch)
        .filter(match => match !== undefined)
        .filter(match => match.time <= t)
        .sort((a, b) => a.time - b.time); // stable: at one moment in symbol order
      if (due[0] === undefined) return;
      perform(due[0]);
    }
  };

  /** Puts the walk of an open bar at time `t` and says the price there. */
  const standAt = (t: number, bar: OpenBar): number => {
    while (segmentOf(bar, bar.segment)[1].time <= t) bar.segment++;
    const [from, to] = segmentOf(bar, bar.segment);
    bar.price = from.price + (to.price - from.price) * ((t - from.time) / (to.time - from.time));
    return bar.price;
  };

  // --------------------------------------------------------------------------------------------------- rule 2: the order

  const arrive = (entry: Entry, t: number): void => {
    const { openBar } = marketOf(entry.order.symbol);
    entry.state = 'waiting';
    if (openBar !== undefined) activate(entry, t, standAt(t, openBar));
  };

  // Choice: a cancel that overtakes its order is rejected on arrival and not kept for it.
  const arriveCancel = (cancel: ReferenceCancel): void => {
    const entry = entries.find(candidate => candidate.order.id === cancel.orderId);
    if (entry !== undefined && entry.state !== 'on its way' && entry.state !== 'ended') end(entry, cancel.arrival, 'cancelled');
    else events.push({ ts: cancel.arrival, symbol: entry?.order.symbol ?? '', orderId: cancel.orderId, event: 'cancel-rejected' });
  };

  const bars = input.symbols.flatMap(spec => spec.bars);
  const dataEnds = Math.max(...bars.map(bar => bar.openTime + bar.length));
  const moments = [
    ...bars.flatMap(bar => [bar.openTime, bar.openTime + bar.length]),
    ...input.orders.map(order => order.arrival),
    ...input.cancels.map(cancel => cancel.arrival),
  ];
  for (const t of [...new Set(moments)].sort((a, b) => a - b)) {
    if (t > dataEnds) break;
    walkTo(t);
    for (const market of markets) if (market.openBar?.closeTime === t) market.openBar = undefined;
    for (const entry of entries) if (entry.order.arrival === t) arrive(entry, t);
    for (const cancel of input.cancels) if (cancel.arrival === t) arriveCancel(cancel);
    for (const market of markets) {
      const bar = market.spec.bars.find(candidate => candidate.openTime === t);
      if (bar !== undefined) openTheBar(bar, market);
    }
  }
  return events;
};
