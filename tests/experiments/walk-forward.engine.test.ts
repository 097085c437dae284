import { afterAll, describe, expect, test } from 'vitest';
import { inProcessEngine } from '../../src/cluster/in-process.js';
import { piscinaEngine } from '../../src/cluster/piscina.js';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { synthesise } from '../../src/datasets/synthetic/synthesise.js';
import type { Chunk } from '../../src/events/market.js';
import { rolling } from '../../src/experiments/splits/rolling.js';
import { walkForward } from '../../src/experiments/walk-forward.js';
import type { WalkForwardSpec } from '../../src/experiments/walk-forward.js';
import { windowChunks } from '../../src/experiments/window-chunks.js';
import { summarise } from '../../src/metrics/summary.js';
import { trackOf } from '../../src/metrics/track.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import smaCross from '../../src/strategies/builtin/sma-cross.js';
import { DAY, MINUTE } from '../../src/time.js';

const FROM = Date.UTC(2024, 0, 1);
const TO = FROM + 200 * DAY;
const SYMBOL = 'BTC/USDT:USDT';

const imported = synthesise(
  {
    markets: [{ symbol: SYMBOL, price: 40_000, tickSize: 0.1, lotSize: 0.001, volume: 500, volatility: 0.6 }],
    timeframe: '1h',
    from: FROM,
    to: TO,
    kinds: ['bars', 'mark', 'funding'],
    truths: [{ kind: 'autocorrelation', coefficient: 0.1 }],
  },
  5,
);
const instruments = [imported[0]!.instrument];
const share = (column: Float64Array): Float64Array => {
  const shared = new Float64Array(new SharedArrayBuffer(column.byteLength));
  shared.set(column);
  return shared;
};
const load = (): Chunk[] => imported.map(({ series }) => ({ ...series, ts: share(series.ts), columns: series.columns.map(share) }));
const config = runConfig({ exchange: 'bybit', from: FROM, to: TO, symbols: [SYMBOL], timeframe: '1h' });
const folds = rolling({ from: FROM, to: TO }, { train: '80d', test: '30d', purge: '1d' });

const spec = (change: Partial<WalkForwardSpec> = {}): WalkForwardSpec => ({
  runId: 'run',
  strategy: { ref: { builtin: 'sma-cross' }, hash: 'builtin:sma-cross', strategy: smaCross },
  config,
  instruments,
  data: { version: 'synthetic', chunks: load() },
  folds,
  sampler: { kind: 'grid', points: 4 },
  objective: { metric: 'sharpe', minimumTrades: 3 },
  engine: inProcessEngine(),
  ...change,
});

const whole = await walkForward(spec());

describe('a walk-forward through the engine', () => {
  const workers = piscinaEngine({ workers: 2 });
  afterAll(() => workers.close());

  test('chooses a configuration per fold and ends every window without a position', () => {
    expect(whole.folds).toHaveLength(4);
    for (const { params, candidates, inSample, outOfSample } of whole.folds) {
      expect(params).not.toBeNull();
      expect(candidates.length).toBeGreaterThan(10);
      expect(inSample!['sharpe']).toBe(Math.max(...candidates.map(({ score }) => score ?? -Infinity)));
      expect(outOfSample!['trades']).toBeGreaterThan(0);
    }
    const { fills, curve, roundTrips } = whole.stitched;
    let held = 0;
    for (const { side, quantity } of fills) held += side === 'buy' ? quantity : -quantity;
    expect(held).toBeCloseTo(0, 9);
    expect(curve.length).toBe(120 * 24);
    for (const { test: tested } of folds) {
      const end = curve.ts.indexOf(tested.to);
      expect(curve.gross[end]).toBe(0);
      expect(roundTrips.filter(({ entryTs, exitTs }) => entryTs < tested.to && exitTs > tested.to)).toEqual([]);
    }
    // Everything gained is in a closed trip.
    const net = roundTrips.reduce((sum, { netPnl }) => sum + netPnl, 0);
    expect(whole.stitched.finalEquity - whole.stitched.initialCapital).toBeCloseTo(net, 4);
  });

  test('runs each test as a backtest of that window alone would, from the equity so far', async () => {
    for (const { test: tested, params, startEquity, endEquity, fingerprint } of whole.folds) {
      const chunks = load().map((chunk): Chunk => {
        const rows = chunk.ts.filter(ts => (chunk.kind === 'bars' ? ts < tested.to : ts <= tested.to)).length;
        return { ...chunk, rows, ts: chunk.ts.slice(0, rows), columns: chunk.columns.map(column => column.slice(0, rows)) };
      });
      const alone = await backtest({
        strategy: smaCross,
        params: params!,
        bundle: 'builtin:sma-cross',
        config: { ...config, from: tested.from, to: tested.to, capital: startEquity, atEnd: 'close' },
        instruments,
        feed: memoryFeed(chunks),
      });
      expect(alone.finalEquity).toBe(endEquity);
      expect(alone.fingerprint).toBe(fingerprint);
      // Orders of the first bars are not held back by warm-up: history before the window has warmed the indicators.
      expect(alone.refusals['warming-up'] ?? 0).toBe(0);
    }
  });

  test('chooses the same when everything after the training windows is corrupted', async () => {
    for (const [index, { train }] of folds.entries()) {
      const chunks = load();
      for (const { ts, columns, kind, rows } of chunks)
        for (let i = 0; i < rows; i++)
          if (kind === 'bars' ? ts[i]! >= train.to : ts[i]! > train.to)
            for (const column of columns) column[i] = kind === 'funding' ? 0.01 : column[i]! * (i % 2 === 0 ? 3 : 0.4);
      const poisoned = await walkForward(spec({ data: { version: 'poisoned', chunks }, folds: [{ ...folds[index]!, index: 0 }] }));
      expect(poisoned.folds[0]!.params).toEqual(whole.folds[index]!.params);
      expect(poisoned.folds[0]!.candidates).toEqual(whole.folds[index]!.candidates);
      expect(poisoned.folds[0]!.fingerprint).not.toBe(whole.folds[index]!.fingerprint);
    }
  });

  test('gives the same in worker threads, which share the columns', async () => {
    expect(await walkForward(spec({ engine: workers }))).toEqual(whole);
  });
});

describe('an inner split', () => {
  test('scores a configuration by the median of backtests of each part alone', async () => {
    const configurations = [
      { fast: 10, slow: 30 },
      { fast: 20, slow: 50 },
      { fast: 40, slow: 120 },
    ];
    const [fold] = folds;
    const result = await walkForward(spec({ folds: [fold!], sampler: { kind: 'list', configurations }, inner: 3 }));
    const { from, to } = fold!.train;
    // 79 days of hours: 632 bars in each of three parts.
    const part = (to - from) / 3;
    const expected: number[] = [];
    for (const { params, metrics, score } of result.folds[0]!.candidates) {
      const sharpes: number[] = [];
      let trades = 0;
      for (const i of [0, 1, 2]) {
        const alone = await backtest({
          strategy: smaCross,
          params,
          bundle: 'builtin:sma-cross',
          config: { ...config, from: from + i * part, to: from + (i + 1) * part, atEnd: 'close' },
          instruments,
          feed: memoryFeed(windowChunks(load(), { from, to: from + (i + 1) * part })),
        });
        const { values } = summarise(trackOf(alone));
        sharpes.push(values.sharpe!);
        trades += values.trades!;
      }
      const median = sharpes.toSorted((a, b) => a - b)[1]!;
      expect(metrics['sharpe']).toBe(median);
      expect(metrics['trades']).toBe(trades);
      expect(score).toBe(median);
      expected.push(median);
    }
    expect(result.folds[0]!.params).toEqual(result.folds[0]!.candidates[expected.indexOf(Math.max(...expected))]!.params);
    // One trial a configuration, whatever the parts, and the test.
    expect(result.trials.run).toBe(4);
    // The median is of other runs than the window as a whole.
    const plain = await walkForward(spec({ folds: [fold!], sampler: { kind: 'list', configurations } }));
    expect(plain.folds[0]!.candidates.map(({ score }) => score)).not.toEqual(expected);
    expect(result.search.observations).toBeGreaterThanOrEqual(79);
  });
});

describe('the costs of a walk-forward', () => {
  const short = rolling({ from: FROM, to: TO }, { train: '80d', test: '5d' });
  const one = { folds: short, sampler: { kind: 'list' as const, configurations: [{ fast: 20, slow: 50 }] } };

  test('include what it costs to close each window, and the funding that settles at its last close', async () => {
    const { stitched } = await walkForward(spec(one));
    const ends = short.map(({ test: tested }) => tested.to);
    const closing = stitched.fills.filter(({ orderId }) => orderId.includes('end-of-data'));
    expect(closing.length).toBeGreaterThan(3);
    for (const { ts, fee } of closing) {
      // Orders decided at the last close may still have been on their way when the account was closed.
      expect(ends.some(end => ts >= end && ts < end + MINUTE)).toBe(true);
      expect(fee).toBeGreaterThan(0);
    }
    expect(stitched.closingCosts).toBeCloseTo(
      closing.reduce((sum, { fee, slippage }) => sum + fee + slippage, 0),
      9,
    );
    // Windows end at midnight, when funding settles; the funding data itself ends before the last one does.
    const settled = stitched.funding.filter(({ ts }) => ends.includes(ts)).map(({ ts }) => ts);
    expect(settled).toEqual(closing.map(({ ts }) => Math.floor(ts / DAY) * DAY).filter(ts => ts < TO));
  });

  test('weigh on the result: the same trades at higher fees end with less', async () => {
    const cheap = await walkForward(spec(one));
    const dear = await walkForward(spec({ ...one, config: { ...config, fees: { kind: 'maker-taker', maker: 0.002, taker: 0.005 } } }));
    expect(dear.stitched.fills.map(({ ts, side }) => [ts, side])).toEqual(cheap.stitched.fills.map(({ ts, side }) => [ts, side]));
    expect(dear.stitched.finalEquity).toBeLessThan(cheap.stitched.finalEquity);
  });
});
