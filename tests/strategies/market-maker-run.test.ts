import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Chunk } from '../../src/events/market.js';
import { random } from '../../src/random.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import marketMaker from '../../src/strategies/builtin/market-maker.js';
import { resolveParams } from '../../src/strategies/params.js';
import { recordedMarket } from '../features/microstructure/recorded-market.js';

const SYMBOL = 'BTC/USDT:USDT';
const CAPITAL = 100_000;

const chunk = (kind: Chunk['kind'], rows: readonly (readonly number[])[], width: number): Chunk => ({
  kind,
  symbol: SYMBOL,
  ...(kind === 'bars' && { timeframe: '1s' }),
  rows: rows.length,
  ts: Float64Array.from(rows, row => row[0] ?? NaN),
  columns: Array.from({ length: width }, (_, k) => Float64Array.from(rows, row => row[k + 1] ?? NaN)),
});

/** A bar for each second with trades: what the account is valued at. */
const secondsOf = (trades: Chunk): Chunk => {
  const rows: number[][] = [];
  for (let i = 0; i < trades.rows; i++) {
    const open = Math.floor((trades.ts[i] ?? NaN) / 1_000) * 1_000;
    const [price = NaN, quantity = NaN] = [trades.columns[0]?.[i], trades.columns[1]?.[i]];
    const last = rows.at(-1);
    if (last?.[0] === open) {
      rows[rows.length - 1] = [
        open,
        last[1] ?? NaN,
        Math.max(last[2] ?? NaN, price),
        Math.min(last[3] ?? NaN, price),
        price,
        (last[5] ?? NaN) + quantity,
      ];
    } else rows.push([open, price, price, price, price, quantity]);
  }
  return chunk('bars', rows, 5);
};

/** A book that wanders by a tick or two, whole in each message, and takers who hit its best price or the one behind it. */
const madeUp = (): Chunk[] => {
  const draw = random('made-up book');
  const [book, trades]: [number[][], number[][]] = [[], []];
  let bid = 600_000;
  for (let i = 0; i < 1_200; i++) {
    const ts = 1_700_000_000_000 + 50 * i;
    bid += draw.int(5) - 2;
    for (let k = 0; k < 5; k++) {
      book.push([ts, 1, (bid - k) / 10, 0.1 + draw.next(), 1, NaN, i + 1, NaN]);
      book.push([ts, -1, (bid + 1 + k) / 10, 0.1 + draw.next(), 1, NaN, i + 1, NaN]);
    }
    const side = draw.next() < 0.5 ? 1 : -1;
    trades.push([ts + 20, (side > 0 ? bid + 1 + draw.int(2) : bid - draw.int(2)) / 10, 0.5, side]);
  }
  const traded = chunk('trades', trades, 3);
  return [secondsOf(traded), chunk('book', book, 7), traded];
};

const run = (chunks: readonly Chunk[]): Promise<RunResult> => {
  const times = chunks.flatMap(({ ts }) => [ts[0] ?? NaN, ts.at(-1) ?? NaN]);
  return backtest({
    strategy: marketMaker,
    params: resolveParams(marketMaker.params, { halfSpreadBps: 0, quoteShare: 0.05, maxInventory: 0.1 }),
    bundle: 'builtin:market-maker',
    config: runConfig({
      exchange: 'binance',
      from: Math.min(...times),
      to: Math.max(...times),
      symbols: [SYMBOL],
      timeframe: '1s',
      capital: CAPITAL,
      funding: { kind: 'none' },
      fills: { kind: 'book', queue: { kind: 'proportional' }, ownImpact: true },
      latency: { kind: 'constant', order: 10, cancel: 10, report: 10, feed: 10 },
    }),
    instruments: [
      {
        symbol: SYMBOL,
        exchange: 'binance',
        kind: 'linear-perpetual',
        tickSize: 0.1,
        lotSize: 0.001,
        minNotional: 5,
        contractSize: 1,
        maxLeverage: 100,
        maintenanceMarginRate: 0.004,
        source: 'test',
      },
    ],
    feed: memoryFeed(chunks, { from: -Infinity, to: Infinity }),
  });
};

const check = async (chunks: readonly Chunk[]): Promise<void> => {
  const result = await run(chunks);
  expect(result.fills.length).toBeGreaterThan(30);
  expect(result.fills.every(({ liquidity, reason }) => liquidity === 'maker' && reason === 'quote')).toBe(true);
  expect(new Set(result.fills.map(({ side }) => side)).size).toBe(2);
  let held = 0;
  for (const { side, quantity, price } of result.fills) {
    held += side === 'buy' ? quantity : -quantity;
    // A tenth of equity when the quote was made; equity and price move a little meanwhile.
    expect(Math.abs(held) * price).toBeLessThan(0.1 * CAPITAL * 1.01);
  }
  expect((await run(chunks)).fingerprint).toBe(result.fingerprint);
};

describe('the market maker against the simulated book', () => {
  it('is filled as a maker on both sides, within its inventory, and again in the same way', () => check(madeUp()));

  it.skipIf(!existsSync('../shared/data'))('on half a minute of a recorded perpetual too (needs ../shared/data)', () => {
    const { book, quotes, trades } = recordedMarket(1_723_161_286_000);
    return check([secondsOf(trades), book, quotes, trades]);
  });
});
