import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunResult } from '../../src/engine/run-result.js';
import { sma } from '../../src/features/trend/sma.js';
import type { Instrument } from '../../src/market/instrument.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { target } from '../../src/strategies/intent.js';
import { bars, defineStrategy } from '../../src/strategies/strategy.js';
import { DAY, HOUR } from '../../src/time.js';
import { hasSharedData, sharedColumns } from '../datasets/shared-data.js';

/*
 * backtesting.py's SmaCross on its own GOOG data. Its conventions, and how they are met here:
 * - A cross at a close fills at the next open: latency 0.
 * - Whole shares, as many as the equity AT THAT OPEN buys. We size at the decision, so each day is given as two bars: the opening price alone (12 h), then the whole day (12 h). The strategy looks
 *   for crosses on daily bars built from them, and trades at the close of the opening bar, which is the open.
 * - Always in the market after the first cross; a reversal closes and opens at one price: one order here, two trades there, split into round trips alike.
 * - Fees on both sides as a fraction of value. Its size divides the equity that is left after the closing fee by the price with the opening fee.
 * - Equity is marked at daily closes: the curve's points at the end of each day.
 * - finalize_trades closes the last trade at the open of the last bar; without it the last trade stays open and is not counted.
 */
const crossing = ([fastLength, slowLength]: [number, number], commission: number, closeOn: number) =>
  defineStrategy({
    name: 'backtesting-py-cross',
    params: {},
    needs: ({ universe, timeframe }) => [bars(universe, timeframe), bars(universe, '1d')],
    indicators: () => ({}),
    memory: () => ({
      fast: sma(fastLength).create(),
      slow: sma(slowLength).create(),
      values: new Float64Array(2),
      previous: [NaN, NaN],
      want: 0,
      done: 0,
    }),
    decide: (bar, _, { memory: m, position, equity }) => {
      if (bar.timeframe === '1d') {
        m.fast(bar, m.values, 0);
        m.slow(bar, m.values, 1);
        const [before = NaN, beforeSlow = NaN] = m.previous;
        const [fast = NaN, slow = NaN] = m.values;
        if (before < beforeSlow && fast > slow) m.want = 1;
        if (before > beforeSlow && fast < slow) m.want = -1;
        m.previous = [fast, slow];
        return undefined;
      }
      if (bar.openTime % DAY !== 0) return undefined;
      if (bar.openTime === closeOn) return target(bar.symbol, 0);
      if (m.want === m.done) return undefined;
      m.done = m.want;
      const closing = Math.abs(position(bar.symbol).quantity) * bar.close * commission;
      return target(bar.symbol, (m.want * (equity - closing)) / (equity * (1 + commission)));
    },
  });

const runPeer = async (
  data: Record<string, string[]>,
  lengths: [number, number],
  commission: number,
  finalise: boolean,
): Promise<RunResult> => {
  const column = (name: string): number[] => (data[name] ?? []).map(Number);
  const [ts, o, h, l, c, v] = [column('ts'), column('open'), column('high'), column('low'), column('close'), column('volume')];
  const twice = (first: number[], second: number[]): Float64Array =>
    Float64Array.from(ts.flatMap((_, i) => [first[i] ?? NaN, second[i] ?? NaN]));
  const symbol = 'GOOG';
  const instrument: Instrument = {
    symbol,
    exchange: 'us-equity',
    kind: 'equity',
    tickSize: 0.01,
    lotSize: 1,
    minNotional: 0,
    contractSize: 1,
    maxLeverage: 10,
    maintenanceMarginRate: 0,
    source: 'whole shares and cents',
  };
  const times = twice(
    ts,
    ts.map(t => t + 12 * HOUR),
  );
  const config = runConfig({
    exchange: 'us-equity',
    from: ts[0] ?? 0,
    to: (ts.at(-1) ?? 0) + DAY,
    symbols: [symbol],
    timeframe: '12h',
    capital: 10_000,
    leverage: 10,
    fees: { kind: 'maker-taker', maker: commission, taker: commission },
    slippage: { kind: 'none' },
    latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
    fills: { kind: 'bars', path: 'nearest-first', limits: 'through', participation: null },
    funding: { kind: 'none' },
  });
  return backtest({
    strategy: crossing(lengths, commission, finalise ? (ts.at(-1) ?? 0) : NaN),
    params: {},
    bundle: 'test',
    config,
    instruments: [instrument],
    feed: memoryFeed(
      [
        {
          kind: 'bars',
          symbol,
          timeframe: '12h',
          rows: times.length,
          ts: times,
          columns: [twice(o, o), twice(o, h), twice(o, l), twice(o, c), twice(v, v)],
        },
      ],
      { from: -Infinity, to: config.to },
    ),
  });
};

/** Equity at daily closes, and its deepest fall from a peak in percent. */
const daily = (result: RunResult): { peak: number; drawdown: number; final: number } => {
  let [peak, drawdown, final] = [10_000, 0, 0];
  for (let i = 0; i < result.curve.length; i++) {
    if ((result.curve.ts[i] ?? 0) % DAY !== 0) continue;
    final = result.curve.equity[i] ?? NaN;
    peak = Math.max(peak, final);
    drawdown = Math.min(drawdown, final / peak - 1);
  }
  return { peak, drawdown: drawdown * 100, final };
};

interface Peer {
  readonly stats: Record<string, number>;
  readonly first_trades: number[][];
  readonly last_trade: number[];
}

const EXPECTED = '../shared/expected/backtesting_py_smacross.json';

describe.skipIf(!hasSharedData || !existsSync(EXPECTED))('against backtesting.py on GOOG (skipped where ../shared is absent)', () => {
  const expected = existsSync(EXPECTED)
    ? (JSON.parse(readFileSync(EXPECTED, 'utf8')) as { peer_run: { results: Record<string, Peer> } })
    : undefined;
  const cases: [string, [number, number], number, boolean][] = [
    ['GOOG_10_30_no-cost_finalized', [10, 30], 0, true],
    ['GOOG_10_20_commission-0.2pct_exclusive', [10, 20], 0.002, false],
  ];
  for (const [name, lengths, commission, finalise] of cases)
    it(`reproduces ${name}: trades, equity, return, drawdown`, async () => {
      const peer = expected?.peer_run.results[name];
      const stats = peer?.stats ?? {};
      const result = await runPeer(sharedColumns('us-equity_GOOG_1d'), lengths, commission, finalise);
      const trips = result.roundTrips;
      expect(trips.length).toBe(stats['# Trades']);
      const { peak, drawdown, final } = daily(result);
      expect(final).toBeCloseTo(stats['Equity Final [$]'] ?? NaN, 6);
      expect(peak).toBeCloseTo(stats['Equity Peak [$]'] ?? NaN, 6);
      expect((final / 10_000 - 1) * 100).toBeCloseTo(stats['Return [%]'] ?? NaN, 8);
      expect(drawdown).toBeCloseTo(stats['Max. Drawdown [%]'] ?? NaN, 8);
      const trade = (t: (typeof trips)[number] | undefined): number[] => [
        (t?.side === 'long' ? 1 : -1) * (t?.quantity ?? NaN),
        t?.entryPrice ?? NaN,
        t?.exitPrice ?? NaN,
        t?.netPnl ?? NaN,
      ];
      peer?.first_trades.forEach((expectedTrade, i) =>
        trade(trips[i]).forEach((value, k) => expect(value).toBeCloseTo(expectedTrade[k + 2] ?? NaN, 6)),
      );
      trade(trips.at(-1)).forEach((value, k) => expect(value).toBeCloseTo(peer?.last_trade[k + 2] ?? NaN, 6));
    });
});

describe('the same conventions on a series worked by hand', () => {
  it('buys whole units at the next open and reverses at one price', async () => {
    // Closes 5 4 3 4 6 5 2 1: averages of 2 and 3 cross up at the fifth close and down at the seventh.
    const close = [5, 4, 3, 4, 6, 5, 2, 1];
    const open = [5, 5, 4, 3, 4, 7, 4, 3];
    const days = close.map((_, i) => Date.UTC(2024, 0, 1) + i * DAY);
    const text = (xs: number[]): string[] => xs.map(String);
    const data = {
      ts: text(days),
      open: text(open),
      high: text(open.map((o, i) => Math.max(o, close[i] ?? 0))),
      low: text(open.map((o, i) => Math.min(o, close[i] ?? 0))),
      close: text(close),
      volume: text(close.map(() => 1)),
    };
    const result = await runPeer(data, [2, 3], 0, false);
    // 10,000 at the open of 7 is 1,428 shares; marked at the open of 3 that leaves 4,288, which is 1,429 shares short; the last close is 1.
    expect(result.fills.map(f => [f.side, f.price, f.quantity])).toEqual([
      ['buy', 7, 1428],
      ['sell', 3, 1428 + 1429],
    ]);
    expect(result.finalEquity).toBe(10_000 - 1428 * 4 + 1429 * 2);
  });
});
