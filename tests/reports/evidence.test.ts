import { describe, expect, it, test } from 'vitest';
import { assembleEvidence } from '../../src/experiments/evidence/assemble-evidence.js';
import { EvidenceThresholds } from '../../src/experiments/evidence/thresholds.js';
import { estimate, noEstimate } from '../../src/experiments/estimate.js';
import { evidenceOf, inSampleEvidence, onData, outOfSampleEvidence } from '../../src/reports/evidence.js';
import { evidenceDocument, evidencePage } from '../../src/reports/evidence-page.js';
import { walkForwardDocument } from '../../src/reports/walk-forward.js';
import { binRows } from '../../src/reports/rows/evidence-rows.js';
import { HOUR } from '../../src/time.js';
import { crossover, tearsheetInput, walk, walkForwardInput } from './fixture.js';
import type { EvidenceRecord } from '../../src/experiments/evidence/evidence-record.js';

const good = { synthetic: false, netReturn: 0.4, trades: 200, returns: 700, psr: 0.99, dsr: 0.97, pbo: 0.1, trials: 120 };

test('a single run is never more than in-sample', () => {
  expect(inSampleEvidence(false).verdict).toBe('In-sample only');
});

test('synthetic data is evidence of nothing, however good', () => {
  expect(inSampleEvidence(true).verdict).toBe('None');
  expect(outOfSampleEvidence({ ...good, synthetic: true }).verdict).toBe('None');
});

test('each weakness speaks before the strengths, and without a look for leaks nothing is strong', () => {
  expect(outOfSampleEvidence(good).verdict).toBe('Suggestive');
  expect(outOfSampleEvidence({ ...good, dsr: 0.85 }).verdict).toBe('Suggestive');
  expect(outOfSampleEvidence({ ...good, dsr: 0.5 }).verdict).toBe('Weak');
  expect(outOfSampleEvidence({ ...good, pbo: 0.6 }).verdict).toBe('Weak');
  expect(outOfSampleEvidence({ ...good, dsr: null }).verdict).toBe('Weak');
  expect(outOfSampleEvidence({ ...good, netReturn: -0.01 }).verdict).toBe('Against');
  expect(outOfSampleEvidence({ ...good, trades: 12 }).verdict).toBe('Too little data');
  expect(outOfSampleEvidence({ ...good, netReturn: null }).verdict).toBe('Too little data');
});

test('bins are counted as they lie, with the line that matters on a border', () => {
  const rows = binRows([-1.2, -0.1, 0, 0.05, 0.9, NaN, Infinity], { bins: 4, edge: 0, below: 'lower', above: 'upper' });
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  for (const { from, to, side } of rows) expect(side).toBe((from + to) / 2 < 0 ? 'lower' : 'upper');
  expect(rows.filter(({ side }) => side === 'lower').reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

const market = walk(9_000, HOUR, 21);
const record = (changes: Partial<EvidenceRecord['run']> = {}): EvidenceRecord =>
  assembleEvidence({
    run: {
      runId: 'sma-cross-btc-1',
      kind: 'walkforward',
      strategy: 'sma-cross',
      code: 'builtin:sma-cross',
      dataset: 'btc',
      fingerprint: 'f00d',
      synthetic: false,
      outOfSample: true,
      ...changes,
    },
    outcome: crossover(market, 40, 160),
    closes: { 'BTC/USDT:USDT': market },
    findings: [],
    trials: {
      run: 4,
      total: 1_204,
      unsettled: 3,
      effective: estimate(57.3, ''),
      sharpes: [0.01, -0.03, 0.05],
      history: [
        { at: 1, n: 4 },
        { at: 2, n: 1_204 },
      ],
    },
    search: {
      over: 'the training windows joined',
      configurations: 24,
      observations: 375,
      effective: estimate(6, ''),
      best: null,
      pbo: estimate(0.25, ''),
      logits: Float64Array.of(-1, 0.5, 1, 2),
      realityCheck: estimate(0.31, ''),
      spa: noEstimate('the returns do not vary'),
      surviving: { stepwise: 1, falseDiscovery: 2, anyDependence: 0 },
      alpha: 0.05,
      haircut: { holm: estimate(0.2, ''), falseDiscovery: estimate(0.3, '') },
    },
    foldPbo: estimate(0.35, ''),
    checks: [],
    thresholds: EvidenceThresholds.parse({ strong: 0.97, pbo: 0.3 }),
    seed: 7,
  });

const pageInput = (of: EvidenceRecord) => ({
  record: of,
  manifest: tearsheetInput(200).result.manifest,
  findings: [],
  command: 'quantai evidence sma-cross-btc-1',
  reproduce: 'quantai walkforward sma-cross',
});

describe('the page of evidence', () => {
  const document = evidenceDocument(pageInput(record()));
  const tile = (label: string) => document.tiles.find(each => each.label === label);

  it('says the verdict first, and why', () => {
    expect(document.title).toBe(`sma-cross on btc: weak evidence`);
    expect(document.verdict).toMatch(/^The evidence is weak\. /);
  });

  it('has N, effective N, the corrected Sharpe with its interval, PBO and the reality check on its first screen', () => {
    const { sharpe } = record();
    const minus = (x: number): string => (x < 0 ? `−${Math.abs(x).toFixed(2)}` : x.toFixed(2));
    expect(tile('Trials (N)')).toMatchObject({ value: '1,204', detail: '4 in this run, 3 interrupted among all' });
    expect(tile('Effective trials')?.value).toBe('57');
    expect(tile('Sharpe, less luck')?.value).toBe(minus(sharpe.annual.value! - sharpe.lucky.value!));
    expect(tile('Sharpe, less luck')?.detail).toContain(
      `interval ${minus(sharpe.low! - sharpe.lucky.value!)} to ${minus(sharpe.high! - sharpe.lucky.value!)}`,
    );
    // The larger of the two decides, and it is over the threshold of this workspace.
    expect(tile('Probability of overfitting')).toMatchObject({ value: '0.35', tone: 'loss' });
    expect(tile('Reality check, p')).toMatchObject({ value: '0.310', tone: 'loss' });
    expect(tile('Deflated Sharpe')?.detail).toContain('0.97 is asked for');
  });

  it('shades the share of splits that fell to the lower half, which is the probability of overfitting', () => {
    const chart = document.sections.flatMap(({ blocks }) => blocks).find(block => block.kind === 'chart' && block.id === 'pbo-logits');
    const spec = JSON.stringify(chart);
    expect(spec).toContain('25.0% of 4 splits fell to the lower half');
    const rows = [...spec.matchAll(/"from":(-?[\d.e-]+),"to":(-?[\d.e-]+),"count":(\d+)/g)].map(
      ([, from, , count]) => [Number(from), Number(count)] as const,
    );
    expect(rows.reduce((sum, [, count]) => sum + count, 0)).toBe(4);
    expect(rows.filter(([from]) => from < -1e-9).reduce((sum, [, count]) => sum + count, 0)).toBe(1);
  });

  it('says why a figure is missing, and what the thresholds are', () => {
    const text = JSON.stringify(document);
    expect(text).toContain('Not computed: the returns do not vary.');
    expect(text).toContain('["evidence.strong","0.97"');
    expect(text).toContain('["evidence.pbo","0.3"');
  });

  it('never lets a name write markup', () => {
    const nasty = '<script>alert(1)</script>';
    const html = evidencePage(pageInput(record({ strategy: nasty, dataset: nasty, code: nasty, runId: nasty, fingerprint: nasty })));
    expect(html).not.toContain('<script>alert');
  });

  it('says that data are synthetic', () => {
    expect(evidenceDocument(pageInput(record({ synthetic: true })))).toMatchObject({
      synthetic: true,
      title: 'sma-cross on btc: no evidence',
    });
  });
});

describe('the report of a walk-forward', () => {
  it('begins with its evidence when it has it, and its table of luck stands there once', () => {
    const evidence = record();
    const report = walkForwardDocument({ ...walkForwardInput(), evidence });
    expect(report.sections[0]?.id).toBe('evidence');
    expect(report.verdict).toContain(evidence.because);
    const ids = report.sections.flatMap(({ blocks }) => blocks.flatMap(block => ('id' in block ? [block.id] : [])));
    expect(ids.filter(id => id === 'overfitting')).toHaveLength(1);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps the table of luck beside the equity when nothing more was kept', () => {
    const report = walkForwardDocument(walkForwardInput());
    expect(report.sections[0]?.id).toBe('equity');
    expect(report.sections[0]?.blocks.some(block => 'id' in block && block.id === 'overfitting')).toBe(true);
  });
});

test('errors of the data are named as such in a headline', () => {
  const finding = { code: 'gap', severity: 'error', file: 'x', symbol: 'A', kind: 'bars', count: 1, message: '' } as const;
  expect(evidenceOf({ grade: 'none', because: 'The data has errors (gap in A): the result may be theirs.' }).verdict).toBe('Bad data');
  expect(onData(inSampleEvidence(false), [finding])).toMatchObject({ verdict: 'Bad data' });
  expect(onData(inSampleEvidence(false), [{ ...finding, repaired: 'yes' }])).toEqual(inSampleEvidence(false));
});
