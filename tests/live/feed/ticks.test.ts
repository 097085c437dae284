import { describe, expect, it } from 'vitest';
import type { MarketMessage } from '../../../src/live/venue-transport.js';
import { barAt, barMessage, BTC, EPOCH, MINUTE, rig, trueHistory, warmed } from './fake-venue.js';
import { virtualClock } from './virtual-clock.js';

type Kind<K extends MarketMessage['kind']> = Extract<MarketMessage, { kind: K }>;
const trade = (id: string, ts: number, price = 40_000, quantity = 1, side: 1 | -1 = 1): Kind<'trade'> => ({
  kind: 'trade',
  symbol: BTC,
  id,
  price,
  quantity,
  side,
  ts,
});
const quote = (ts: number, bid = 39_999, ask = 40_001): Kind<'quote'> => ({
  kind: 'quote',
  symbol: BTC,
  bid,
  bidSize: 2,
  ask,
  askSize: 3,
  ts,
});
const mark = (ts: number, price = 40_000, index = 40_010): Kind<'mark'> => ({ kind: 'mark', symbol: BTC, price, index, ts });
const on = (...kinds: readonly ('trades' | 'quotes' | 'mark' | 'funding' | 'open-interest')[]) =>
  kinds.map(kind => ({ kind, symbol: BTC }));

describe('ticks of a live feed', () => {
  it('gives what arrives in one turn together, by kind, and to just past the newest', async () => {
    const r = rig(on('trades', 'quotes', 'mark'));
    r.feed.start();
    r.say(trade('1', EPOCH + 3));
    r.say(quote(EPOCH + 2));
    r.say(mark(EPOCH + 1));
    await r.clock.run(0);
    expect(r.slabs).toHaveLength(1);
    expect(r.slabs[0]?.chunks.map(({ kind }) => kind)).toEqual(['index', 'mark', 'quotes', 'trades']);
    expect(r.slabs[0]?.to).toBeGreaterThan(EPOCH + 3);
    expect(r.slabs[0]?.to).toBeLessThan(EPOCH + 4);
    expect(r.given('trades')).toEqual([[EPOCH + 3, 40_000, 1, 1]]);
    expect(r.given('index')).toEqual([[EPOCH + 1, 40_010]]);
  });

  it('takes each trade once by its id, also beyond 2^53, and never by its values', async () => {
    const r = rig(on('trades'));
    r.feed.start();
    for (const id of ['9007199254740993', '9007199254740992', '9007199254740993', '', '']) r.say(trade(id, EPOCH));
    await r.clock.run(0);
    expect(r.given('trades')).toHaveLength(4);
    expect(r.feed.counters.duplicates).toBe(1);
  });

  it('raises a late trade to the newest time that was given, and drops an older quote', async () => {
    const r = rig(on('trades', 'quotes'));
    r.feed.start();
    r.say(trade('1', EPOCH + 100));
    r.say(quote(EPOCH + 90));
    await r.clock.run(0);
    r.say(trade('2', EPOCH + 50));
    r.say(quote(EPOCH + 80, 39_000, 39_001));
    await r.clock.run(0);
    expect(r.given('trades').map(([ts]) => ts)).toEqual([EPOCH + 100, EPOCH + 100]);
    expect(r.given('quotes')).toHaveLength(1);
    expect(r.feed.quote(BTC)).toMatchObject({ bid: 39_999 });
    expect(r.feed.counters.late).toBe(2);
  });

  it('back-fills trades after the stream was away, with an overlap, and keeps what arrives meanwhile behind them', async () => {
    const clock = virtualClock(EPOCH);
    const asked: number[] = [];
    const all = Array.from({ length: 25 }, (_, i) => [EPOCH + i * 10, 40_000, 1, 1, String(i)] as const);
    const history = {
      ...trueHistory(clock),
      trades: async (_: string, from: number, limit: number) => {
        asked.push(from);
        await new Promise<void>(resolve => clock.after(50, resolve));
        return all.filter(([ts]) => ts >= from && ts <= EPOCH + 200).slice(0, limit);
      },
    };
    const r = rig(on('trades'), { clock, history, config: { pageRows: 8 } });
    r.feed.start();
    for (const i of [0, 1, 2, 3]) r.say(trade(String(i), EPOCH + i * 10));
    await clock.run(1_000);
    r.feed.receive({ event: 'stream', channel: 'trades', symbol: BTC, up: false, code: 'closed' });
    r.feed.receive({ event: 'stream', channel: 'trades', symbol: BTC, up: true, code: 'opened' });
    await clock.run(10);
    for (const i of [20, 21]) r.say(trade(String(i), EPOCH + i * 10));
    await clock.run(1_000);
    expect(r.given('trades').map(([ts]) => ts)).toEqual(all.slice(0, 22).map(([ts]) => ts));
    expect(asked[0]).toBe(EPOCH + 30);
    // 20 was both in the answer and on the stream.
    expect(r.words.filter(({ type }) => type === 'GapFound')).toMatchObject([
      { channel: 'trades', from: EPOCH + 30, recovered: 17, code: 'back-filled' },
    ]);
    expect(r.feed.counters.duplicates).toBe(1);
  });

  it('holds ticks that are later than a bar which is not there yet', async () => {
    const r = rig([{ kind: 'bars', symbol: BTC, timeframe: '1m' }, ...on('trades')]);
    await warmed(r, 1, 30_000);
    await r.clock.run(30_000);
    r.say(trade('1', EPOCH + MINUTE - 1));
    r.say(trade('2', EPOCH + MINUTE + 1));
    await r.clock.run(0);
    expect(r.given('trades').map(([ts]) => ts)).toEqual([EPOCH + MINUTE - 1]);
    r.say(barMessage(BTC, barAt(BTC, '1m', EPOCH, Infinity), true, EPOCH + MINUTE));
    await r.clock.run(0);
    const kinds = r.slabs.map(({ chunks }) => chunks.map(({ kind }) => kind).join());
    expect(kinds).toEqual(['bars', 'trades', 'trades,bars']);
    expect(r.given('trades')).toHaveLength(2);
  });

  it('conflates for a slow consumer: the last quote and mark win, the volume of trades is kept, bars are never dropped', async () => {
    let free: () => void = () => undefined;
    const slow = { isOn: false };
    const r = rig([{ kind: 'bars', symbol: BTC, timeframe: '1m' }, ...on('trades', 'quotes', 'mark')], {
      config: { pendingRows: 1_000, expectedMs: { trades: 10 * MINUTE } },
      sink: { slab: () => (slow.isOn ? new Promise<void>(resolve => (free = resolve)) : undefined) },
    });
    await warmed(r, 1);
    slow.isOn = true;
    r.say(trade('first', EPOCH + 2_000));
    await r.clock.run(0);
    const before = r.slabs.length;
    const n = 50_000;
    let bought = 0;
    for (let i = 0; i < n; i++) {
      const side = i % 3 === 0 ? -1 : 1;
      if (side > 0) bought += i % 5 === 0 ? 2 : 1;
      r.say(trade(`t${i}`, EPOCH + 2_000 + (i >> 6), 40_000 + (i % 10), side > 0 && i % 5 === 0 ? 2 : 1, side));
      r.say(quote(EPOCH + 2_000 + (i >> 6), 39_990 + (i % 5), 40_020));
      r.say(mark(EPOCH + 2_000 + i / 64));
    }
    for (const i of [0, 1, 2]) {
      await r.clock.run(MINUTE);
      r.say(barMessage(BTC, barAt(BTC, '1m', EPOCH + i * MINUTE, Infinity), true, EPOCH + (i + 1) * MINUTE));
    }
    await r.clock.run(5_000);
    expect(r.slabs).toHaveLength(before);
    slow.isOn = false;
    free();
    await r.clock.run(10);
    expect(r.given('bars').map(([open]) => open)).toEqual([-1, 0, 1, 2].map(i => EPOCH + i * MINUTE));
    expect(r.given('quotes')).toHaveLength(1);
    expect(r.given('mark')).toHaveLength(1);
    expect(r.given('quotes')[0]?.[1]).toBe(39_990 + ((n - 1) % 5));
    const trades = r.given('trades').slice(1);
    expect(trades.length).toBeLessThanOrEqual(1_002);
    expect(trades.filter(([, , , side]) => side === 1).reduce((sum, [, , quantity]) => sum + (quantity ?? NaN), 0)).toBe(bought);
    // Trades beyond the bound; all quotes, marks and indices but one.
    expect(r.feed.counters.conflated).toBe(n - 1_000 + 3 * (n - 1));
    expect(r.feed.counters.received).toBe(3 * n + 1 + 3);
  });

  it('tells the last price at once, whatever the consumer of slabs does', () => {
    const prices: number[] = [];
    const r = rig(on('trades'), { sink: { slab: () => new Promise(() => undefined), price: (_, price) => prices.push(price) } });
    r.feed.start();
    r.say(trade('1', EPOCH, 40_000));
    r.say(trade('2', EPOCH + 1, 40_005));
    r.say(trade('0', EPOCH - 1, 39_000));
    expect(prices).toEqual([40_000, 40_005]);
  });
});

describe('settled funding and open interest of a live feed', () => {
  const polledHistory = (clock: ReturnType<typeof virtualClock>, settled: [number, number][], published: () => number) => ({
    ...trueHistory(clock),
    funding: async (_: string, from: number, to: number) => {
      await new Promise<void>(resolve => clock.after(20, resolve));
      return settled.filter(([ts]) => ts >= from && ts <= to && ts <= published());
    },
    openInterest: async (_: string, __: string, from: number, to: number) => {
      await new Promise<void>(resolve => clock.after(20, resolve));
      return [0, 1, 2, 3].map(i => [EPOCH + i * 5 * MINUTE, 100 + i] as const).filter(([ts]) => ts >= from && ts <= to);
    },
  });

  it('gives a rate once, by whichever way it came first, and says a different second word', async () => {
    const clock = virtualClock(EPOCH);
    const at = EPOCH + 10 * MINUTE;
    const r = rig(on('funding'), { clock, history: polledHistory(clock, [[at + 4, 0.0002]], () => clock.market() - MINUTE) });
    r.feed.start();
    await clock.run(10 * MINUTE + 1_000);
    r.say({ kind: 'funding', symbol: BTC, rate: 0.0001, interval: 8 * 60 * MINUTE, ts: at });
    r.say({ kind: 'funding', symbol: BTC, rate: 0.0001, interval: 8 * 60 * MINUTE, ts: at });
    await clock.run(30 * MINUTE);
    expect(r.given('funding')).toEqual([[at, 0.0001, 8 * 60 * MINUTE]]);
    expect(r.codes('DataQuarantined')).toContain('revised');
  });

  it('finds a rate that the stream never told, published half an hour late, and gives it at a time not before what was given', async () => {
    const clock = virtualClock(EPOCH);
    const at = EPOCH + 10 * MINUTE;
    const r = rig(on('funding', 'mark'), { clock, history: polledHistory(clock, [[at, 0.0003]], () => clock.market() - 30 * MINUTE) });
    r.feed.start();
    for (let i = 0; i < 60; i++) {
      r.say(mark(clock.market()));
      await clock.run(MINUTE);
    }
    const [row, ...more] = r.given('funding');
    expect(more).toEqual([]);
    expect(row?.slice(1)).toEqual([0.0003, 8 * 60 * MINUTE]);
    expect(row?.[0]).toBeGreaterThanOrEqual(at + 30 * MINUTE);
  });

  it('never mixes an estimate with a settled rate', async () => {
    const r = rig(on('funding'));
    r.feed.start();
    r.say({ kind: 'funding-estimate', symbol: BTC, rate: 0.0009, nextAt: EPOCH + 1, ts: EPOCH });
    await r.clock.run(10 * MINUTE);
    expect(r.given('funding')).toEqual([]);
    expect(r.feed.fundingEstimate(BTC)).toMatchObject({ rate: 0.0009 });
  });

  it('polls open interest, each value once', async () => {
    const clock = virtualClock(EPOCH);
    const r = rig(on('open-interest'), { clock, history: polledHistory(clock, [], () => 0) });
    r.feed.start();
    await clock.run(20 * MINUTE + 1_000);
    expect(r.given('open-interest').map(([, value]) => value)).toEqual([100, 101, 102, 103]);
  });
});
