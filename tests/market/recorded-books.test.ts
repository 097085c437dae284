import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFiles } from '../../src/datasets/import/read-files.js';
import type { Series } from '../../src/datasets/series.js';
import { BookFeed } from '../../src/market/book-sync.js';
import { units } from '../../src/market/units.js';
import { hasSharedData, sharedColumns } from '../datasets/shared-data.js';

const DATA = '../shared/data';
const EXPECTED = '../shared/expected/data_facts.json';

interface Recording {
  readonly recording: string;
  readonly updates_applied: number;
  readonly sequence_breaks: number;
  readonly crossed_states: number;
  readonly last_update_id: number;
  readonly final_best_bid: readonly [number, number];
  readonly final_best_ask: readonly [number, number];
  readonly final_bid_levels: number;
  readonly final_ask_levels: number;
  readonly sum_qty_best_10_bids: number;
  readonly sum_qty_best_10_asks: number;
  readonly bookticker_same_id: number;
  readonly bookticker_equal: number;
}

const only = async (file: string, symbol: string): Promise<Series> => {
  const [imported] = await readFiles([file], { mode: 'report', exchange: 'binance', symbol });
  return imported!.series;
};

describe.skipIf(!existsSync(EXPECTED) || !hasSharedData)('recorded books (needs ../shared)', () => {
  const facts = existsSync(EXPECTED)
    ? (JSON.parse(readFileSync(EXPECTED, 'utf8')) as { order_book_replay: { recordings: Recording[] } }).order_book_replay.recordings
    : [];

  it('keeps the Bybit book of XRP valid from its snapshot on', async () => {
    const series = await only(`${DATA}/bybit-linear_XRPUSDT_book_l2_2024-12-01.csv.gz`, 'XRP/USDT:USDT');
    const feed = new BookFeed(units({ tickSize: 0.0001, lotSize: 1 }));
    for (let row = 0; row < series.rows;) {
      row += feed.apply(series, row);
      expect(feed.valid).toBe(true);
    }
    // One snapshot and 49 updates, numbered one by one.
    expect(feed.counts).toEqual({ applied: 49, skipped: 0, snapshots: 1, breaks: 0 });
  });

  it.each(facts)('$recording ends as the independent replay does', async fact => {
    const spot = fact.recording.includes('spot');
    const series = await only(`${DATA}/${fact.recording}_book_l2.csv.gz`, spot ? 'BTC/USDT' : 'BTC/USDT:USDT');
    const scale = units(spot ? { tickSize: 0.01, lotSize: 0.00001 } : { tickSize: 0.1, lotSize: 0.001 });
    const feed = new BookFeed(scale);
    const tops = new Map<number, string>();
    for (let row = 0; row < series.rows;) {
      row += feed.apply(series, row);
      const { book } = feed;
      if (feed.valid)
        tops.set(
          feed.lastId,
          [
            scale.price(book.bestBid),
            scale.quantity(book.lotsAt(1, book.bestBid)),
            scale.price(book.bestAsk),
            scale.quantity(book.lotsAt(-1, book.bestAsk)),
          ].join(),
        );
    }
    const { book } = feed;
    expect(feed.counts.applied).toBe(fact.updates_applied);
    expect(feed.counts.breaks).toBe(fact.sequence_breaks + fact.crossed_states);
    expect(feed.faults.map(({ code }) => code)).toEqual(['no-snapshot']);
    expect(feed.lastId).toBe(fact.last_update_id);
    expect([scale.price(book.bestBid), scale.quantity(book.lotsAt(1, book.bestBid))]).toEqual(fact.final_best_bid);
    expect([scale.price(book.bestAsk), scale.quantity(book.lotsAt(-1, book.bestAsk))]).toEqual(fact.final_best_ask);
    expect(book.levels(1)).toBe(fact.final_bid_levels);
    expect(book.levels(-1)).toBe(fact.final_ask_levels);
    expect(scale.quantity(book.depth(1, 10))).toBeCloseTo(fact.sum_qty_best_10_bids, 9);
    expect(scale.quantity(book.depth(-1, 10))).toBeCloseTo(fact.sum_qty_best_10_asks, 9);

    const { update_id, bid, bid_qty, ask, ask_qty } = sharedColumns(`${fact.recording}_bookticker`);
    const best = new Map(
      update_id!.map((id, i) => [Number(id), [bid, bid_qty, ask, ask_qty].map(column => Number(column![i])).join()] as const),
    );
    const same = [...tops].filter(([id]) => best.has(id));
    expect(same).toHaveLength(fact.bookticker_same_id);
    expect(same.filter(([id, top]) => best.get(id) === top)).toHaveLength(fact.bookticker_equal);
  });
});
