import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceInput } from '../arbitraries/orders.js';
import {
  referenceMatch,
  type ReferenceAmendment,
  type ReferenceBar,
  type ReferenceCancel,
  type ReferenceConfig,
  type ReferenceEvent,
  type ReferenceInput,
  type ReferenceOrder,
  type ReferenceSymbol,
} from './reference-matcher.js';

// Worked by hand from docs/matching-rules.md. A bar lasts 300, so its four points stand at 0, 100, 200 and 300 after its open; tick and lot are 1.

const bar = (openTime: number, open: number, high: number, low: number, close: number, volume: number | null = null): ReferenceBar => ({
  openTime,
  length: 300,
  open,
  high,
  low,
  close,
  volume,
});

const order = (id: string, arrival: number, rest: Partial<ReferenceOrder> = {}): ReferenceOrder => ({
  id,
  arrival,
  symbol: 'AAA',
  side: 'buy',
  type: 'market',
  lots: 1,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...rest,
});

interface Setting {
  readonly market?: Partial<ReferenceSymbol>;
  readonly config?: Partial<ReferenceConfig>;
  readonly cancels?: readonly ReferenceCancel[];
  readonly amendments?: readonly ReferenceAmendment[];
}

const match = (bars: readonly ReferenceBar[], orders: readonly ReferenceOrder[], setting: Setting = {}): ReferenceEvent[] =>
  referenceMatch({
    symbols: [{ symbol: 'AAA', tickSize: 1, lotSize: 1, minNotional: 0, bars, ...setting.market }],
    orders,
    cancels: setting.cancels ?? [],
    amendments: setting.amendments ?? [],
    config: {
      path: 'high-first',
      limits: 'through',
      participation: 1,
      slippageBps: 0,
      feeRates: { maker: 0, taker: 0 },
      ...setting.config,
    },
  });

/** `id 2@101 maker t50`, `id expired not-filled t0`. */
const told = (events: readonly ReferenceEvent[]): string[] =>
  events.map(e =>
    e.event === 'filled'
      ? `${e.orderId} ${e.lots}@${e.priceTicks} ${e.liquidity} t${e.ts}`
      : `${e.orderId} ${e.event}${e.code === undefined ? '' : ` ${e.code}`} t${e.ts}`,
  );

const buyLimit = (id: string, arrival: number, limit: number, rest: Partial<ReferenceOrder> = {}) =>
  order(id, arrival, { type: 'limit', limit, ...rest });
const sellLimit = (id: string, arrival: number, limit: number, rest: Partial<ReferenceOrder> = {}) =>
  order(id, arrival, { type: 'limit', side: 'sell', limit, ...rest });
const sell = (id: string, arrival: number, rest: Partial<ReferenceOrder> = {}) => order(id, arrival, { side: 'sell', ...rest });

const WIDE = bar(0, 100, 110, 90, 105);
const touch = { config: { limits: 'touch' } } as const;

describe('rule 1, the path', () => {
  it('goes open, high, low, close in thirds of the bar when high comes first', () => {
    // Up 10 ticks in 100: 105 at 50. Down 20 in 100: 95 after 15 of them, at 175.
    expect(told(match([WIDE], [sellLimit('s', 0, 105), buyLimit('b', 0, 95)], touch))).toEqual(['s 1@105 maker t50', 'b 1@95 maker t175']);
  });

  it('goes open, low, high, close when low comes first', () => {
    const setting = { config: { limits: 'touch', path: 'low-first' } } as const;
    expect(told(match([WIDE], [sellLimit('s', 0, 105), buyLimit('b', 0, 95)], setting))).toEqual([
      'b 1@95 maker t50',
      's 1@105 maker t175',
    ]);
  });

  it('is priced between its points for an order that arrives inside the bar', () => {
    // 102.5 at 25: up to 103 for a buy, down to 102 for a sell; 100 again at 150.
    expect(told(match([WIDE], [order('b', 25), sell('s', 25), order('c', 150)]))).toEqual([
      'b 1@103 taker t25',
      's 1@102 taker t25',
      'c 1@100 taker t150',
    ]);
  });

  it('has no market in a hole, so that an order waits for the next open', () => {
    expect(told(match([WIDE, bar(900, 97, 99, 95, 96)], [order('b', 400)]))).toEqual(['b 1@97 taker t900']);
  });

  /** The price at P1 is the extreme that came first. */
  const firstExtreme = (
    path: ReferenceConfig['path'],
    bars: readonly ReferenceBar[],
    orders: readonly ReferenceOrder[] = [],
  ): number | undefined => {
    const last = bars[bars.length - 1]?.openTime ?? 0;
    const events = match(bars, [...orders, order('probe', last + 100)], { config: { path } });
    return events.find(e => e.orderId === 'probe')?.priceTicks;
  };
  const far = (side: 'buy' | 'sell') => order(`far-${side}`, 0, { side, type: 'limit', limit: side === 'buy' ? 50 : 150 });
  const nearHigh = bar(300, 100, 102, 90, 100);
  const nearLow = bar(300, 100, 110, 98, 100);

  it('takes the nearer extreme first by nearest-first, the low when both are equally near', () => {
    expect(firstExtreme('nearest-first', [nearHigh])).toBe(102);
    expect(firstExtreme('nearest-first', [nearLow])).toBe(98);
    expect(firstExtreme('nearest-first', [bar(0, 100, 105, 95, 100)])).toBe(95);
  });

  it('goes against the position when pessimistic', () => {
    const flat = bar(0, 100, 100, 100, 100);
    expect(firstExtreme('pessimistic', [flat, nearHigh], [order('long', 0)])).toBe(90);
    expect(firstExtreme('pessimistic', [flat, nearLow], [sell('short', 0)])).toBe(110);
  });

  it('goes against the working orders when pessimistic and flat, and to the nearer extreme when they are on both sides or absent', () => {
    expect(firstExtreme('pessimistic', [nearLow], [far('buy')])).toBe(110);
    expect(firstExtreme('pessimistic', [nearHigh], [far('sell')])).toBe(90);
    expect(firstExtreme('pessimistic', [nearHigh], [far('buy'), far('sell')])).toBe(102);
    expect(firstExtreme('pessimistic', [nearLow], [far('buy'), far('sell')])).toBe(98);
    expect(firstExtreme('pessimistic', [nearHigh])).toBe(102);
  });
});

describe('rule 2, the order of events', () => {
  it('fills an order that arrives at a close at the next open and not before', () => {
    expect(told(match([WIDE, bar(300, 120, 121, 119, 120)], [order('b', 300)]))).toEqual(['b 1@120 taker t300']);
  });

  it('fills an order that arrives at an open at that open', () => {
    expect(told(match([WIDE], [order('b', 0)]))).toEqual(['b 1@100 taker t0']);
  });

  it('matches at one level in the order of arrival, one after the other', () => {
    const bars = [bar(0, 100, 110, 90, 105, 5)];
    const orders = [sellLimit('first', 0, 104, { lots: 4 }), sellLimit('second', 0, 104, { lots: 4 })];
    expect(told(match(bars, orders))).toEqual(['first 4@104 maker t50', 'second 1@104 maker t50']);
  });

  it('takes two symbols by time, and by symbol at one moment', () => {
    const spec = (symbol: string, bars: readonly ReferenceBar[]): ReferenceSymbol => ({
      symbol,
      tickSize: 1,
      lotSize: 1,
      minNotional: 0,
      bars,
    });
    const orders = [
      sellLimit('b-late', 0, 105, { symbol: 'BBB' }),
      sellLimit('a-late', 0, 105),
      sellLimit('b-early', 0, 103, { symbol: 'BBB' }),
    ];
    const config = { path: 'high-first', limits: 'touch', participation: null, slippageBps: 0, feeRates: { maker: 0, taker: 0 } } as const;
    const events = referenceMatch({ symbols: [spec('BBB', [WIDE]), spec('AAA', [WIDE])], orders, cancels: [], config });
    expect(told(events)).toEqual(['b-early 1@103 maker t30', 'a-late 1@105 maker t50', 'b-late 1@105 maker t50']);
  });

  it('handles what arrives at the instant of an open before that open', () => {
    expect(told(match([WIDE], [order('b', 0)], { cancels: [{ orderId: 'b', arrival: 0 }] }))).toEqual(['b cancelled t0']);
  });
});

describe('rule 3, activation', () => {
  it('expires a reduce-only order without a position on the other side', () => {
    const orders = [order('r', 0, { reduceOnly: true }), order('long', 0), order('same-side', 10, { reduceOnly: true })];
    expect(told(match([WIDE], orders))).toEqual(['r expired reduce-only t0', 'long 1@100 taker t0', 'same-side expired reduce-only t10']);
  });

  it('rejects below the minimum notional by the limit, else the stop, else the market, and never reduce-only', () => {
    const orders = [
      order('market', 0, { lots: 2 }),
      buyLimit('limit', 0, 99, { lots: 2 }),
      order('stop', 0, { type: 'stop', stop: 101, lots: 2 }),
      order('stop-limit', 0, { type: 'stop-limit', stop: 101, limit: 99, lots: 2 }),
      sell('reduce', 0, { lots: 1, reduceOnly: true }),
    ];
    expect(told(match([bar(0, 100, 100, 100, 100)], orders, { market: { minNotional: 200 } }))).toEqual([
      'market 2@100 taker t0',
      'limit rejected min-notional t0',
      'stop-limit rejected min-notional t0',
      'reduce 1@100 taker t0',
    ]);
  });

  it('triggers a stop that is already reached', () => {
    const orders = [
      order('b', 0, { type: 'stop', stop: 100 }),
      sell('s', 0, { type: 'stop', stop: 100 }),
      order('w', 0, { type: 'stop', stop: 101 }),
    ];
    expect(told(match([bar(0, 100, 100, 100, 100)], orders))).toEqual(['b 1@100 taker t0', 's 1@100 taker t0']);
  });

  it('takes with a marketable limit order at the market, not at its limit', () => {
    expect(told(match([WIDE], [buyLimit('b', 0, 104), sellLimit('s', 0, 100)]))).toEqual(['b 1@100 taker t0', 's 1@100 taker t0']);
  });

  it('rejects a marketable post-only order and lets the other rest', () => {
    const orders = [buyLimit('at', 0, 100, { postOnly: true }), buyLimit('under', 0, 99, { postOnly: true })];
    // Down from 110 to 90 in 100: 98 after 12 ticks.
    expect(told(match([WIDE], orders))).toEqual(['at rejected post-only t0', 'under 1@99 maker t160']);
  });

  it('expires IOC and FOK orders that are not marketable', () => {
    expect(told(match([WIDE], [buyLimit('i', 0, 99, { tif: 'ioc' }), sellLimit('f', 0, 101, { tif: 'fok' })]))).toEqual([
      'i expired not-marketable t0',
      'f expired not-marketable t0',
    ]);
  });
});

describe('rule 4, taking', () => {
  it('moves the price against the order by the slippage, then to a whole tick against it', () => {
    // 100 basis points of 105 are 1.05: 106.05 up, 103.95 down.
    const setting = { config: { slippageBps: 100 } };
    expect(told(match([WIDE], [order('b', 50), sell('s', 50)], setting))).toEqual(['b 1@107 taker t50', 's 1@103 taker t50']);
  });

  it('never goes beyond a limit', () => {
    const setting = { config: { slippageBps: 100 } };
    expect(told(match([WIDE], [buyLimit('b', 50, 106), sellLimit('s', 50, 104)], setting))).toEqual([
      'b 1@106 taker t50',
      's 1@104 taker t50',
    ]);
  });

  it('shares one volume budget among all orders in a bar', () => {
    // floor(0.25 × 30) = 7
    const bars = [bar(0, 100, 110, 90, 105, 30)];
    const orders = [order('a', 0, { lots: 4 }), sell('b', 0, { lots: 4, tif: 'ioc' }), sell('c', 10, { tif: 'ioc' })];
    expect(told(match(bars, orders, { config: { participation: 0.25 } }))).toEqual([
      'a 4@100 taker t0',
      'b 3@100 taker t0',
      'b expired not-filled t0',
      'c expired not-filled t10',
    ]);
  });

  it('has no bound without volume data or without participation, and fills nothing of a bar that traded nothing', () => {
    const fill = (volume: number | null, participation: number | null) =>
      told(match([bar(0, 100, 110, 90, 105, volume)], [order('b', 0, { lots: 9, tif: 'ioc' })], { config: { participation } }));
    expect(fill(null, 0.1)).toEqual(['b 9@100 taker t0']);
    expect(fill(1, null)).toEqual(['b 9@100 taker t0']);
    expect(fill(0, 1)).toEqual(['b expired not-filled t0']);
  });

  it('fills a FOK order whole or not at all', () => {
    const bars = [bar(0, 100, 110, 90, 105, 5)];
    expect(told(match(bars, [order('six', 0, { lots: 6, tif: 'fok' }), order('five', 0, { lots: 5, tif: 'fok' })]))).toEqual([
      'six expired not-filled t0',
      'five 5@100 taker t0',
    ]);
  });

  it('takes the rest of a market order at the next open', () => {
    const bars = [bar(0, 100, 110, 90, 105, 2), bar(300, 106, 107, 104, 105, 2), bar(600, 105, 105, 103, 104, 2)];
    expect(told(match(bars, [order('b', 50, { lots: 5 })]))).toEqual(['b 2@105 taker t50', 'b 2@106 taker t300', 'b 1@105 taker t600']);
  });

  it('leaves the rest of a marketable limit order resting at its limit', () => {
    const bars = [bar(0, 100, 110, 90, 105, 2), bar(300, 106, 109, 104, 105, 9)];
    // Rests at 107; the next bar opens at 106, at the level 106.
    expect(told(match(bars, [buyLimit('b', 50, 107, { lots: 5 })]))).toEqual(['b 2@105 taker t50', 'b 3@107 maker t300']);
  });
});

describe('rule 5, resting orders', () => {
  it('fills a limit order at its limit when the path is one tick through it', () => {
    expect(told(match([WIDE], [sellLimit('s', 0, 105)]))).toEqual(['s 1@105 maker t60']);
    expect(told(match([WIDE], [sellLimit('s', 0, 110), buyLimit('b', 0, 90)]))).toEqual([]);
    expect(told(match([WIDE], [sellLimit('s', 0, 110), buyLimit('b', 0, 90)], touch))).toEqual(['s 1@110 maker t100', 'b 1@90 maker t200']);
  });

  it('fills at the limit, no better, when the market jumps beyond it', () => {
    const bars = [bar(0, 100, 100, 100, 100), bar(300, 90, 91, 89, 90)];
    expect(told(match(bars, [buyLimit('b', 0, 95)]))).toEqual(['b 1@95 maker t300']);
    expect(told(match(bars, [buyLimit('at', 0, 91)]))).toEqual(['at 1@91 maker t300']);
    // Not yet at the level 89 at the open: it is the low, the second extreme of the second bar.
    expect(told(match(bars, [buyLimit('under', 0, 90)]))).toEqual(['under 1@90 maker t500']);
  });

  it('keeps resting what the volume did not allow, until the level is reached anew or an open is beyond it', () => {
    const bars = [bar(0, 100, 100, 90, 99, 3), bar(300, 99, 99, 91, 99, 3), bar(600, 93, 93, 93, 93, 3)];
    // Level 94. First bar: flat to 100, then 100 → 90 in 100: 94 at 160. Second: 99 → 91, from 400: 5 of 8 ticks, 462.5. Third opens beyond it.
    expect(told(match(bars, [buyLimit('b', 0, 95, { lots: 8 })]))).toEqual([
      'b 3@95 maker t160',
      'b 3@95 maker t462.5',
      'b 2@95 maker t600',
    ]);
  });

  it('triggers a stop on the path at the stop price and across a gap at the open', () => {
    const gap = bar(300, 80, 81, 79, 80);
    expect(told(match([WIDE, gap], [sell('s', 0, { type: 'stop', stop: 95 })]))).toEqual(['s 1@95 taker t175']);
    expect(told(match([WIDE, gap], [sell('s', 0, { type: 'stop', stop: 85 })]))).toEqual(['s 1@80 taker t300']);
  });

  it('pays slippage on a triggered stop', () => {
    // 95 − 0.95 = 94.05
    expect(told(match([WIDE], [sell('s', 0, { type: 'stop', stop: 95 })], { config: { slippageBps: 100 } }))).toEqual([
      's 1@94 taker t175',
    ]);
  });

  it('activates a triggered stop-limit as a limit order at that moment', () => {
    const stopLimit = (id: string, limit: number, rest: Partial<ReferenceOrder> = {}) =>
      order(id, 0, { type: 'stop-limit', stop: 105, limit, ...rest });
    const orders = [
      stopLimit('takes', 107),
      stopLimit('rests', 104),
      stopLimit('ioc', 104, { tif: 'ioc' }),
      stopLimit('post', 105, { postOnly: true }),
    ];
    // Triggered at 50; the level 103 is reached on the way down, 7 of 20 ticks after 100.
    expect(told(match([WIDE], orders))).toEqual([
      'takes 1@105 taker t50',
      'ioc expired not-marketable t50',
      'post rejected post-only t50',
      'rests 1@104 maker t135',
    ]);
  });

  it('does not fill a gapped stop-limit beyond its limit', () => {
    const bars = [bar(0, 100, 100, 100, 100), bar(300, 80, 84, 79, 84)];
    const orders = [sell('s', 0, { type: 'stop-limit', stop: 90, limit: 85 }), sell('t', 0, { type: 'stop-limit', stop: 90, limit: 82 })];
    // At the open of 80 both trigger and rest; 83 on the way up to 84 is reached after 3 of 4 ticks.
    expect(told(match(bars, orders))).toEqual(['t 1@82 maker t375']);
  });

  it('never reduces by more than the position, and cancels what is left with nothing to reduce', () => {
    const orders = [
      order('long', 0, { lots: 3 }),
      sellLimit('profit', 1, 107, { lots: 5, reduceOnly: true }),
      sell('loss', 1, { type: 'stop', stop: 91, lots: 3, reduceOnly: true }),
      sellLimit('plain', 1, 120),
    ];
    expect(told(match([WIDE], orders))).toEqual([
      'long 3@100 taker t0',
      'profit 3@107 maker t80',
      'profit cancelled reduce-only t80',
      'loss cancelled reduce-only t80',
    ]);
  });

  it('cancels reduce-only orders when the position flips to their own side', () => {
    const orders = [order('long', 0, { lots: 2 }), sellLimit('profit', 1, 120, { reduceOnly: true }), sell('flip', 10, { lots: 5 })];
    expect(told(match([WIDE], orders))).toEqual(['long 2@100 taker t0', 'flip 5@101 taker t10', 'profit cancelled reduce-only t10']);
  });

  it('looks at all working orders of an open in the order of arrival', () => {
    const bars = [bar(0, 100, 100, 100, 100, 1), bar(300, 90, 90, 90, 90, 6)];
    const orders = [
      order('remainder', 0, { lots: 2 }),
      buyLimit('resting', 1, 95, { lots: 2 }),
      sell('stop', 2, { type: 'stop', stop: 92, lots: 2 }),
      order('waiting', 300, { lots: 2 }),
    ];
    expect(told(match(bars, orders))).toEqual([
      'remainder 1@100 taker t0',
      'remainder 1@90 taker t300',
      'resting 2@95 maker t300',
      'stop 2@90 taker t300',
      'waiting 1@90 taker t300',
    ]);
  });
});

describe('rule 7, the end', () => {
  it('cancels a working order, waiting ones in a hole included', () => {
    const cancels = [
      { orderId: 'resting', arrival: 20 },
      { orderId: 'waiting', arrival: 500 },
    ];
    expect(told(match([WIDE, bar(900, 97, 99, 95, 96)], [buyLimit('resting', 0, 95), order('waiting', 400)], { cancels }))).toEqual([
      'resting cancelled t20',
      'waiting cancelled t500',
    ]);
  });

  it('rejects a cancel of an ended order, of one that nobody knows, and of one still on its way', () => {
    const cancels = [
      { orderId: 'done', arrival: 1 },
      { orderId: 'nobody', arrival: 2 },
      { orderId: 'later', arrival: 3 },
    ];
    expect(told(match([WIDE], [order('done', 0), buyLimit('later', 100, 95)], { cancels }))).toEqual([
      'done 1@100 taker t0',
      'done cancel-rejected t1',
      'nobody cancel-rejected t2',
      'later cancel-rejected t3',
      'later 1@95 maker t180',
    ]);
  });

  it('leaves open what is working when the data ends', () => {
    expect(match([WIDE], [buyLimit('b', 0, 50)])).toEqual([]);
  });
});

describe('rule 8, money', () => {
  // One lot at one tick is 1e-8, so that a fill of n lots at k ticks has a notional of n × k of the smallest units.
  const small = { tickSize: 0.0001, lotSize: 0.0001 };
  const flatBar = (openTime: number, ticks: number): ReferenceBar => {
    const price = Number((ticks * small.tickSize).toFixed(4));
    return bar(openTime, price, price, price, price);
  };
  const money = (events: readonly ReferenceEvent[]) => events.map(e => [e.fee, e.realised]);

  it('rounds fees half away from zero, rebates too', () => {
    const setting = { market: small, config: { feeRates: { maker: -0.005, taker: 0.005 } } };
    const orders = [order('taker', 0, { lots: 3 }), sellLimit('maker', 0, 102, { lots: 25 })];
    // 300 × 0.005 = 1.5; 2550 × −0.005 = −12.75.
    expect(money(match([flatBar(0, 100), flatBar(300, 103)], orders, setting))).toEqual([
      [2, 0],
      [-13, 3 * 102 - 300],
    ]);
    // 300 × −0.005 = −1.5.
    const rebate = { market: small, config: { feeRates: { maker: 0, taker: -0.005 } } };
    expect(money(match([flatBar(0, 100)], [order('rebate', 0, { lots: 3 })], rebate))).toEqual([[-2, 0]]);
  });

  it('releases the cost of a part rounded and keeps the rest, so that nothing is lost', () => {
    const bars = [flatBar(0, 100), flatBar(300, 101), flatBar(600, 105)];
    const orders = [order('a', 0), order('b', 300, { lots: 2 }), sell('c', 600), sell('d', 600, { lots: 2 })];
    // Cost 100 + 202 = 302. One of three releases round(100.67) = 101, realising 4; the rest releases 201, realising 9.
    expect(money(match(bars, orders, { market: small }))).toEqual([
      [0, 0],
      [0, 0],
      [0, 4],
      [0, 9],
    ]);
  });

  it('realises a short the other way round, and only the closing part of a reversal', () => {
    const bars = [flatBar(0, 100), flatBar(300, 90), flatBar(600, 95)];
    const orders = [sell('short', 0, { lots: 2 }), order('reverse', 300, { lots: 5 }), sell('close', 600, { lots: 3 })];
    expect(money(match(bars, orders, { market: small }))).toEqual([
      [0, 0],
      [0, 20],
      [0, 15],
    ]);
  });
});

describe('where the page leaves a choice, the reference', () => {
  it('lets the path reach a level at an instant before what arrives at that instant', () => {
    const cancels = [{ orderId: 's', arrival: 50 }];
    expect(told(match([WIDE], [sellLimit('s', 0, 104)], { cancels }))).toEqual(['s 1@104 maker t50', 's cancel-rejected t50']);
  });

  it('turns at an extreme before an order arrives there', () => {
    expect(told(match([WIDE], [sellLimit('high', 100, 111), order('b', 100), buyLimit('next', 100, 109)]))).toEqual([
      'b 1@110 taker t100',
      'next 1@109 maker t110',
    ]);
  });

  it('expires the rest of an immediate reduce-only order as not filled and cancels the others', () => {
    const orders = [
      order('long', 0, { lots: 3 }),
      sellLimit('other', 1, 120, { reduceOnly: true }),
      sell('now', 10, { lots: 5, tif: 'ioc', reduceOnly: true }),
    ];
    expect(told(match([WIDE], orders))).toEqual([
      'long 3@100 taker t0',
      'now 3@101 taker t10',
      'now expired not-filled t10',
      'other cancelled reduce-only t10',
    ]);
  });

  it('does not fill a reduce-only FOK order larger than the position', () => {
    const orders = [order('long', 0, { lots: 3 }), sell('now', 10, { lots: 5, tif: 'fok', reduceOnly: true })];
    expect(told(match([WIDE], orders))).toEqual(['long 3@100 taker t0', 'now expired not-filled t10']);
  });

  it('judges a reduce-only order that still waits by its activation, not by the position of the moment', () => {
    const bars = [WIDE, bar(300, 80, 81, 79, 80)];
    const orders = [
      order('long', 0),
      sell('stop', 1, { type: 'stop', stop: 85, reduceOnly: true }),
      sellLimit('waiting', 300, 90, { reduceOnly: true }),
      sell('last', 300),
    ];
    expect(told(match(bars, orders))).toEqual([
      'long 1@100 taker t0',
      'stop 1@80 taker t300',
      'waiting expired reduce-only t300',
      'last 1@80 taker t300',
    ]);
  });

  it('ends with the last close, so that what arrives later never does', () => {
    const cancels = [
      { orderId: 'b', arrival: 300 },
      { orderId: 'b', arrival: 301 },
    ];
    expect(told(match([WIDE], [buyLimit('b', 0, 50)], { cancels }))).toEqual(['b cancelled t300']);
  });

  it('compares the minimum notional in exact decimals', () => {
    // 7 × 109 × 0.1 × 0.001 is 0.0763; multiplied as floats from the left it falls just below.
    const market = { tickSize: 0.1, lotSize: 0.001, minNotional: 0.0763 };
    const bars = [bar(0, 10.9, 10.9, 10.9, 10.9)];
    expect(told(match(bars, [order('b', 0, { lots: 7 })], { market, config: { participation: null } }))).toEqual(['b 7@109 taker t0']);
    expect(told(match(bars, [order('b', 0, { lots: 6 })], { market }))).toEqual(['b rejected min-notional t0']);
  });
});

describe('take-profit orders', () => {
  const gap = [bar(0, 100, 100, 100, 100), bar(300, 112, 112, 112, 112)];
  const takeProfit = (id: string, side: 'buy' | 'sell', stop: number, rest: Partial<ReferenceOrder> = {}) =>
    order(id, 0, { type: 'take-profit', side, stop, ...rest });

  it('wait above the market to sell and below it to buy, and take there', () => {
    expect(told(match([WIDE], [takeProfit('s', 'sell', 108), takeProfit('b', 'buy', 95)]))).toEqual([
      's 1@108 taker t80',
      'b 1@95 taker t175',
    ]);
  });

  it('take at once where the price is there already, and at the open of a gap', () => {
    expect(told(match([WIDE], [takeProfit('b', 'buy', 101)]))).toEqual(['b 1@100 taker t0']);
    expect(told(match(gap, [takeProfit('s', 'sell', 108)]))).toEqual(['s 1@112 taker t300']);
  });

  it('with a limit rest at it, or take within it', () => {
    const limited = (id: string, limit: number) => takeProfit(id, 'sell', 108, { type: 'take-profit-limit', limit });
    expect(told(match([WIDE], [limited('r', 109), limited('t', 105)], touch))).toEqual(['t 1@108 taker t80', 'r 1@109 maker t90']);
  });
});

describe('trailing stops', () => {
  const trail = (id: string, arrival: number, side: 'buy' | 'sell', by: Partial<NonNullable<ReferenceOrder['trail']>>) =>
    order(id, arrival, { type: 'trailing-stop', side, trail: { bps: null, distance: null, activation: null, ...by } });

  it('follow a rise by a distance or a share of the best price, and sell when it is given back', () => {
    expect(told(match([WIDE], [trail('s', 0, 'sell', { distance: 5 })]))).toEqual(['s 1@105 taker t125']);
    // 2.5 % of 110 is 2.75: the trigger is 107.25, rounded away from the market.
    expect(told(match([WIDE], [trail('s', 0, 'sell', { bps: 250 })]))).toEqual(['s 1@107 taker t115']);
  });

  it('follow a fall to buy, and stand while the price comes back', () => {
    expect(told(match([WIDE], [trail('b', 0, 'buy', { distance: 5 })]))).toEqual(['b 1@105 taker t50']);
    const lowFirst = { config: { path: 'low-first' } } as const;
    expect(told(match([WIDE], [trail('b', 0, 'buy', { distance: 5 })], lowFirst))).toEqual(['b 1@95 taker t125']);
  });

  it('begin with the price between two points at which they arrive', () => {
    expect(told(match([WIDE], [trail('s', 145, 'sell', { distance: 5 })]))).toEqual(['s 1@96 taker t170']);
    // 102.5 at 25, so the trigger is 103.5, rounded away from the market.
    expect(told(match([WIDE], [trail('b', 25, 'buy', { distance: 1 })]))).toEqual(['b 1@104 taker t40']);
  });

  it('follow nothing before their activation', () => {
    const activated = (activation: number) => told(match([WIDE], [trail('s', 0, 'sell', { distance: 2, activation })]));
    expect(activated(108)).toEqual(['s 1@108 taker t110']);
    expect(activated(111)).toEqual([]);
  });

  it('pay a gap whole', () => {
    const bars = [bar(0, 100, 100, 100, 100), bar(300, 90, 90, 90, 90)];
    expect(told(match(bars, [trail('s', 0, 'sell', { distance: 5 })]))).toEqual(['s 1@90 taker t300']);
  });

  it('are never nearer than one tick', () => {
    expect(told(match([WIDE], [trail('s', 0, 'sell', { bps: 1 })]))).toEqual(['s 1@109 taker t105']);
  });
});

describe('orders good till a date', () => {
  const until = (id: string, arrival: number, goodTill: number) => buyLimit(id, arrival, 95, { tif: 'gtd', goodTill });

  it('expire at their time, after what the path reaches then', () => {
    expect(told(match([WIDE], [until('a', 0, 174), until('b', 0, 175)], touch))).toEqual(['a expired gtd t174', 'b 1@95 maker t175']);
  });

  it('expire on arrival when it is past, and before a bar that opens then', () => {
    expect(told(match([WIDE, bar(900, 95, 95, 95, 95)], [until('late', 200, 200), until('hole', 400, 900)], touch))).toEqual([
      'late expired gtd t200',
      'hole expired gtd t900',
    ]);
  });
});

describe('orders that close the position', () => {
  const close = order('c', 10, { type: 'stop', side: 'sell', stop: 95, lots: 0, reduceOnly: true, closePosition: true });

  it('sell all that is held, and are then done', () => {
    expect(told(match([WIDE], [order('b', 0, { lots: 3 }), close]))).toEqual([
      'b 3@100 taker t0',
      'c 3@95 taker t175',
      'c cancelled position-closed t175',
    ]);
  });

  it('go on at the next open with what the volume did not allow', () => {
    const bars = [bar(0, 100, 110, 90, 105, 4), bar(300, 105, 105, 105, 105, 4)];
    expect(told(match(bars, [order('b', 0, { lots: 3 }), close]))).toEqual([
      'b 3@100 taker t0',
      'c 1@95 taker t175',
      'c 2@105 taker t300',
      'c cancelled position-closed t300',
    ]);
  });

  it('expire without a position', () => {
    expect(told(match([WIDE], [close]))).toEqual(['c expired reduce-only t10']);
  });
});

describe('rule 10, the mark price', () => {
  const byMark = order('s', 0, { type: 'stop', side: 'sell', stop: 95, triggerBy: 'mark' });

  it('triggers an order at the path’s price of that moment, and the path itself does not', () => {
    expect(told(match([WIDE], [byMark], { market: { marks: [{ ts: 50, price: 94 }] } }))).toEqual(['s 1@105 taker t50']);
    expect(told(match([WIDE], [byMark], { market: { marks: [{ ts: -10, price: 100 }] } }))).toEqual([]);
  });

  it('triggers while no bar is open, and the order takes at the next open', () => {
    const bars = [WIDE, bar(900, 97, 97, 97, 97)];
    expect(
      told(
        match(bars, [byMark], {
          market: {
            marks: [
              { ts: -10, price: 100 },
              { ts: 400, price: 95 },
            ],
          },
        }),
      ),
    ).toEqual(['s 1@97 taker t900']);
  });

  it('is looked at when an order is activated', () => {
    expect(told(match([WIDE], [byMark], { market: { marks: [{ ts: -10, price: 94.5 }] } }))).toEqual(['s 1@100 taker t0']);
  });

  it('is what a trailing stop by mark follows', () => {
    const trailing = order('s', 0, {
      type: 'trailing-stop',
      side: 'sell',
      triggerBy: 'mark',
      trail: { bps: null, distance: 4, activation: null },
    });
    const marks = [100, 103, 99.5, 99].map((price, i) => ({ ts: -10 + 60 * i, price }));
    // The best mark is 103, so the trigger is 99; the path is at 94 by then, 30 before the end.
    expect(told(match([WIDE], [trailing], { market: { marks } }))).toEqual(['s 1@96 taker t170']);
  });
});

describe('rule 12, amendments', () => {
  const amend = (orderId: string, arrival: number, to: Partial<ReferenceAmendment>): ReferenceAmendment => ({
    orderId,
    arrival,
    lots: null,
    limit: null,
    stop: null,
    ...to,
  });
  const one = { market: {}, config: { limits: 'touch' } } as const;

  it('keep the place for fewer lots and lose it for more', () => {
    const bars = [bar(0, 100, 110, 90, 105, 1)];
    const orders = [buyLimit('a', 0, 95, { lots: 2 }), buyLimit('b', 0, 95)];
    const after = (lots: number) => told(match(bars, orders, { ...one, amendments: [amend('a', 10, { lots })] }));
    expect(after(1)).toEqual(['a amended t10', 'a 1@95 maker t175']);
    expect(after(3)).toEqual(['a amended t10', 'b 1@95 maker t175']);
  });

  it('take when the new limit is through the market', () => {
    const amendments = [amend('a', 50, { limit: 106 })];
    expect(told(match([WIDE], [buyLimit('a', 0, 95)], { ...one, amendments }))).toEqual(['a amended t50', 'a 1@105 taker t50']);
  });

  it('wait for the next open where there is no market', () => {
    const amendments = [amend('a', 400, { limit: 99 })];
    const bars = [WIDE, bar(900, 97, 97, 97, 97)];
    expect(told(match(bars, [buyLimit('a', 0, 50)], { ...one, amendments }))).toEqual(['a amended t400', 'a 1@97 taker t900']);
  });

  it('trigger when the new stop is reached already', () => {
    const amendments = [amend('a', 50, { stop: 104 })];
    const stop = order('a', 0, { type: 'stop', stop: 120 });
    expect(told(match([WIDE], [stop], { amendments }))).toEqual(['a amended t50', 'a 1@105 taker t50']);
  });

  it('are refused where they cannot be', () => {
    const orders = [
      buyLimit('post', 0, 95, { postOnly: true }),
      order('part', 0, { type: 'limit', limit: 101, lots: 5 }),
      order('stop', 0, { type: 'stop', stop: 120 }),
    ];
    const amendments = [
      amend('post', 50, { limit: 105 }),
      amend('part', 51, { lots: 2 }),
      amend('stop', 52, { limit: 100 }),
      amend('post', 53, { stop: 100 }),
      amend('nobody', 54, { lots: 1 }),
      amend('stop', 55, { stop: 1 }),
    ];
    const bars = [bar(0, 100, 110, 90, 105, 2)];
    expect(told(match(bars, orders, { market: { minNotional: 80 }, amendments }))).toEqual([
      'part 2@100 taker t0',
      'post amend-rejected post-only t50',
      'part amend-rejected below-filled t51',
      'stop amend-rejected no-limit t52',
      'post amend-rejected no-stop t53',
      'nobody amend-rejected not-working t54',
      'stop amend-rejected min-notional t55',
    ]);
  });
});

describe('the adaptive path and finer bars', () => {
  const probe = (market: ReferenceBar, setting: Setting) => told(match([market], [order('probe', market.openTime + 100)], setting));
  const adaptive = { config: { path: 'adaptive' } } as const;

  it('goes the shorter way: low first in a bar that rises, high first in one that falls, the nearer one first in between', () => {
    expect(probe(bar(0, 100, 101, 90, 101), adaptive)).toEqual(['probe 1@90 taker t100']);
    expect(probe(bar(0, 100, 110, 99, 99), adaptive)).toEqual(['probe 1@110 taker t100']);
    expect(probe(bar(0, 100, 110, 99, 100), adaptive)).toEqual(['probe 1@99 taker t100']);
    expect(probe(bar(0, 100, 101, 90, 100), adaptive)).toEqual(['probe 1@101 taker t100']);
  });

  const piece = (openTime: number, open: number, high: number, low: number, close: number) => ({
    ...bar(openTime, open, high, low, close),
    length: 100,
  });
  const finer = [piece(0, 100, 104, 100, 103), piece(100, 103, 110, 90, 95), piece(200, 95, 106, 94, 105)];

  it('walks finer bars where they are the same bar', () => {
    expect(probe(WIDE, { market: { finer } })).toEqual(['probe 1@103 taker t100']);
  });

  it('walks the bar itself where one is missing or they contradict it', () => {
    expect(probe(WIDE, { market: { finer: finer.slice(0, 2) } })).toEqual(['probe 1@110 taker t100']);
    expect(probe(WIDE, { market: { finer: [...finer.slice(0, 2), piece(200, 95, 106, 94, 104)] } })).toEqual(['probe 1@110 taker t100']);
  });
});

describe('the reference on any orders over any bars', () => {
  const orderOf = (input: ReferenceInput, id: string): ReferenceOrder | undefined => input.orders.find(o => o.id === id);
  const filledLots = (events: readonly ReferenceEvent[]): number => events.reduce((sum, e) => sum + (e.lots ?? 0), 0);
  const always = (property: (input: ReferenceInput, events: ReferenceEvent[]) => void): void =>
    fc.assert(
      fc.property(referenceInput(), input => property(input, referenceMatch(input))),
      { numRuns: 150 },
    );

  it('tells events in order of time, of known orders, none before arrival or after the data', () => {
    always((input, events) => {
      const dataEnds = Math.max(...input.symbols.flatMap(s => s.bars.map(b => b.openTime + b.length)));
      events.forEach((e, i) => {
        expect(e.ts).toBeGreaterThanOrEqual(events[i - 1]?.ts ?? 0);
        expect(e.ts).toBeLessThanOrEqual(dataEnds);
        if (e.event !== 'cancel-rejected' && e.event !== 'amend-rejected')
          expect(e.ts).toBeGreaterThanOrEqual(orderOf(input, e.orderId)?.arrival ?? Infinity);
      });
    });
  });

  it('fills only while a bar is open', () => {
    always((input, events) => {
      for (const e of events.filter(event => event.event === 'filled')) {
        const bars = input.symbols.find(s => s.symbol === e.symbol)?.bars ?? [];
        expect(bars.some(b => e.ts >= b.openTime && e.ts <= b.openTime + b.length)).toBe(true);
      }
    });
  });

  it('never fills a limit worse than its limit, and makes at exactly the limit', () => {
    always((input, events) => {
      const limits = new Map(input.orders.map(({ id, limit }) => [id, limit]));
      for (const e of events) {
        if (e.terms !== undefined) limits.set(e.orderId, e.terms.limit ?? undefined);
        const limit = limits.get(e.orderId);
        if (e.priceTicks === undefined) continue;
        if (e.liquidity === 'maker') expect(e.priceTicks).toBe(limit);
        if (limit === undefined) continue;
        if (orderOf(input, e.orderId)?.side === 'buy') expect(e.priceTicks).toBeLessThanOrEqual(limit);
        else expect(e.priceTicks).toBeGreaterThanOrEqual(limit);
      }
    });
  });

  it('ends each order at most once, with nothing after the end and never more than its lots', () => {
    always((input, events) => {
      for (const { id, lots: first, closePosition } of input.orders) {
        const own = events.filter(e => e.orderId === id && e.event !== 'cancel-rejected' && e.event !== 'amend-rejected');
        const filled = filledLots(own);
        let lots = closePosition ? Infinity : first;
        let done = 0;
        own.forEach((e, i) => {
          if (e.event === 'filled') expect(e.lots).toBeGreaterThan(0);
          else if (e.event !== 'amended') expect(i).toBe(own.length - 1);
          done += e.lots ?? 0;
          lots = e.terms?.lots ?? lots;
          expect(done).toBeLessThanOrEqual(lots);
          if (e.terms !== undefined) expect(done).toBeLessThan(lots);
        });
        if (filled === lots) expect(own[own.length - 1]?.event).toBe('filled');
      }
    });
  });

  it('fills immediate orders at one moment and fill-or-kill orders whole', () => {
    always((input, events) => {
      for (const { id, lots: first, tif, closePosition } of input.orders) {
        const fills = events.filter(e => e.orderId === id && e.event === 'filled');
        const lots = events.filter(e => e.orderId === id).reduce((now, e) => e.terms?.lots ?? now, first);
        if (tif === 'ioc' || tif === 'fok') expect(fills.length).toBeLessThanOrEqual(1);
        if (tif === 'fok' && fills.length > 0 && !closePosition) expect(filledLots(fills)).toBe(lots);
      }
    });
  });

  it('keeps every bar within its share of the volume', () => {
    always((input, events) => {
      const { participation } = input.config;
      if (participation === null) return;
      for (const { symbol, bars, lotSize, finer } of input.symbols) {
        // Which of the finer bars are walked is what another test looks at.
        if (finer !== undefined) continue;
        const fills = events.filter(e => e.symbol === symbol && e.event === 'filled');
        // A fill at the instant between two bars belongs to either: the earlier bar takes all that it can, which is the most lenient reading.
        for (const { openTime, length, volume } of bars) {
          let left = volume === null ? Infinity : Math.floor((participation * volume) / lotSize + 1e-9);
          while (fills[0] !== undefined && fills[0].ts <= openTime + length) {
            const lots = fills[0].lots ?? 0;
            if (lots > left) {
              expect(fills[0].ts).toBe(openTime + length);
              break;
            }
            left -= lots;
            fills.shift();
          }
        }
        expect(fills).toEqual([]);
      }
    });
  });

  it('never lets a reduce-only order add to a position or turn it', () => {
    always((input, events) => {
      const position = new Map<string, number>();
      for (const e of events) {
        const own = orderOf(input, e.orderId);
        if (own === undefined || e.lots === undefined) continue;
        const before = position.get(e.symbol) ?? 0;
        const after = before + (own.side === 'buy' ? e.lots : -e.lots);
        if (own.reduceOnly) {
          expect(Math.abs(after)).toBe(Math.abs(before) - e.lots);
          expect(after * before).toBeGreaterThanOrEqual(0);
        }
        position.set(e.symbol, after);
      }
    });
  });

  it('realises exactly what came in less what went out whenever a position is flat', () => {
    always((input, events) => {
      for (const { symbol, tickSize, lotSize } of input.symbols) {
        const unit = Math.round(tickSize * lotSize * 1e8);
        let [position, cash, realised] = [0, 0, 0];
        for (const e of events.filter(event => event.symbol === symbol && event.event === 'filled')) {
          const signed = (orderOf(input, e.orderId)?.side === 'buy' ? 1 : -1) * (e.lots ?? 0);
          position += signed;
          cash -= signed * (e.priceTicks ?? 0) * unit;
          realised += e.realised ?? 0;
          if (position === 0) expect(realised).toBe(cash);
        }
      }
    });
  });

  it('fills a symbol as if the other were not there', () => {
    always((input, events) => {
      for (const only of input.symbols) {
        const alone = referenceMatch({ ...input, symbols: [only], orders: input.orders.filter(o => o.symbol === only.symbol) });
        const fills = (all: readonly ReferenceEvent[]) => all.filter(e => e.event === 'filled' && e.symbol === only.symbol);
        expect(fills(alone)).toEqual(fills(events));
      }
    });
  });

  it('meets every kind of event, so that the properties are about something', () => {
    const seen = new Map<string, number>();
    for (const input of fc.sample(referenceInput(), { numRuns: 400, seed: 7 }))
      for (const e of referenceMatch(input)) {
        const key = [e.event, e.code ?? e.liquidity].filter(part => part !== undefined).join(' ');
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    for (const key of [
      'filled maker',
      'filled taker',
      'rejected min-notional',
      'rejected post-only',
      'expired reduce-only',
      'expired not-marketable',
      'expired not-filled',
      'cancelled',
      'cancelled reduce-only',
      'cancel-rejected',
      'expired gtd',
      'cancelled position-closed',
      'amended',
      'amend-rejected not-working',
      'amend-rejected below-filled',
      'amend-rejected no-limit',
      'amend-rejected no-stop',
      'amend-rejected min-notional',
    ])
      expect([key, (seen.get(key) ?? 0) >= 10]).toEqual([key, true]);
    for (const key of ['amend-rejected close-position', 'amend-rejected post-only']) expect(seen.has(key)).toBe(true);
  });
});
