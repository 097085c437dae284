import { expect } from 'vitest';
import { DAY } from '../../src/time.js';
import { costWaterfall } from '../../src/reports/charts/cost-waterfall.js';
import { dataFindings } from '../../src/reports/charts/data-findings.js';
import { equityDrawdown } from '../../src/reports/charts/equity-drawdown.js';
import { exposure } from '../../src/reports/charts/exposure.js';
import { foldTimeline } from '../../src/reports/charts/fold-timeline.js';
import { inSampleVsOutOfSample } from '../../src/reports/charts/in-sample-vs-out-of-sample.js';
import { monthlyHeatmap, MONTHS } from '../../src/reports/charts/monthly-heatmap.js';
import { objectiveDistribution } from '../../src/reports/charts/objective-distribution.js';
import { pairedDifferencesChart } from '../../src/reports/charts/paired-differences.js';
import { portfolioWeights } from '../../src/reports/charts/portfolio-weights.js';
import { overlaidEquity } from '../../src/reports/charts/overlaid-equity.js';
import { parameterDrift } from '../../src/reports/charts/parameter-drift.js';
import { parameterHeatmap } from '../../src/reports/charts/parameter-heatmap.js';
import { priceTrades } from '../../src/reports/charts/price-trades.js';
import { returnDistribution } from '../../src/reports/charts/return-distribution.js';
import { rollingSharpeVolatility } from '../../src/reports/charts/rolling-sharpe-volatility.js';
import { stitchedEquity } from '../../src/reports/charts/stitched-equity.js';
import { strategyPlots } from '../../src/reports/charts/strategy-plots.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import { chartContract } from './chart-contract.js';

const heading = { title: 'What it shows', subtitle: 'USDT · 1h bars, 2022' };
const T = Date.UTC(2022, 0, 1);
const days = (n: number): number[] => Array.from({ length: n }, (_, i) => T + i * DAY);
/** Zig-zag without randomness. */
const zig = (i: number): number => ((i * 7) % 11) - 5;

const equityOptions = { ...heading, unit: 'USDT', benchmark: 'BTC buy and hold', log: false, inSample: [], folds: [] };
const equityRows = (n: number) =>
  days(n).map((ts, i) => ({ ts, equity: 1000 + zig(i), benchmark: i === 0 ? null : 1000 - zig(i), drawdown: -0.01 * (i % 3) }));
const folds = (n: number) =>
  days(n).map((from, i) => ({
    fold: i + 1,
    from,
    to: from + DAY,
    window: i % 2 ? ('Test' as const) : ('Train' as const),
    result: i % 3 ? 0.1 : null,
  }));

/** Every chart by the number of its rows: none, one, and enough. */
const CHARTS: Readonly<Record<string, (n: number) => ChartSpec>> = {
  'equity-drawdown': n => equityDrawdown(equityRows(n), equityOptions),
  'equity-drawdown, logarithmic, with folds and in-sample, without benchmark': n =>
    equityDrawdown(equityRows(n), {
      ...equityOptions,
      benchmark: null,
      log: true,
      inSample: [{ from: T, to: T + 3 * DAY, label: 'In-sample' }],
      folds: [{ ts: T + 3 * DAY, label: '1' }],
    }),
  'stitched-equity': n =>
    stitchedEquity(equityRows(n), {
      ...equityOptions,
      folds: [{ test: { from: T + 2 * DAY, to: T + 9 * DAY } }],
      training: { from: T, to: T + 2 * DAY },
    }),
  'rolling-sharpe-volatility': n =>
    rollingSharpeVolatility(
      days(n).map((ts, i) => ({ ts, sharpe: i % 4 ? zig(i) : null, volatility: 0.4 })),
      { ...heading, window: '90 days' },
    ),
  'monthly-heatmap': n =>
    monthlyHeatmap(
      days(n).map((_, i) => ({ year: String(2020 + Math.floor(i / 12)), month: MONTHS[i % 12]!, value: zig(i) / 100 })),
      heading,
    ),
  'return-distribution': n =>
    returnDistribution(
      days(n).map((_, i) => ({ from: i / 100 - 0.1, to: i / 100 - 0.09, count: i, normal: i / 2 })),
      n > 1 ? [{ value: 0.01, label: 'mean' }] : [],
      { ...heading, each: 'day' },
    ),
  'price-trades': n =>
    priceTrades(
      {
        prices: days(n).map((ts, i) => ({ ts, close: 100 + zig(i) })),
        fills: days(n).map((ts, i) => ({
          ts,
          price: 100,
          side: i % 2 ? ('Sell' as const) : ('Buy' as const),
          quantity: 1,
          reason: 'because',
        })),
        trips: days(n).map((from, i) => ({ from, to: from + DAY, entry: 100, exit: 101, side: 'long', pnl: zig(i), netReturn: 0.01 })),
      },
      { ...heading, unit: 'USDT' },
    ),
  'price-trades without trades': n =>
    priceTrades({ prices: days(n).map((ts, i) => ({ ts, close: 100 + zig(i) })), fills: [], trips: [] }, { ...heading, unit: 'USDT' }),
  exposure: n =>
    exposure(
      days(n).map((ts, i) => ({ ts, net: zig(i) / 5, gross: Math.abs(zig(i) / 5) })),
      heading,
    ),
  'exposure, hedged': n =>
    exposure(
      days(n).map((ts, i) => ({ ts, net: 0, gross: 1 + (i % 2) })),
      heading,
    ),
  'cost-waterfall': n =>
    costWaterfall(
      [
        { step: 'Gross', amount: 100, total: true },
        { step: 'Fees', amount: -30, total: false },
        { step: 'Net', amount: 70, total: true },
      ].slice(0, n),
      { ...heading, unit: 'USDT' },
    ),
  'fold-timeline': n => foldTimeline(folds(n), heading),
  'in-sample-vs-out-of-sample': n =>
    inSampleVsOutOfSample(
      days(n).map((_, i) => ({ fold: i + 1, inSample: 1 + i / 10, outOfSample: zig(i) })),
      { ...heading, objective: 'Sharpe' },
    ),
  'parameter-drift': n =>
    parameterDrift(
      days(n).flatMap((_, i) => [
        { fold: i + 1, param: 'fast', value: 10 + (i % 3) },
        { fold: i + 1, param: 'mode', value: i % 2 ? 'a' : 'b' },
        { fold: i + 1, param: 'short', value: i % 2 === 0 },
      ]),
      heading,
    ),
  'parameter-heatmap': n =>
    parameterHeatmap(
      days(n).map((_, i) => ({ fold: 1 + (i % 2), x: i % 5, y: i % 3, objective: zig(i), chosen: i === 4 })),
      { ...heading, x: 'fast', y: 'slow', objective: 'Sharpe' },
    ),
  'parameter-heatmap of one parameter': n =>
    parameterHeatmap(
      days(n).map((_, i) => ({ fold: 1, x: i, y: '', objective: zig(i), chosen: i === 0 })),
      { ...heading, x: 'fast', y: null, objective: 'Sharpe' },
    ),
  'objective-distribution': n =>
    objectiveDistribution(
      days(n).map((_, i) => ({ fold: 1 + (i % 3), objective: zig(i), chosen: i < 3 })),
      { ...heading, objective: 'Sharpe' },
    ),
  'overlaid-equity': n =>
    overlaidEquity(
      days(n).flatMap((ts, i) => ['a', 'b'].map(run => ({ ts, run, growth: 1 + i / 100, drawdown: -0.01 }))),
      { ...heading, runs: ['a', 'b'], log: false },
    ),
  'paired-differences': n =>
    pairedDifferencesChart(
      days(n).map((_, i) => ({ run: `run ${i}`, difference: zig(i), low: zig(i) - 1, high: zig(i) + 1 })),
      { ...heading, format: '+.1f', reason: 'Not given: only 3 common periods.' },
    ),
  'portfolio-weights': n =>
    portfolioWeights(
      days(n).flatMap(ts => ['a', 'b'].map((run, place) => ({ portfolio: 'Equal risk', run, place, from: ts, to: ts + DAY, weight: 0.5 }))),
      { ...heading, portfolios: ['Equal risk'], runs: ['a', 'b'] },
    ),
  'strategy-plots': n =>
    strategyPlots(
      ['one', 'two'].map(name => ({ name, rows: days(n).map((ts, i) => ({ ts, value: zig(i) })) })),
      heading,
    ),
  'data-findings': n =>
    dataFindings(
      days(n).map((ts, i) => ({
        ts,
        code: i % 2 ? 'gap' : 'duplicate',
        symbol: 'BTC',
        severity: i % 3 ? ('warning' as const) : ('error' as const),
        count: i + 1,
        message: 'x',
      })),
      { ...heading, from: T, to: T + 400 * DAY },
    ),
};

chartContract(CHARTS, {
  title: heading.title,
  subtitle: expect.stringContaining(heading.subtitle),
  empty: /No |Not enough samples|Nothing|has no|drew nothing/,
});
