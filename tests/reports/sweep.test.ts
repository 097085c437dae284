import { describe, expect, test } from 'vitest';
import { sweep, type SweepResult } from '../../src/experiments/sweep.js';
import type { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import type { ObjectiveConfig } from '../../src/experiments/objective.js';
import { random } from '../../src/random.js';
import { renderReport } from '../../src/reports/render.js';
import { byImportance, parameterAxis, parameterRows, surfaceCells } from '../../src/reports/rows/sweep-rows.js';
import { sweepDocument, sweepVerdict, type SweepReportInput } from '../../src/reports/sweep.js';
import { reportedSweep, scoreInOwnSign } from '../../src/reports/swept.js';
import { bool, choice, float, int } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { config, specOf, surfaceEngine } from '../experiments/sweep-market.js';
import { drawChart } from './draw-chart.js';

const strategy = defineStrategy({
  name: 'hill',
  params: {
    fast: int(2, 40, { default: 10 }),
    width: float(0.1, 10, { default: 1, log: true }),
    side: choice(['long', 'both']),
    exit: bool({ default: true }),
  },
  decide: () => [],
});

const run = (sampler: SamplerConfig, objective: ObjectiveConfig = { metric: 'sharpe', minimumTrades: 10 }): Promise<SweepResult> =>
  sweep(
    specOf({
      engine: surfaceEngine(({ fast, width, side }, days) => {
        const draw = random(`${String(fast)} ${String(width)}`);
        const mean = 0.002 - 0.0001 * Math.abs((fast as number) - 12) + (side === 'long' ? 0.0002 : 0);
        return {
          returns: Float64Array.from({ length: days }, () => mean + 0.01 * draw.normal()),
          metrics: { maxDrawdown: -0.01 * (width as number), volatility: 0.1 + 0.01 * (width as number), trades: fast === 2 ? 3 : 60 },
        };
      }),
      strategy: { ref: { builtin: 'hill' }, hash: 'builtin:hill', strategy },
      sampler,
      objective,
    }),
  );

const input = (result: SweepResult, change: Partial<SweepReportInput> = {}): SweepReportInput => ({
  title: 'hill <b>&</b> on noise, sweep',
  manifest: { platform: 'test', strategy: { name: 'hill <b>&</b>', bundle: 'builtin:hill' }, config, inputs: [], fixed: {} },
  sweep: reportedSweep(result),
  search: 'random, 60 a sweep',
  findings: [],
  fingerprint: result.fingerprint,
  command: 'quantai sweep hill --dataset noise@1234',
  next: 'quantai walkforward hill --dataset noise@1234',
  synthetic: false,
  ...change,
});

const results = {
  'a random search': await run({ kind: 'random', trials: 60 }),
  'a grid': await run({ kind: 'grid', points: 3 }),
  halving: await run({ kind: 'halving', of: { kind: 'random', trials: 45 }, eta: 3, rungs: 3 }),
  'several objectives': await run(
    { kind: 'nsga2', trials: 48, population: 12 },
    { metric: 'sharpe', also: ['maxDrawdown'], minimumTrades: 10 },
  ),
  'less of something': await run({ kind: 'random', trials: 30 }, { metric: 'volatility', minimumTrades: 10 }),
  'nothing eligible': await run({ kind: 'random', trials: 10 }, { metric: 'sharpe', minimumTrades: 1_000 }),
};
const whole = results['a random search'];

describe('the report of a sweep', () => {
  test.each(Object.entries(results))('draws every chart of %s without a warning, and renders', async (_, result) => {
    const document = sweepDocument(input(result));
    const charts = document.sections.flatMap(({ blocks }) => blocks).filter(block => block.kind === 'chart');
    expect(charts.length).toBeGreaterThan(4);
    for (const [i, { spec }] of charts.entries()) {
      const { said } = await drawChart(spec, i % 2 === 0 ? 'light' : 'dark');
      expect(said).toEqual([]);
    }
    const html = renderReport(document);
    expect(['>NaN', '>undefined', '>Infinity'].filter(text => html.includes(text))).toEqual([]);
    expect(html.includes('hill <b>')).toBe(false);
  });

  test('begins by saying that it is in sample and ends its verdict with what to do', () => {
    const verdict = sweepVerdict(input(whole));
    expect(verdict).toMatch(
      /^In sample: these days chose the configurations and judge them, so this shows where to look and proves no edge\./,
    );
    expect(verdict).toContain('Only a walk-forward can tell');
    expect(sweepVerdict(input(whole, { synthetic: true }))).toContain('Synthetic data proves nothing');
    expect(sweepVerdict(input(results['nothing eligible']))).toMatch(/nothing to choose among/);
    expect(sweepDocument(input(whole)).tiles.at(-1)).toMatchObject({ label: 'Evidence', value: 'In-sample only' });
  });

  test('says on which side of luck the best stands', () => {
    const best = whole.configurations[whole.peak!.index]!.sharpe! * Math.sqrt(whole.periodsPerYear);
    const at = (value: number) => sweepVerdict(input({ ...whole, lucky: { value, reason: null } }));
    expect(at(best - 0.5)).toContain(`Its Sharpe of ${best.toFixed(2)} is above the ${(best - 0.5).toFixed(2)} that`);
    expect(at(best + 0.5)).toContain('is no more than the');
  });

  test('recommends the plateau where the peak stands apart, and says so where they are one', () => {
    const { plateau, peak } = whole;
    const other = { ...plateau!, index: peak!.index === 0 ? 1 : 0 };
    expect(sweepVerdict(input({ ...whole, plateau: other }))).toContain('rather than the peak');
    expect(sweepVerdict(input({ ...whole, plateau: { ...plateau!, index: peak!.index } }))).toContain(
      'The peak lies in the middle of a plateau.',
    );
  });

  test('shows a bounded part and what was left out', () => {
    const html = renderReport(sweepDocument(input({ ...whole, bounds: ['Only some were looked at.'] })));
    expect(html).toContain('Only some were looked at.');
  });
});

describe('rows of a sweep', () => {
  const reported = reportedSweep(whole);

  test('a cell of the surface holds the best and the median of its configurations', () => {
    const [x, y] = byImportance(reported) as [string, string];
    const { cells, x: xAxis, y: yAxis } = surfaceCells(reported, [x, y], String);
    const [best, median] = ['Best over the other parameters', 'Median over the other parameters'];
    for (const cell of cells) {
      // By hand: every eligible configuration that lies there.
      const values = whole.configurations
        .filter(
          ({ params, score }) =>
            score !== null && xAxis.labels[xAxis.placeOf(params[x]!)] === cell.x && yAxis!.labels[yAxis!.placeOf(params[y]!)] === cell.y,
        )
        .map(({ metrics }) => metrics['sharpe']!)
        .sort((a, b) => a - b);
      expect(cell.configurations).toBe(values.length);
      if (cell.panel === best) expect(cell.value).toBe(values.at(-1));
      if (cell.panel === median)
        expect(cell.value).toBeCloseTo(
          (values[Math.floor((values.length - 1) / 2)]! + values[Math.ceil((values.length - 1) / 2)]!) / 2,
          12,
        );
    }
    const counted = cells.filter(({ panel }) => panel === best).reduce((n, { configurations }) => n + configurations, 0);
    expect(counted).toBe(whole.ranking.length);
    expect(cells.filter(({ mark, panel }) => mark === 'plateau' && panel === best)).toHaveLength(1);
  });

  test('an axis keeps few values apart and joins many into ranges of equal length on its scale', () => {
    const few = parameterAxis('fast', strategy.params.fast, [5, 2, 5, 9]);
    expect(few.labels).toEqual(['2', '5', '9']);
    const many = parameterAxis(
      'width',
      strategy.params.width,
      Array.from({ length: 50 }, (_, i) => 0.1 + i * 0.2),
    );
    expect(many.labels).toHaveLength(10);
    // Two decades in ten ranges: a factor of 10^0.2 each.
    expect(many.labels[5]).toBe('1–1.58');
    expect([0.1, 1.01, 10].map(value => many.placeOf(value))).toEqual([0, 5, 9]);
    expect(parameterAxis('side', strategy.params.side, ['both', 'long']).labels).toEqual(['long', 'both']);
    expect(parameterAxis('exit', strategy.params.exit, [true, false]).labels).toHaveLength(2);
  });

  test('points are thinned and keep the picks; medians rest on all', () => {
    const many = { ...reported, configurations: Array.from({ length: 40 }, () => reported.configurations).flat() };
    const ranking = Array.from(many.configurations.keys())
      .filter(i => many.configurations[i]!.score !== null)
      .sort((a, b) => many.configurations[b]!.score! - many.configurations[a]!.score! || a - b);
    const { points, medians } = parameterRows({ ...many, ranking }, 'fast', String);
    expect(points.length).toBeLessThan(500);
    expect(points.filter(({ what }) => what === 'plateau')).toHaveLength(1);
    expect(medians.reduce((n, { configurations }) => n + configurations, 0)).toBe(ranking.length);
  });

  test('a score of something to be small is shown in its own sign', () => {
    const less = reportedSweep(results['less of something']);
    const first = less.configurations[less.ranking[0]!]!;
    expect(first.score).toBe(-first.metrics['volatility']!);
    expect(scoreInOwnSign(less, -0.2)).toBe(0.2);
    expect(scoreInOwnSign(reported, -0.2)).toBe(-0.2);
  });
});
