import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { leakResult } from '../../src/experiments/checks/leak-check.js';
import type { LeakResult } from '../../src/experiments/checks/leak-check.js';
import { causalityDocument, causalityReport } from '../../src/reports/causality.js';
import { leakSection } from '../../src/reports/sections/leaks.js';

const LEAKS: readonly LeakResult[] = [
  leakResult({ id: 'repeatable', title: 'The same run twice', verdict: 'pass', sentence: 'The same.' }),
  leakResult({
    id: 'causality',
    title: 'The future replaced',
    verdict: 'fail',
    sentence: 'It knew its future at 1 of 2 moments: a <target>.',
    plot: {
      kind: 'bars',
      x: 'Outputs',
      bars: [
        { label: '2024-01-01 00:00', value: 10, alarm: false },
        { label: '2024-02-01 00:00', value: 20, alarm: true },
      ],
    },
  }),
  leakResult({
    id: 'warm-up',
    title: 'Warm-up',
    verdict: 'warn',
    sentence: 'Long.',
    plot: {
      kind: 'lines',
      x: 'Bars of history',
      y: 'Difference',
      lines: [{ name: 'rsi', points: [1, 2, 4].map(x => ({ x, y: 1 / (x * x) })) }],
      mark: { x: 2, label: 'first order' },
    },
  }),
];
const INPUT = { title: 'checks', subtitle: 'x', leaks: LEAKS, others: [], command: 'quantai verify causality x', synthetic: false };

describe('the page of checks for leaks', () => {
  it('has a row a check and a chart for each that drew something, and Vega-Lite takes them', () => {
    const { blocks } = leakSection(LEAKS);
    const [table, ...charts] = blocks;
    expect(table?.kind === 'table' ? table.rows.map(([title, verdict]) => [title, verdict]) : []).toEqual([
      ['The same run twice', '✓ Passed'],
      ['The future replaced', '✕ Failed'],
      ['Warm-up', '▲ Look'],
    ]);
    expect(charts.map(block => (block.kind === 'chart' ? block.id : ''))).toEqual(['leak-causality', 'leak-warm-up']);
    for (const block of charts) if (block.kind === 'chart') expect(() => compile(block.spec)).not.toThrow();
  });

  it('says first that a leaking strategy is not to be believed, and why', () => {
    const { verdict, tiles } = causalityDocument(INPUT);
    expect(verdict).toBe('Do not believe this strategy’s results: It knew its future at 1 of 2 moments: a <target>.');
    expect(tiles[0]).toMatchObject({ value: '1 of 3 failed', tone: 'alarm' });
    expect(causalityReport(INPUT)).toContain('a &lt;target&gt;.');
  });

  it('does not take the absence of leaks for a merit', () => {
    const clean = LEAKS.map(leak => ({ ...leak, verdict: 'pass' as const }));
    expect(causalityDocument({ ...INPUT, leaks: clean }).verdict).toBe(
      'No leak was found by 3 checks. That it knows nothing of its future does not say that it earns anything.',
    );
  });
});
