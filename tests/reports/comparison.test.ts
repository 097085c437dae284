import { describe, expect, test } from 'vitest';
import { compareTracks } from '../../src/experiments/run-comparison.js';
import { trackOf } from '../../src/metrics/track.js';
import { comparisonDocument, type ComparedRun } from '../../src/reports/comparison.js';
import type { Block, ReportDocument } from '../../src/reports/document.js';
import { DAY, HOUR } from '../../src/time.js';
import { crossover, START, walk } from './fixture.js';

const market = walk(17_520, HOUR, 21);
const compared = (name: string, fast: number, slow: number, bars = 17_520, sample: ComparedRun['sample'] = 'in-sample'): ComparedRun => {
  const outcome = crossover({ ts: market.ts.slice(0, bars), close: market.close.slice(0, bars) }, fast, slow);
  return {
    name,
    runId: name,
    sample,
    outcome,
    params: { fast, slow },
    inputs: outcome.manifest.inputs,
    fingerprint: 'f',
    synthetic: false,
  };
};
const documentOf = (runs: readonly ComparedRun[]): ReportDocument =>
  comparisonDocument({
    title: 'Comparison',
    command: 'quantai compare',
    runs,
    study: compareTracks(
      runs.map(({ outcome }) => trackOf(outcome)),
      { samples: 200, portfolio: { lookback: 180, every: 30, moveCost: 0.001 } },
    ),
    differences: [],
  });
const blocks = (report: ReportDocument, id: string): readonly Block[] => report.sections.find(section => section.id === id)?.blocks ?? [];
const table = (report: ReportDocument, id: string) => {
  const found = report.sections.flatMap(section => section.blocks).find(block => block.kind === 'table' && block.id === id);
  if (found?.kind !== 'table') throw new Error(`no table ${id}`);
  return found;
};

describe('the page of a comparison', () => {
  const three = documentOf([compared('one', 40, 160), compared('two', 20, 80), compared('three', 60, 240)]);

  test('has a row a run and metric, and in each as many cells as columns', () => {
    const { rows } = table(three, 'difference-table');
    expect(rows).toHaveLength(2 * 5);
    for (const section of three.sections)
      for (const block of section.blocks)
        if (block.kind === 'table') for (const row of block.rows) expect(row, block.id).toHaveLength(block.columns.length);
    expect(table(three, 'portfolio-table').rows).toHaveLength(5 + 3);
    expect(table(three, 'changed-table').empty).toMatch(/^Nothing: /);
  });

  test('draws the days that all have, from one unit of capital', () => {
    const report = documentOf([compared('whole', 40, 160), compared('half', 20, 80, 8_760)]);
    const [alarm, chart] = blocks(report, 'equity');
    expect(alarm).toEqual({ kind: 'alarm', text: 'The runs cover different periods: compare yearly figures, not totals.' });
    if (chart?.kind !== 'chart') throw new Error('no chart');
    const { rows, labels } = chart.spec.datasets as {
      rows: { ts: number; run: string; growth: number }[];
      labels: { run: string; growth: number }[];
    };
    expect(Math.max(...rows.map(({ ts }) => ts))).toBeLessThanOrEqual(START + 365 * DAY);
    for (const name of ['whole', 'half']) expect(rows.find(({ run }) => run === name)!.growth).toBeCloseTo(1, 1);
    expect(labels.map(({ run }) => run).sort()).toEqual(['half', 'whole']);
  });

  test('says first that one result was chosen and the other was not', () => {
    const report = documentOf([compared('chosen', 40, 160), compared('tested', 20, 80, 17_520, 'out-of-sample')]);
    expect(blocks(report, 'equity')[0]).toMatchObject({
      kind: 'alarm',
      text: expect.stringMatching(/in-sample and some out-of-sample/) as string,
    });
  });

  test('keeps the names at the ends of lines apart', () => {
    const chart = blocks(documentOf(['a', 'b', 'c', 'd'].map((name, i) => compared(name, 40 + i, 160))), 'equity').find(
      ({ kind }) => kind === 'chart',
    );
    if (chart?.kind !== 'chart') throw new Error('no chart');
    const { rows, labels } = chart.spec.datasets as { rows: { growth: number }[]; labels: { growth: number }[] };
    const growth = rows.map(row => row.growth);
    const step = ((Math.max(...growth, 1) - Math.min(...growth, 1)) * 13) / 320;
    const places = labels.map(label => label.growth).sort((a, b) => a - b);
    places.slice(1).forEach((place, i) => expect(place - places[i]!).toBeGreaterThan(step));
  });
});
