import { describe, expect, test } from 'vitest';
import { driftTimeline } from '../../src/reports/charts/drift-timeline.js';
import { ensembleRegret } from '../../src/reports/charts/ensemble-regret.js';
import { ensembleWeights } from '../../src/reports/charts/ensemble-weights.js';
import { featureImportance } from '../../src/reports/charts/feature-importance.js';
import { CAME, forecastDistribution } from '../../src/reports/charts/forecast-distribution.js';
import { intervalCoverage } from '../../src/reports/charts/interval-coverage.js';
import { pitHistogram } from '../../src/reports/charts/pit-histogram.js';
import { reliabilityDiagram } from '../../src/reports/charts/reliability-diagram.js';
import { skillByRegime } from '../../src/reports/charts/skill-by-regime.js';
import { skillOverTime } from '../../src/reports/charts/skill-over-time.js';
import { DARK, LIGHT } from '../../src/reports/theme.js';
import { DAY } from '../../src/time.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import { chartContract } from './chart-contract.js';
import { drawChart } from './draw-chart.js';

const heading = { title: 'What it shows', subtitle: 'Nats · 2022' };
const T = Date.UTC(2022, 0, 1);
const MODELS = ['boosted-trees', 'logistic', 'climatology'];
const of = <R>(n: number, row: (i: number) => R): R[] => Array.from({ length: n }, (_, i) => row(i));

const reliabilityRows = (n: number, models: readonly string[]) =>
  models.flatMap(model =>
    of(n, i => {
      const predicted = 0.2 + (0.4 * i) / Math.max(1, n);
      const side = i % 2 ? ('Up' as const) : ('Down' as const);
      return { model, side, predicted, observed: predicted * 0.9, low: predicted * 0.8, high: predicted, count: 10 * i };
    }),
  );
const skillRow = (i: number) =>
  i % 3 === 2
    ? { skill: null, low: null, high: null }
    : i % 3
      ? { skill: -0.01, low: null, high: null }
      : { skill: 0.02, low: 0.01, high: 0.03 };

/** Every chart by the number of its rows. */
const CHARTS: Readonly<Record<string, (n: number) => ChartSpec>> = {
  'reliability-diagram of one model': n => reliabilityDiagram(reliabilityRows(n, ['Ensemble']), heading),
  'reliability-diagram of several models': n => reliabilityDiagram(reliabilityRows(n, ['Ensemble', ...MODELS]), heading),
  'pit-histogram': n =>
    pitHistogram(
      of(n, i => ({ from: i / n, to: (i + 1) / n, count: 100 + i, expected: 100, low: 81, high: 120 })),
      heading,
    ),
  'ensemble-weights': n =>
    ensembleWeights(
      of(n, i => ({ ts: T + i * DAY, weights: i % 9 === 4 ? [null, null, null] : [0.5, 0.3, 0.2] })),
      of(Math.floor(n / 7), i => ({ ts: T + 7 * i * DAY, models: 'boosted-trees', trigger: 'schedule', rows: 900, late: i % 2 === 1 })),
      { ...heading, models: MODELS },
    ),
  'ensemble-regret': n =>
    ensembleRegret(
      of(n, i => ({ ts: T + i * DAY, best: i / 10, equal: -i / 5 })),
      heading,
    ),
  'feature-importance': n =>
    featureImportance(
      [
        ...of(n, i => ({ feature: `f${i}`, ts: T, value: 1 / (i + 1), latest: true })),
        ...of(n > 2 ? n : 0, i => ({ feature: `f${i}`, ts: T - DAY, value: 1.1 / (i + 1), latest: false })),
      ],
      heading,
    ),
  'skill-by-regime': n =>
    skillByRegime(
      of(n, i => ({ regime: ['Calm', 'Middling', 'Wild'][i % 3]!, model: ['Ensemble', ...MODELS][i % 4]!, ...skillRow(i), count: 500 })),
      { ...heading, models: MODELS },
    ),
  'skill-over-time': n =>
    skillOverTime(
      of(n, i => ({ from: T + i * DAY, to: T + (i + 1) * DAY, label: `Day ${i + 1}`, ...skillRow(i), count: 90 })),
      heading,
    ),
  'drift-timeline': n =>
    driftTimeline(
      of(n, i => ({
        subject: i % 2 ? 'calibration' : 'feature rsi(14)',
        detector: 'page-hinkley',
        from: T + i * DAY,
        to: T + (i + 2) * DAY,
        level: (['none', 'warning', 'drift'] as const)[i % 3]!,
        statistic: i < 2 ? null : i,
        threshold: i < 2 ? null : 5,
      })),
      heading,
    ),
  'interval-coverage': n =>
    intervalCoverage(
      of(n, i =>
        i % 5 === 3
          ? { ts: T + i * DAY, coverage: null, low: null, high: null, count: 0 }
          : { ts: T + i * DAY, coverage: 0.9, low: 0.85, high: 0.94, count: 100 },
      ),
      { ...heading, promised: 0.9 },
    ),
  'forecast-distribution': n =>
    forecastDistribution(
      of(n, i => ({ from: Math.floor(i / 3) / 50, to: Math.floor(i / 3 + 1) / 50, came: CAME[i % 3]!, count: i + 1 })),
      { ...heading, baseRate: n > 1 ? 0.34 : null },
    ),
};

chartContract(CHARTS, { ...heading, empty: /No |Not enough samples/ });

describe('colours of models', () => {
  test('stay the same whichever charts they stand in: climatology is the grey at the end, never the colour of the strategy', async () => {
    for (const [scheme, palette] of [
      ['light', LIGHT],
      ['dark', DARK],
    ] as const) {
      const { svg } = await drawChart(CHARTS['ensemble-weights']!(30), scheme);
      const fills = [...svg.matchAll(/fill="(#[0-9a-f]{6})"/g)].map(match => match[1]);
      for (const place of [1, 2, 7]) expect(fills).toContain(palette.series[place]);
      expect(fills).not.toContain(palette.series[0]);
      const { svg: skill } = await drawChart(CHARTS['skill-by-regime']!(30), scheme);
      expect(skill).toContain(palette.series[0]);
    }
  });
});
