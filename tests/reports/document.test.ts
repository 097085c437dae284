import { describe, expect, test } from 'vitest';
import { comparisonReport } from '../../src/reports/comparison.js';
import { scriptJson } from '../../src/reports/html.js';
import { chartLibraries } from '../../src/reports/libraries.js';
import { tearsheet, tearsheetDocument } from '../../src/reports/tearsheet.js';
import { walkForwardDocument, walkForwardReport } from '../../src/reports/walk-forward.js';
import { tearsheetInput, walkForwardInput } from './fixture.js';
import type { ComparisonInput } from '../../src/reports/comparison.js';
import type { ReportDocument } from '../../src/reports/document.js';

const comparison = (): ComparisonInput => ({
  title: 'Two runs',
  command: 'quantai compare a b',
  runs: ['a', 'b'].map((name, i) => {
    const { result } = tearsheetInput(2_000 + i * 500);
    return {
      name,
      runId: `run-${name}`,
      sample: 'in-sample' as const,
      outcome: result,
      params: result.manifest.params,
      inputs: result.manifest.inputs,
      fingerprint: result.fingerprint,
      synthetic: false,
    };
  }),
});

const withoutLibraries = (html: string): string => chartLibraries().reduce((text, library) => text.replace(library, ''), html);

const chartNames = (report: ReportDocument): string[] =>
  report.sections.flatMap(({ blocks }) => blocks.flatMap(block => (block.kind === 'chart' ? [block.id] : [])));

const tableOf = (report: ReportDocument, id: string) => {
  for (const { blocks } of report.sections) for (const block of blocks) if (block.kind === 'table' && block.id === id) return block;
  throw new Error(`no table ${id}`);
};

const REPORTS: Readonly<Record<string, () => string>> = {
  'a tearsheet': () => tearsheet(tearsheetInput(3_000)),
  'the tearsheet of a run without bars': () => tearsheet(tearsheetInput(0)),
  'a walk-forward report': () => walkForwardReport(walkForwardInput()),
  'a walk-forward report of one fold': () => walkForwardReport(walkForwardInput(1)),
  'a comparison': () => comparisonReport(comparison()),
};

describe.each(Object.keys(REPORTS))('%s as a file', name => {
  const html = REPORTS[name]!();

  test('points at nothing outside itself', () => {
    const own = withoutLibraries(html);
    expect(own).not.toMatch(/\b(?:src|srcset|action)\s*=/);
    for (const [, target] of own.matchAll(/\bhref="([^"]*)"/g)) expect(target).toMatch(/^(?:#|data:)/);
    expect(own).not.toMatch(/@import|url\(/);
    const addresses = [...own.matchAll(/https?:[^"' )\\]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['https://vega.github.io/schema/vega-lite/v6.json']));
    expect(html).not.toContain('sourceMappingURL');
  });

  test('forbids the browser to fetch anything', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/connect-src|https?:|\*|script-src[^;]*'unsafe-inline'/);
  });

  test('has as many closing script tags as opening ones', () => {
    expect(html.match(/<\/script>/g)).toHaveLength(html.match(/<script[ >]/g)!.length);
  });

  test('is under three megabytes', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(3_000_000);
  });
});

test('a million bars with thousands of trades stay under three megabytes', () => {
  const html = tearsheet(tearsheetInput(1_000_000, 60_000));
  expect(Buffer.byteLength(html)).toBeLessThan(3_000_000);
  expect(html).toContain('weightiest of');
});

test('text from outside cannot become markup or end a script', () => {
  const input = tearsheetInput(500);
  const nasty = '</script><script>alert(1)</script><!-- &amp; \u2028';
  const html = tearsheet({
    ...input,
    title: nasty,
    command: nasty,
    result: {
      ...input.result,
      notes: [{ ts: 0, text: nasty }],
      assumptions: [{ topic: nasty, text: nasty, source: nasty }],
      refusals: { [nasty]: 1 },
    },
  });
  expect(html).not.toContain('<script>alert');
  expect(JSON.parse(scriptJson({ nasty }))).toEqual({ nasty });
  expect(scriptJson({ nasty })).not.toContain('<');
});

describe('a tearsheet', () => {
  const input = tearsheetInput(6_000);
  const report = tearsheetDocument(input);

  test('answers on its first screen: money after costs, risk, and how much to believe it', () => {
    expect(report.tiles.map(tile => tile.label)).toEqual([
      'Net return',
      'CAGR',
      'Sharpe ratio',
      'Maximum drawdown',
      'Trades',
      'Costs, share of gross',
      'Time in the market',
      'Evidence',
    ]);
    expect(report.tiles.at(-1)).toMatchObject({ value: 'In-sample only', detail: 'One run proves little; walk it forward.' });
    expect(report.tiles[2]?.detail).toMatch(/^95% interval −?\d/);
  });

  test('has every chart of a backtest', () => {
    expect(chartNames(report)).toEqual([
      'equity-drawdown',
      'monthly-returns',
      'rolling',
      'distribution',
      'costs',
      'price-1',
      'exposure',
      'plots-chart',
      'findings',
    ]);
  });

  test('closes with assumptions, data, the command and the fingerprint', () => {
    expect(report.sections.slice(-3).map(section => section.id)).toEqual(['assumptions', 'data', 'reproduce']);
    expect(tableOf(report, 'assumption-table').rows).toHaveLength(input.result.assumptions.length);
    expect(tableOf(report, 'finding-table').rows).toHaveLength(input.findings.length);
    expect(tableOf(report, 'input-table').rows.map(row => row[0])).toEqual(['btc', 'btc']);
    expect(report.sections.at(-1)?.blocks.flatMap(block => (block.kind === 'code' ? [block.text] : []))).toEqual([
      input.command,
      input.result.fingerprint,
    ]);
  });

  test('counts refusals by code, the commonest first', () => {
    expect(tableOf(report, 'refusals').rows).toEqual([
      ['warming-up', '160', '98%'],
      ['below-minimum-notional', '3', '2%'],
    ]);
  });

  test('puts the reason where a metric is not defined', () => {
    const rows = tableOf(tearsheetDocument(tearsheetInput(30)), 'metric-table').rows;
    const winRate = rows.find(row => row[0] === 'Win rate');
    expect(winRate?.[1]).toBe('–');
    expect(winRate?.[3]).toMatch(/Not defined here: .+\./);
  });

  test('shows no yearly figure on a handful of days', () => {
    const tiles = tearsheetDocument(tearsheetInput(300)).tiles;
    expect(tiles[1]?.value).toBe('Too few samples');
    expect(tiles[2]?.value).toBe('Too few samples');
  });

  test('says that trading was halted before anything else', () => {
    const halted = tearsheetDocument({
      ...input,
      result: { ...input.result, halted: { ts: 0, code: 'max-drawdown', text: 'equity fell 30% below its peak' } },
    });
    expect(halted.sections[0]?.blocks[0]).toMatchObject({ kind: 'alarm', text: expect.stringContaining('max-drawdown') });
  });

  test('labels synthetic data on top, in the evidence and on every chart', () => {
    const html = tearsheet({ ...input, synthetic: true });
    expect(html).toContain('<div class="synthetic"');
    const data = /id="report-data">(.*?)<\/script>/s.exec(html)![1]!;
    const charts: Record<string, { spec: { title: { subtitle: string } } }> = JSON.parse(data).charts;
    for (const { spec } of Object.values(charts)) expect(spec.title.subtitle).toMatch(/^SYNTHETIC DATA/);
    expect(Object.keys(charts)).toHaveLength(chartNames(report).length);
    expect(tearsheet(input)).not.toContain('SYNTHETIC DATA');
  });
});

describe('a walk-forward report', () => {
  const report = walkForwardDocument(walkForwardInput());

  test('puts out-of-sample money, risk and belief on its first screen', () => {
    expect(report.tiles[0]?.label).toBe('Net return, out of sample');
    expect(report.tiles[6]).toMatchObject({ label: 'Deflated Sharpe', value: '0.41' });
    expect(report.tiles[7]).toMatchObject({ label: 'Evidence', value: 'Weak' });
    expect(report.verdict).toContain('out of sample, over 8 folds');
  });

  test('has every chart of an experiment', () => {
    expect(chartNames(report)).toEqual([
      'stitched-equity',
      'fold-timeline',
      'decay',
      'objectives',
      'drift',
      'surface',
      'monthly-returns',
      'rolling',
      'distribution',
      'costs',
      'price-1',
      'exposure',
      'plots-chart',
      'findings',
    ]);
  });

  test('gives the reason for a probability that could not be computed', () => {
    const pbo = tableOf(report, 'overfitting').rows[2]!;
    expect(pbo[1]).toBe('–');
    expect(pbo[2]).toContain('fewer than 16 blocks of returns');
  });

  test('lists every fold with its choice and both sides of the objective', () => {
    const { columns, rows } = tableOf(report, 'fold-table');
    expect(rows).toHaveLength(8);
    expect(columns.map(column => column.title)).toEqual(
      expect.arrayContaining(['fast', 'slow', 'Sharpe, in sample', 'Sharpe, out of sample', 'Net return, out of sample']),
    );
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });
});

test('a comparison warns of what makes runs unlike', () => {
  expect(comparisonReport(comparison())).toContain('The runs cover different periods');
});
