import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { captureTail } from '../../../src/dashboard/accounts/capture-tail.js';
import { nodeDisk } from '../../../src/journal/node-disk.js';
import { captureTo } from '../../../src/live/feed/capture.js';
import type { LiveClock } from '../../../src/live/live-clock.js';
import { A, perpetual, T0 } from '../../engine/scenario.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'capture-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const clock = { market: () => T0, monotonic: () => 0, after: () => () => {} } as Partial<LiveClock> as LiveClock;
const capture = () => captureTo({ disk: nodeDisk(), folder, clock, venue: 'test', synthetic: true, instruments: [perpetual(A)] });
const MINUTE = 60_000;
const bar = (i: number, close: number, closed: boolean) =>
  ({
    kind: 'bar',
    symbol: A,
    timeframe: '1m',
    openTime: T0 + i * MINUTE,
    open: 100,
    high: 110,
    low: 90,
    close,
    volume: 5,
    closed,
    ts: T0 + i * MINUTE + 1,
  }) as const;
const levels = (...pairs: [number, number][]) => pairs;

describe('a market as a session received it', () => {
  it('has pulled history, closed bars once, and the open one as it is now', async () => {
    const first = await capture();
    first.bars(
      A,
      '1m',
      [0, 1, 2].map(i => [T0 + i * MINUTE, 100, 101, 99, 100 + i, 1]),
    );
    first.message(bar(2, 102.5, true));
    await first.close();
    const tail = captureTail(folder);
    expect(await tail.refresh()).toBe(true);
    const second = await capture();
    second.message(bar(3, 104, false));
    second.message(bar(3, 105, false));
    await second.close();
    await tail.refresh();
    const kept = tail.market.of(A)!;
    expect(kept.bars.get('1m')).toMatchObject({ ts: [0, 1, 2, 3].map(i => T0 + i * MINUTE), close: [100, 101, 102.5, 105] });
    expect([kept.last, tail.market.synthetic, tail.exists]).toEqual([105, true, true]);
    expect(await tail.refresh()).toBe(false);
  });

  it('has the newest quote, mark and rates, and the book with its changes applied', async () => {
    const kept = await capture();
    const ids = { firstId: NaN, lastId: 1, previousId: NaN };
    kept.message({ kind: 'quote', symbol: A, bid: 99, bidSize: 1, ask: 101, askSize: 1, ts: T0 });
    kept.message({ kind: 'mark', symbol: A, price: 100.5, index: 100.4, ts: T0 });
    kept.message({ kind: 'funding-estimate', symbol: A, rate: 0.0002, nextAt: T0 + 5, ts: T0 });
    kept.values(
      'funding',
      A,
      [
        [T0 - MINUTE * 600, 0.0001],
        [T0, 0.0003],
      ],
      28_800_000,
    );
    kept.message({
      kind: 'book',
      symbol: A,
      snapshot: true,
      bids: levels([98, 3], [97, 4]),
      asks: levels([102, 5], [103, 6]),
      ...ids,
      ts: T0,
    });
    kept.message({
      kind: 'book',
      symbol: A,
      snapshot: false,
      bids: levels([98, 0], [96, 9]),
      asks: levels([102, 7]),
      ...ids,
      lastId: 2,
      ts: T0 + 1,
    });
    await kept.close();
    const tail = captureTail(folder);
    await tail.refresh();
    const market = tail.market.of(A)!;
    expect(market).toMatchObject({ mark: 100.5, index: 100.4, fundingRate: 0.0002, nextFundingAt: T0 + 5, bid: 97, ask: 102 });
    expect(market.funding).toEqual([
      { ts: T0 - MINUTE * 600, rate: 0.0001 },
      { ts: T0, rate: 0.0003 },
    ]);
    expect(market.book(20)).toEqual({
      bids: [
        [97, 4],
        [96, 9],
      ],
      asks: [
        [102, 7],
        [103, 6],
      ],
    });
    expect(market.book(1)).toEqual({ bids: [[97, 4]], asks: [[102, 7]] });
  });

  it('is nothing where nothing is captured', async () => {
    const tail = captureTail(join(folder, 'none'));
    expect([await tail.refresh(), tail.exists, tail.market.of(A)]).toEqual([false, false, null]);
  });
});
