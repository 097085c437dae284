import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobView, RunLine } from '../../../src/dashboard/api/research-api.js';
import { comparisonSummary } from '../../../src/dashboard/web/research/comparison-figures.js';
import { drawdownOf } from '../../../src/dashboard/web/research/drawdown.js';
import { evidenceSummary } from '../../../src/dashboard/web/research/evidence-summary.js';
import { isOpen, openFirst, progressWords, rateWords } from '../../../src/dashboard/web/research/job-words.js';
import { toggled, wantedRuns } from '../../../src/dashboard/web/research/run-filter.js';
import { comparisonOf } from '../web/canned/comparison-document.js';
import { evidenceOf } from '../web/canned/evidence-document.js';
import { JOBS, RUNS } from '../web/canned/research.js';

describe('the table of runs', () => {
  it('shows exactly the runs that have every wanted word', () => {
    const shown = wantedRuns(RUNS, { strategy: 'breakout', command: '', text: 'MADE' });
    const slow: RunLine[] = [];
    for (const run of RUNS)
      if (run.strategy === 'breakout' && JSON.stringify([run.run, run.strategy, run.dataset]).includes('made')) slow.push(run);
    expect(slow.length).toBeGreaterThan(0);
    expect(shown).toEqual(slow);
  });

  it('keeps the order in which runs were ticked, and forgets one that is ticked twice', () => {
    expect(['a', 'b', 'c', 'b'].reduce<readonly string[]>(toggled, [])).toEqual(['a', 'c']);
  });
});

describe('jobs', () => {
  const job = (more: Partial<JobView>): JobView => ({ ...JOBS[0]!, ...more });

  it('stand with those that are at work first, then by age', () => {
    const jobs = [
      job({ job: 'old', state: 'done', begunAt: 1 }),
      job({ job: 'waiting', state: 'waiting', begunAt: 2 }),
      job({ job: 'new', state: 'failed', begunAt: 3 }),
      job({ job: 'running', state: 'running', begunAt: 4 }),
    ];
    expect(openFirst(jobs).map(each => each.job)).toEqual(['running', 'waiting', 'new', 'old']);
    expect(jobs.filter(isOpen).map(each => each.job)).toEqual(['waiting', 'running']);
  });

  it('say how far they are and how quick, and nothing where nothing is known', () => {
    expect(progressWords({ done: 1204, total: 26_280, unit: 'bars' })).toBe('1,204 of 26,280 bars');
    expect(progressWords({ done: null, total: 5, unit: 'bars' })).toBe('');
    expect(rateWords({ rate: 12_340, unit: 'bars' })).toBe('12.3k bars/s');
    expect(rateWords({ rate: 0, unit: 'bars' })).toBe('');
  });
});

describe('a drawdown', () => {
  it('is each value against the highest so far', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }), equity => {
        const slow = equity.map((value, at) => value / Math.max(...equity.slice(0, at + 1)) - 1);
        expect(drawdownOf(equity)).toEqual(slow);
      }),
    );
  });
});

describe('the evidence of a run', () => {
  it('decides by the larger probability of overfitting, as the verdict does', () => {
    const base = evidenceOf(RUNS[1]!)!;
    const value = (search: number | null, folds: number | null): number | null =>
      evidenceSummary({
        ...base,
        search: { ...base.search, pbo: { value: search, reason: null } },
        foldPbo: { value: folds, reason: null },
      })!.figures.find(({ label }) => label === 'Probability of overfitting')?.value ?? null;
    expect(value(0.31, 0.24)).toBe(0.31);
    expect(value(0.2, 0.6)).toBe(0.6);
    expect(value(null, 0.4)).toBe(0.4);
    expect(value(null, null)).toBeNull();
  });

  it('keeps the reason of a figure that is not there', () => {
    expect(evidenceSummary(evidenceOf(RUNS[1]!))!.figures.find(({ label }) => label === 'SPA, p')).toEqual({
      label: 'SPA, p',
      value: null,
      reason: 'fewer than 30 returns',
    });
  });

  it('is none where nobody judged, and takes any JSON without a fault', () => {
    expect(evidenceSummary(evidenceOf({ ...RUNS[0]!, verdict: null }))).toBeNull();
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(evidenceSummary(value)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('sharpe', 'search', 'reasons', 'checks', 'tried', 'untested', 'foldPbo'), fc.jsonValue()),
        value => {
          expect(evidenceSummary({ ...value, grade: 'weak' })?.grade).toBe('weak');
        },
      ),
    );
  });

  it('names fields that the platform writes', () => {
    const record = readFileSync(new URL('../../../src/experiments/evidence/evidence-record.ts', import.meta.url), 'utf8');
    for (const field of [
      'grade',
      'sentence',
      'reasons',
      'tried',
      'effective',
      'annual',
      'psr',
      'dsr',
      'corrected',
      'foldPbo',
      'checks',
      'untested',
    ])
      expect(record).toMatch(new RegExp(`readonly ${field}\\b`));
  });
});

describe('a comparison', () => {
  it('puts figures beside each other in the order of the runs, with differences from the first', () => {
    const document = comparisonOf([RUNS[0]!, RUNS[1]!]);
    const summary = comparisonSummary(document)!;
    expect(summary.runs.map(({ runId }) => runId)).toEqual([RUNS[0]!.run, RUNS[1]!.run]);
    const sharpe = summary.figures.find(({ metric }) => metric === 'sharpe')!;
    expect(sharpe.values).toEqual([RUNS[0]!.sharpe, RUNS[1]!.sharpe]);
    expect(sharpe.differences).toEqual([null, { difference: 0.5, low: -0.31, high: 1.3 }]);
    // What has no interval has no difference.
    expect(summary.figures.find(({ metric }) => metric === 'trades')!.differences).toEqual([null, null]);
    // A figure that no run has is not shown.
    expect(summary.figures.some(({ metric }) => metric === 'costShare')).toBe(false);
  });

  it('is none for anything else', () => {
    expect(comparisonSummary({ runs: [] })).toBeNull();
    expect(comparisonSummary(null)).toBeNull();
  });
});
