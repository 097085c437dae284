import { describe, expect, test } from 'vitest';
import type { CheckPoint, CheckResult } from '../../src/experiments/checks/check.js';
import { checkDistribution } from '../../src/reports/charts/check-distribution.js';
import { checksSection } from '../../src/reports/sections/checks.js';
import type { ChartSpec } from '../../src/reports/charts/chart.js';
import { drawChart } from './draw-chart.js';

const point = (change: Partial<CheckPoint>): CheckPoint => ({
  label: 'as it is',
  x: null,
  sharpe: 1,
  totalReturn: null,
  maxDrawdown: null,
  trades: 30,
  ...change,
});

const result = (change: Partial<CheckResult>): CheckResult => ({
  id: 'cost-stress',
  title: 'Costs',
  family: 'fragility',
  verdict: 'pass',
  sentence: 'It lasts.',
  base: point({ x: 1, totalReturn: 0.2 }),
  points: [
    point({ label: 'costs × 2', x: 2, totalReturn: 0.1 }),
    point({ label: 'costs × 3', x: 3, totalReturn: -0.05 }),
    point({ label: 'funding × 2', totalReturn: 0.15 }),
  ],
  axis: 'fees and slippage, times those assumed',
  ...change,
});

const drops = Array.from({ length: 100 }, (_, i) => point({ label: `percentile ${i + 1}`, maxDrawdown: -0.1 - i / 500, totalReturn: 0.3 }));
const RESULTS: readonly CheckResult[] = [
  result({}),
  result({ id: 'parameter-jitter', title: 'Neighbours', verdict: 'warn' }),
  result({
    id: 'trade-order',
    title: 'Order',
    family: 'chance',
    verdict: 'fail',
    points: drops,
    base: point({ maxDrawdown: -0.15, totalReturn: 0.3 }),
    axis: null,
  }),
  result({
    id: 'random-entries',
    title: 'Entries',
    verdict: 'untested',
    sentence: 'Too few <trades>.',
    points: [],
    base: null,
    axis: null,
  }),
];

const chartsOf = (results: readonly CheckResult[]): Map<string, ChartSpec> =>
  new Map(checksSection(results).blocks.flatMap(block => (block.kind === 'chart' ? [[block.id, block.spec]] : [])));

/** The rows of a dataset of a chart. */
const rowsOf = (spec: ChartSpec, name: string): readonly unknown[] => {
  const rows = spec.datasets?.[name];
  return Array.isArray(rows) ? rows : [];
};

describe('the section of checks', () => {
  test('says each verdict by a sign and a word, with what was seen', () => {
    const [table] = checksSection(RESULTS).blocks;
    if (table?.kind !== 'table') throw new Error('there is no table');
    expect(table.rows).toEqual([
      ['Costs', '✓ Passed', 'It lasts.', 'Fragility'],
      ['Neighbours', '▲ Look', 'It lasts.', 'Fragility'],
      ['Order', '✕ Failed', 'It lasts.', 'Chance'],
      ['Entries', '– Not tested', 'Too few <trades>.', 'Fragility'],
    ]);
  });

  test('draws what measured something, and keeps several on one page apart', () => {
    expect([...chartsOf(RESULTS).keys()]).toEqual(['check-cost-stress', 'check-parameter-jitter', 'check-trade-order']);
    const section = checksSection(RESULTS, 'b-');
    expect([section.id, ...section.blocks.flatMap(block => ('id' in block ? block.id : []))].every(id => id.startsWith('b-'))).toBe(true);
  });

  test('marks the run as it is, and lays across what has no place on the axis', () => {
    const spec = chartsOf(RESULTS).get('check-cost-stress')!;
    expect(rowsOf(spec, 'rows')).toEqual([
      { label: 'as it is', x: 1, value: 0.2, sharpe: 1, trades: 30, base: true },
      { label: 'costs × 2', x: 2, value: 0.1, sharpe: 1, trades: 30, base: false },
      { label: 'costs × 3', x: 3, value: -0.05, sharpe: 1, trades: 30, base: false },
    ]);
    expect(rowsOf(spec, 'beside')).toEqual([{ label: 'funding × 2', value: 0.15 }]);
  });

  test('draws by what differs: orders of trades by how deep they fall', () => {
    const spec = chartsOf(RESULTS).get('check-trade-order')!;
    expect(rowsOf(spec, 'marks')).toEqual([{ value: -0.15, label: 'as it is' }]);
    const shares = rowsOf(spec, 'bins').map(bin => (bin as { share: number }).share);
    expect(shares.reduce((total, each) => total + each, 0)).toBeCloseTo(1, 12);
  });

  test('counts every history once in its bin', () => {
    const values = [-0.2, -0.2, 0.11, 0.31, 0.4];
    const spec = checkDistribution(
      values.map(value => ({ value })),
      { title: 'T', subtitle: 'S', value: 'Net return', observed: 0.1, signed: true },
    );
    for (const bin of rowsOf(spec, 'bins') as readonly { from: number; to: number; share: number }[]) {
      const inside = values.filter(value => value >= bin.from && (value < bin.to || (value === 0.4 && Math.abs(bin.to - 0.4) < 1e-9)));
      expect(bin.share).toBeCloseTo(inside.length / values.length, 9);
    }
  });

  test.each(['light', 'dark'] as const)('draws without a warning, %s', async scheme => {
    const alike = result({ points: [point({ x: 1, totalReturn: 0.2 })] });
    for (const spec of chartsOf([
      ...RESULTS,
      { ...alike, id: 'alike', points: [point({ x: 2, totalReturn: 0.3 })], base: null },
    ]).values()) {
      const { svg, said } = await drawChart(spec, scheme);
      expect(said).toEqual([]);
      expect(svg).toContain('<svg');
    }
  });
});
