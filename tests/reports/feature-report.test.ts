import { describe, expect, test } from 'vitest';
import { featureCorrelation } from '../../src/reports/charts/feature-correlation.js';
import { featureDistributions, HALVES } from '../../src/reports/charts/feature-distributions.js';
import { featureDriftMonths } from '../../src/reports/charts/feature-drift-months.js';
import { featureInformationDrift } from '../../src/reports/charts/feature-information-drift.js';
import { featureMonths } from '../../src/reports/charts/feature-months.js';
import { markSynthetic, SYNTHETIC } from '../../src/reports/charts/synthetic.js';
import { byInformation, passing } from '../../src/reports/feature-ranking.js';
import { featureDocument, featureReport } from '../../src/reports/feature-report.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import type { ColumnStudy, FeatureStudy } from '../../src/reports/feature-study.js';
import { drawChart } from './draw-chart.js';

const heading = { title: 'What it shows', subtitle: '1h bars, 2022' };
const MONTHS = Array.from({ length: 12 }, (_, i) => `2022-${String(i + 1).padStart(2, '0')}`);
const zig = (i: number): number => ((i * 7) % 11) / 10 - 0.5;

const column = (
  name: string,
  over: Partial<ColumnStudy['information']> = {},
  reasons: Readonly<Record<string, string>> = {},
): ColumnStudy => ({
  name,
  family: 'trend',
  missing: 0.01,
  spread: { mean: 0.1, standardDeviation: 1, quantiles: [-2, -1.6, -0.7, 0, 0.7, 1.6, 2] },
  autocorrelation: { bar: 0.9, horizon: 0.1 },
  drift: { psi: 0.02, ks: 0.05, months: MONTHS.map((_, i) => 0.1 * (i % 3)) },
  information: {
    ic: 0.03,
    icError: 0.01,
    icT: 3,
    months: MONTHS.map((_, i) => zig(i) / 5),
    rho: 0.03,
    chance: 0.01,
    familyChance: 0.2,
    mutual: 0.001,
    mutualByChance: 0.0005,
    mutualChance: 0.1,
    ...over,
  },
  histogram: { edges: [0, 1, 2], first: [0.5, 0.5], second: [0.4, 0.6] },
  reasons,
});

const studyOf = (columns: readonly ColumnStudy[]): FeatureStudy => ({
  featureSet: 'small@1',
  scaler: 'robust',
  dataset: { id: 'btc', version: 'abcdef0123456789', synthetic: false },
  symbols: ['BTC/USDT:USDT'],
  timeframe: '1h',
  from: Date.UTC(2022, 0, 1),
  to: Date.UTC(2023, 0, 1),
  label: 'fixed-horizon(24,band=0.0012)',
  horizon: 24,
  rows: 8_760,
  labelled: 8_736,
  warmingUp: 168,
  classes: [0.4, 0.2, 0.4],
  months: MONTHS,
  shifts: 199,
  columns,
  correlation: columns.map((_, a) => columns.map((__, b) => (a === b ? 1 : 0.97))),
  order: columns.map((_, k) => k),
  alike: columns.length > 1 ? [{ a: columns[0]!.name, b: columns[1]!.name, rho: 0.97 }] : [],
  correlationStride: 1,
});

/** Every chart by the number of its rows. */
const CHARTS: Readonly<Record<string, (n: number) => ChartSpec>> = {
  correlation: n => {
    const names = Array.from({ length: n }, (_, i) => `f(${i})`);
    return featureCorrelation(
      names.flatMap(row => names.map(other => ({ row, column: other, rho: row === other ? 1 : -0.2 }))),
      names,
      heading,
    );
  },
  months: n =>
    featureMonths(
      Array.from({ length: n }, (_, i) => ({ feature: i % 2 ? 'a' : 'b', ts: Date.UTC(2022, i, 1), ic: zig(i) })),
      n === 0 ? [] : ['a', 'b'].map(feature => ({ feature, mean: 0.01, low: -0.02, high: 0.04 })),
      heading,
    ),
  'information and drift': n =>
    featureInformationDrift(
      Array.from({ length: n }, (_, i) => ({
        feature: `f(${i})`,
        family: 'trend',
        psi: i / 100,
        size: i % 4,
        chance: i % 2 ? ('beyond chance' as const) : ('within chance' as const),
        named: i < 3,
      })),
      { ...heading, measure: 'Size of t' },
    ),
  'drift by month': n =>
    featureDriftMonths(
      Array.from({ length: n }, (_, i) => ({ feature: i % 2 ? 'a' : 'b', month: MONTHS[i % 12]!, psi: i / 10 })),
      ['a', 'b'],
      heading,
    ),
  distributions: n =>
    featureDistributions(
      Array.from({ length: n }, (_, i) => i).flatMap(i => HALVES.map(half => ({ feature: 'a', half, from: i, to: i + 1, share: 0.1 }))),
      heading,
    ),
};

describe.each(Object.keys(CHARTS))('the chart of %s', name => {
  const chart = CHARTS[name]!;

  test.each([0, 1, 2, 24])('draws with no warning from %i rows, light and dark', async rows => {
    for (const scheme of ['light', 'dark'] as const) {
      const { svg, said } = await drawChart(chart(rows), scheme);
      expect(said).toEqual([]);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      if (rows === 0) expect(svg).toContain('Not enough samples');
    }
  });

  test('has a title and a subtitle, names no colour, and says when data is synthetic', async () => {
    expect(chart(24).title).toMatchObject({ text: heading.title, subtitle: heading.subtitle });
    expect(JSON.stringify(chart(24))).not.toMatch(/#[0-9a-f]{3,8}"|rgb\(/i);
    expect((await drawChart(markSynthetic(chart(24)), 'light')).svg).toContain(SYNTHETIC);
  });
});

describe('the ranking of columns', () => {
  const weak = column('weak', { icT: -0.5 });
  const strong = column('strong', { icT: -4, familyChance: 0.01 });
  const young = column('young', { icT: null, rho: 0.9, familyChance: 0.05 });

  test('goes by the size of t, columns without one last', () => {
    expect(byInformation([young, weak, strong]).map(({ name }) => name)).toEqual(['strong', 'weak', 'young']);
  });

  test('lets pass what chance seldom reaches with the best of all columns', () => {
    expect(passing([young, weak, strong]).map(({ name }) => name)).toEqual(['young', 'strong']);
  });
});

describe('the report of a feature set', () => {
  const strong = column('strong(24)', { familyChance: 0.005 });
  const empty = column(
    'empty',
    {
      ic: null,
      icError: null,
      icT: null,
      rho: null,
      chance: null,
      familyChance: null,
      mutual: null,
      mutualByChance: null,
      mutualChance: null,
    },
    { ic: '0 values; 100 are the fewest' },
  );

  test('says first that it is exploration, and how many columns chance does not explain', () => {
    const { verdict, sections, tiles } = featureDocument(studyOf([strong, column('weak(1)')]), 'quantai features small');
    expect(verdict).toMatch(
      /^1 of 2 columns go .* This is exploration over all rows of the window: features chosen by it must be tested on data after it\.$/,
    );
    expect(sections.map(({ id }) => id)).toEqual(['exploration', 'information', 'redundancy', 'stability', 'reproduce']);
    expect(tiles.find(({ label }) => label === 'Evidence')?.value).toBe('Exploration');
    expect(tiles.find(({ label }) => label === 'Beyond chance')?.value).toBe('1 of 2');
  });

  test('has no figure where there is none, and the reason beside it', () => {
    const page = featureReport(studyOf([strong, empty]), 'quantai features small');
    expect(page).toContain('0 values; 100 are the fewest');
    expect(page).not.toMatch(/>(?:NaN|undefined|null|Infinity)</);
  });

  test('of a window too short to turn says that chance is not known', () => {
    const { verdict } = featureDocument({ ...studyOf([column('a', { familyChance: null })]), shifts: 0 }, 'c');
    expect(verdict).toMatch(/^The window is too short to tell information from chance\./);
  });

  test('lists pairs that are alike, and escapes what a strategy named', () => {
    const page = featureReport(studyOf([column('<b>x</b>'), column('y')]), 'quantai features');
    expect(page).toContain('&lt;b&gt;x&lt;/b&gt;');
    expect(page).not.toContain('<b>x</b>');
  });
});
