import { compile } from 'vega-lite';
import { logger, parse, View, Warn } from 'vega';
import { describe, expect, test } from 'vitest';
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
import { markSynthetic, SYNTHETIC } from '../../src/reports/charts/synthetic.js';
import { vegaConfig } from '../../src/reports/theme.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import type { Scheme } from '../../src/reports/theme.js';

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

const draw = async (spec: ChartSpec, scheme: Scheme): Promise<{ svg: string; said: string[] }> => {
  const said: string[] = [];
  // Every warning and error of Vega-Lite's compiler and of Vega at work.
  const listener = logger(Warn, 'warn', (_method, _level, words) => {
    const text = words.map(String).join(' ');
    // Node has no window to listen to; browsers do.
    if (!text.includes('Can not resolve event source: window')) said.push(text);
  });
  const { spec: compiled } = compile(spec, { config: vegaConfig(scheme), logger: listener });
  const view = new View(parse(compiled), { renderer: 'none', logger: listener });
  const svg = await view.toSVG();
  view.finalize();
  return { svg, said };
};

const tooltips = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : Object.entries(value).reduce((n, [key, inner]) => n + (key === 'tooltip' && inner !== null ? 1 : 0) + tooltips(inner), 0);

describe.each(Object.keys(CHARTS))('the chart %s', name => {
  const chart = CHARTS[name]!;

  test.each([0, 1, 2, 30])('compiles and draws with no warning from %i rows, light and dark', async rows => {
    for (const scheme of ['light', 'dark'] as const) {
      const { svg, said } = await draw(chart(rows), scheme);
      expect(said).toEqual([]);
      expect(svg).toContain('<svg');
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test('has a title, a subtitle, a description and a tooltip', () => {
    for (const rows of [0, 30]) {
      const spec = chart(rows);
      expect(spec.title).toMatchObject({ text: heading.title, subtitle: expect.stringContaining(heading.subtitle) });
      expect(spec.description).toContain(heading.title);
      expect(tooltips(spec)).toBeGreaterThan(0);
    }
  });

  test('names no colour: the theme gives every one', () => {
    expect(JSON.stringify(chart(30))).not.toMatch(/#[0-9a-f]{3,8}"|rgb\(/i);
  });

  test('says so, in its own words, when there is nothing to show', async () => {
    const { svg } = await draw(chart(0), 'light');
    expect(svg).toMatch(/No |Not enough samples|Nothing|has no|drew nothing/);
  });

  test('carries the label of synthetic data inside the picture', async () => {
    const { svg, said } = await draw(markSynthetic(chart(30)), 'light');
    expect(said).toEqual([]);
    expect(svg).toContain(SYNTHETIC);
  });
});
