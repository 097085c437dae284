import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../../src/market/instrument.js';
import type { MarketMessage } from '../../../src/live/venue-transport.js';
import { barAt, barMessage, BTC, EPOCH, MINUTE, rig, trueHistory, unanswered, warmed, type Row } from './fake-venue.js';
import { virtualClock } from './virtual-clock.js';

const BARS = [{ kind: 'bars', symbol: BTC, timeframe: '1m' }] as const;
const TRADES = [{ kind: 'trades', symbol: BTC }] as const;
const trade = (id: string, ts: number, price = 40_000): MarketMessage => ({
  kind: 'trade',
  symbol: BTC,
  id,
  price,
  quantity: 1,
  side: 1,
  ts,
});
const quote = (ts: number, bid: number, ask: number): MarketMessage => ({
  kind: 'quote',
  symbol: BTC,
  bid,
  bidSize: 1,
  ask,
  askSize: 1,
  ts,
});

describe('the age of data', () => {
  it('is bounded by three expected intervals: silence is stale, the channel is opened anew with pauses that double', async () => {
    const r = rig(TRADES, { config: { expectedMs: { trades: 10_000 }, wallSlackMs: 0 } });
    r.feed.start();
    r.say(trade('1', EPOCH));
    await r.clock.run(30_000);
    expect(r.feed.tradable(BTC)).toBe(true);
    await r.clock.run(2);
    expect(r.feed.tradable(BTC)).toBe(false);
    expect(r.words).toMatchObject([{ type: 'ConnectionChanged', channel: 'trades', symbol: BTC, state: 'stale' }]);
    expect(r.resubscribed).toHaveLength(1);
    // After 1, 2, 4 and 8 seconds more.
    await r.clock.run(15_500);
    expect(r.resubscribed).toHaveLength(5);
    r.say(trade('2', r.clock.market()));
    expect(r.feed.tradable(BTC)).toBe(true);
    expect(r.words.at(-1)).toMatchObject({ state: 'live' });
    await r.clock.run(20_000);
    expect(r.resubscribed).toHaveLength(5);
  });

  it.each([
    ['the same trade again and again', (): MarketMessage => trade('1', EPOCH)],
    ['the same price with no new time', (n: number): MarketMessage => trade(`x${n}`, EPOCH)],
    ['a stream that lags by more than the bound', (n: number): MarketMessage => trade(`x${n}`, EPOCH + n * 1_000 - 40_000)],
  ])('is not made new by %s', async (_, message) => {
    const r = rig(TRADES, { config: { expectedMs: { trades: 10_000 }, wallSlackMs: 0 } });
    r.feed.start();
    for (let n = 0; n < 60; n++) {
      r.say(message(n));
      await r.clock.run(1_000);
    }
    expect(r.feed.tradable(BTC)).toBe(false);
    expect(r.words.filter(({ type }) => type === 'ConnectionChanged')).toMatchObject([{ state: 'stale' }]);
  });

  it('is judged in market time: at sixty times the speed a wall second is a minute', async () => {
    const r = rig(TRADES, { clock: virtualClock(EPOCH, 60), config: { expectedMs: { trades: MINUTE }, wallSlackMs: 0 } });
    r.feed.start();
    r.say(trade('1', EPOCH));
    await r.clock.run(2_990);
    expect(r.feed.tradable(BTC)).toBe(true);
    await r.clock.run(20);
    expect(r.feed.tradable(BTC)).toBe(false);
  });

  it('makes a symbol not tradable while its stream is down, until something new has come', async () => {
    const r = rig(TRADES);
    r.feed.start();
    r.say(trade('1', EPOCH));
    r.feed.receive({ event: 'stream', channel: 'trades', symbol: '', up: false, code: 'closed' });
    expect(r.feed.tradable(BTC)).toBe(false);
    r.feed.receive({ event: 'stream', channel: 'trades', symbol: '', up: true, code: 'opened' });
    expect(r.feed.tradable(BTC)).toBe(false);
    await r.clock.run(100);
    // The last word again is nothing new.
    r.say(trade('1', EPOCH));
    expect(r.feed.tradable(BTC)).toBe(false);
    r.say(trade('2', EPOCH + 100));
    expect(r.feed.tradable(BTC)).toBe(true);
    expect(r.words).toMatchObject([{ state: 'down' }, { state: 'live' }]);
  });
});

describe('data that cannot be', () => {
  const good = trade('1', EPOCH);
  const bar = barAt(BTC, '1m', EPOCH, EPOCH);
  const cases: readonly (readonly [string, MarketMessage])[] = [
    ['bad-price', trade('2', EPOCH, NaN)],
    ['bad-price', trade('2', EPOCH, -1)],
    ['bad-price', trade('2', EPOCH, Infinity)],
    ['bad-quantity', { ...trade('2', EPOCH), quantity: 0 } as MarketMessage],
    ['bad-time', trade('2', NaN)],
    ['from-the-future', trade('2', EPOCH + MINUTE)],
    ['from-the-past', trade('2', EPOCH - 120 * MINUTE)],
    ['price-jump', trade('2', EPOCH, 400_000)],
    ['price-jump', trade('2', EPOCH, 4_000)],
    ['crossed', quote(EPOCH, 40_001, 40_000)],
    ['price-jump', quote(EPOCH, 1, 80_000)],
    ['high-below-low', barMessage(BTC, [EPOCH, bar[1], 1, 2, bar[4], 1], false, EPOCH)],
    ['outside-range', barMessage(BTC, [EPOCH, 40_000, 40_001, 40_000, 40_002, 1], false, EPOCH)],
    ['wild-range', barMessage(BTC, [EPOCH, 40_000, 400_000, 40_000, 40_002, 1], false, EPOCH)],
    ['off-grid', barMessage(BTC, [EPOCH - 1, 40_000, 40_000, 40_000, 40_000, 1], false, EPOCH)],
    ['closed-too-early', barMessage(BTC, bar, true, EPOCH)],
    ['bad-rate', { kind: 'funding', symbol: BTC, rate: 5, interval: 1, ts: EPOCH }],
    ['bad-price', { kind: 'mark', symbol: BTC, price: 0, index: 0, ts: EPOCH }],
    ['bad-quantity', { kind: 'open-interest', symbol: BTC, value: NaN, ts: EPOCH }],
  ];
  it.each(cases)('is kept aside as %s, and nothing is concluded from it (%j)', async (code, message) => {
    const prices: number[] = [];
    const kinds = ['trades', 'quotes', 'mark', 'funding', 'open-interest'] as const;
    const r = rig([...BARS, ...kinds.map(kind => ({ kind, symbol: BTC }))], {
      sink: { slab: () => undefined, price: (_, price) => prices.push(price) },
    });
    r.feed.start();
    r.say(good);
    await r.clock.run(0);
    r.say(message);
    expect(r.codes('DataQuarantined')).toEqual([code]);
    expect(r.feed.counters.quarantined).toBe(1);
    expect(r.feed.lastPrice(BTC)).toBe(40_000);
    expect(prices).toEqual([40_000]);
  });

  it('passes a real jump once history has it too', async () => {
    const clock = virtualClock(EPOCH);
    const crash = (row: Row): Row => [row[0], row[1], row[2], 12_000, 12_000, row[5]];
    const r = rig(TRADES, { clock, history: trueHistory(clock, { tamper: rows => rows.map(crash) }) });
    r.feed.start();
    r.say(trade('1', EPOCH));
    r.say(trade('2', EPOCH + 1, 12_100));
    await clock.run(100);
    r.say(trade('3', EPOCH + 100, 12_050));
    expect(r.feed.lastPrice(BTC)).toBe(12_050);
    expect(r.codes('DataQuarantined')).toEqual(['price-jump']);
    expect(r.words.filter(({ type }) => type === 'NoteWritten')).toHaveLength(1);
  });

  it('does not pass a jump that history does not have, nor while history does not answer', async () => {
    for (const isOut of [true, false]) {
      const clock = virtualClock(EPOCH);
      const tamper = (rows: readonly Row[]): readonly Row[] => {
        if (isOut) throw unanswered();
        return rows;
      };
      const r = rig(TRADES, { clock, history: trueHistory(clock, { tamper }) });
      r.feed.start();
      r.say(trade('1', EPOCH));
      for (let i = 0; i < 50; i++) {
        r.say(trade(`x${i}`, clock.market(), 400_000));
        await clock.run(1_000);
      }
      expect(r.feed.lastPrice(BTC)).toBe(40_000);
      // Said once a minute, counted each time.
      expect(r.codes('DataQuarantined')).toEqual(['price-jump']);
      expect(r.feed.counters.quarantined).toBe(50);
    }
  });

  it('does not take a wild bar out of history that neither the stream nor the mark has', async () => {
    const clock = virtualClock(EPOCH);
    const wild = EPOCH - 3 * MINUTE;
    const spoil = (row: Row): Row => (row[0] === wild ? [row[0], row[1] * 10, row[2] * 10, row[3] * 10, row[4] * 10, row[5]] : row);
    const r = rig(BARS, { clock, history: trueHistory(clock, { tamper: rows => rows.map(spoil) }) });
    await warmed(r, 6, 30_000);
    expect(r.given('bars').map(([open]) => open)).toEqual([6, 5, 4, 2, 1].map(n => EPOCH - n * MINUTE));
    expect(r.codes('DataQuarantined')).toContain('price-jump');
    expect(r.codes('GapFound')).toEqual(['no-such-bar']);
  });
});

describe('the order book of a live feed', () => {
  const instrument: Instrument = {
    symbol: BTC,
    exchange: 'test',
    kind: 'linear-perpetual',
    tickSize: 0.1,
    lotSize: 0.001,
    minNotional: 5,
    contractSize: 1,
    maxLeverage: 10,
    maintenanceMarginRate: 0.01,
    source: 'a test',
  };
  const BOOK = [{ kind: 'book', symbol: BTC }] as const;
  type Levels = readonly (readonly [number, number])[];
  const book = (snapshot: boolean, ids: readonly [number, number, number], bids: Levels, asks: Levels, ts = EPOCH): MarketMessage => ({
    kind: 'book',
    symbol: BTC,
    snapshot,
    bids,
    asks,
    firstId: ids[0],
    lastId: ids[1],
    previousId: ids[2],
    ts,
  });
  const first = book(true, [NaN, 10, NaN], [[39_999.9, 1]], [[40_000.1, 2]]);
  const bookRig = (config = {}) => {
    const r = rig(BOOK, { instruments: [instrument], config });
    r.feed.start();
    return r;
  };

  it('is served from its snapshot on, by the venue’s own ids', () => {
    const r = bookRig();
    r.say(book(false, [11, 12, 10], [[39_999.8, 1]], []));
    expect(r.feed.book(BTC)).toBeNull();
    r.say(first);
    expect(r.feed.book(BTC)?.levels(1)).toBe(2);
    expect(r.feed.book(BTC)?.bestAsk).toBe(400_001);
  });

  it.each([
    ['a gap', book(false, [15, 16, 14], [[39_999.9, 5]], [])],
    ['a crossed level', book(false, [11, 12, 10], [[40_000.2, 1]], [])],
    ['a negative size', book(false, [11, 12, 10], [[39_999.9, -1]], [])],
    ['a price that is no number', book(false, [11, 12, 10], [[NaN, 1]], [])],
  ])('is not served after %s until a new snapshot, which is asked for', async (_, message) => {
    const r = bookRig();
    r.say(first);
    r.say(message);
    expect(r.feed.book(BTC)).toBeNull();
    await r.clock.run(0);
    expect(r.resubscribed).toEqual([{ kind: 'book', symbol: BTC }]);
    expect(r.codes('DataQuarantined')).toHaveLength(1);
    // The stream's consumer sees it break too.
    expect(r.given('book')).toHaveLength(3);
    r.say(book(true, [NaN, 30, NaN], [[39_999, 1]], [[40_000, 1]], EPOCH + 1));
    expect(r.feed.book(BTC)?.bestBid).toBe(399_990);
    await r.clock.run(5_000);
    expect(r.resubscribed).toHaveLength(1);
  });

  it('is not served when nothing has come for too long', async () => {
    const r = bookRig();
    r.say(first);
    await r.clock.run(29_000);
    expect(r.feed.book(BTC)).not.toBeNull();
    await r.clock.run(2_000);
    expect(r.feed.book(BTC)).toBeNull();
  });

  it('replaces what a slow consumer did not take by the book as it is, to which later updates link', async () => {
    let free: () => void = () => undefined;
    const slow = { isOn: true };
    const r = rig(BOOK, {
      instruments: [instrument],
      config: { pendingRows: 50 },
      sink: { slab: () => (slow.isOn ? new Promise<void>(resolve => (free = resolve)) : undefined) },
    });
    r.feed.start();
    r.say(first);
    await r.clock.run(0);
    for (let i = 0; i < 500; i++) r.say(book(false, [11 + i, 11 + i, 10 + i], [[39_990 + (i % 10), 1 + i]], [], EPOCH + i));
    slow.isOn = false;
    free();
    await r.clock.run(1);
    const rows = r.given('book').slice(2);
    expect(rows.length).toBeLessThan(64);
    // Replayed from the last snapshot row on it is the book that is served.
    const sides = new Map<string, number>();
    let isSnapshot = false;
    for (const [, side, price, quantity, snapshot] of rows) {
      if (snapshot === 1 && !isSnapshot) sides.clear();
      isSnapshot = snapshot === 1;
      if (quantity === 0) sides.delete(`${side} ${price}`);
      else sides.set(`${side} ${price}`, quantity ?? NaN);
    }
    const view = r.feed.book(BTC);
    expect(view?.levels(1)).toBe([...sides.keys()].filter(key => key.startsWith('1 ')).length);
    for (const [key, quantity] of sides) {
      const [side = '', price = ''] = key.split(' ');
      expect(view?.lotsAt(side === '1' ? 1 : -1, Math.round(Number(price) * 10))).toBe(Math.round(quantity * 1000));
    }
    expect(rows.at(-1)?.[6]).toBeGreaterThan(400);
  });
});
