import { describe, expect, it } from 'vitest';
import { assembleEvidence, type EvidenceInput } from '../../../src/experiments/evidence/assemble-evidence.js';
import { EvidenceThresholds } from '../../../src/experiments/evidence/thresholds.js';
import { noEstimate } from '../../../src/experiments/estimate.js';
import { trackOf } from '../../../src/metrics/track.js';
import { crossover, START, walk } from '../../reports/fixture.js';
import { HOUR, YEAR } from '../../../src/time.js';

const market = walk(9_000, HOUR, 21);
const outcome = crossover(market, 40, 160);
const sharpes = [0.01, -0.03, 0.05, 0.02, -0.01];

const input: EvidenceInput = {
  run: {
    runId: 'sma-cross-btc-1',
    kind: 'walkforward',
    strategy: 'sma-cross',
    code: 'builtin:sma-cross',
    dataset: 'btc',
    fingerprint: 'f',
    synthetic: false,
    outOfSample: true,
  },
  outcome,
  closes: { 'BTC/USDT:USDT': market },
  findings: [],
  trials: { run: 4, total: 7, unsettled: 1, effective: { value: 3, reason: null }, sharpes, history: [{ at: START, n: 7 }] },
  search: null,
  noSearch: 'one configuration was run',
  checks: [],
  thresholds: EvidenceThresholds.parse({}),
  seed: 7,
};

/** Φ by Simpson's rule, and its inverse by halving: nothing of the code is used. */
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const cdf = (x: number): number => {
  const n = 2_000;
  const h = x / n;
  let sum = density(0) + density(x);
  for (let i = 1; i < n; i++) sum += density(i * h) * (i % 2 === 1 ? 4 : 2);
  return 0.5 + (sum * h) / 3;
};
const quantile = (p: number): number => {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return low;
};

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const central = (list: readonly number[], k: number): number => {
  const m = mean(list);
  return mean(list.map(x => Array.from({ length: k }).reduce<number>(product => product * (x - m), 1)));
};

describe('the evidence of a run', () => {
  const record = assembleEvidence(input);
  const { returns: column, periodsPerYear } = trackOf(outcome);
  const returns = Array.from(column);
  const n = returns.length;
  const deviation = Math.sqrt((central(returns, 2) * n) / (n - 1));
  const sharpe = mean(returns) / deviation;
  const skew = central(returns, 3) / Math.sqrt(central(returns, 2)) / central(returns, 2);
  const kurtosis = central(returns, 4) / central(returns, 2) / central(returns, 2);
  const error = Math.sqrt((1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe) / (n - 1));
  const spread = Math.sqrt((central(sharpes, 2) * sharpes.length) / (sharpes.length - 1));
  const luckiest = (trials: number): number =>
    spread * ((1 - 0.5772156649015329) * quantile(1 - 1 / trials) + 0.5772156649015329 * quantile(1 - 1 / (trials * Math.E)));
  const root = Math.sqrt(periodsPerYear);

  it('has the Sharpe ratio, its probability, the luck of N trials and what is left, as the formulas of the papers give them', () => {
    expect(record.sharpe.annual.value).toBeCloseTo(sharpe * root, 8);
    expect(record.sharpe.psr.value).toBeCloseTo(cdf(sharpe / error), 8);
    expect(record.sharpe.lucky.value).toBeCloseTo(luckiest(7) * root, 6);
    expect(record.sharpe.corrected.value).toBeCloseTo((sharpe - luckiest(7)) * root, 6);
    expect(record.sharpe.dsr.value).toBeCloseTo(cdf((sharpe - luckiest(7)) / error), 6);
    expect(record.sharpe.dsrEffective.value).toBeCloseTo(cdf((sharpe - luckiest(3)) / error), 6);
  });

  it('judges what was traded', () => {
    expect(record.judged).toMatchObject({ returns: n, trades: outcome.roundTrips.length });
    expect(record.judged.netReturn).toBeCloseTo(outcome.finalEquity / outcome.initialCapital - 1, 12);
    expect(record.sharpe.years).toBeCloseTo((9_000 * HOUR) / YEAR, 10);
    expect(record.years.reduce((sum, { days }) => sum + days, 0)).toBe(n);
    expect(record.regimes.reduce((sum, { trades }) => sum + trades, 0)).toBe(outcome.roundTrips.length);
    const interval = record.intervals.find(({ metric }) => metric === 'sharpe');
    expect([record.sharpe.low, record.sharpe.high]).toEqual([interval?.low, interval?.high]);
  });

  it('says of everything that is missing what and why', () => {
    const gaps = assembleEvidence({
      ...input,
      trials: { ...input.trials, effective: noEstimate('no ledger'), sharpes: [0.01] },
      checks: [
        {
          id: 'synthetic-histories',
          title: 'Synthetic histories',
          family: 'chance',
          verdict: 'untested',
          sentence: 'Its models would have to be trained anew.',
          base: null,
          points: [],
          axis: null,
        },
      ],
      untested: [{ what: 'Start date', why: 'quick checks leave it out' }],
    });
    expect(gaps.grade).toBe('weak');
    expect(gaps.sharpe.corrected).toEqual({ value: null, reason: gaps.sharpe.dsr.reason });
    expect(gaps.untested.map(({ what }) => what)).toEqual([
      'Overfitting of the search, reality check and SPA',
      'Deflated Sharpe',
      'Effective number of trials',
      'Market regime of 61 days',
      'Synthetic histories',
      'Start date',
    ]);
    expect(gaps.untested.every(({ why }) => why !== '')).toBe(true);
  });

  it('is too little for a run without bars, and throws nothing', () => {
    const empty = assembleEvidence({ ...input, outcome: crossover(walk(0, HOUR, 1), 40, 160), closes: {} });
    expect(empty.grade).toBe('insufficient');
    expect(empty.sharpe.annual.value).toBeNull();
    expect([empty.years, empty.regimes]).toEqual([[], []]);
  });

  it('knows errors of the data from those that were repaired', () => {
    const error = {
      code: 'duplicate',
      severity: 'error',
      file: 'x',
      symbol: 'BTC/USDT:USDT',
      kind: 'bars',
      count: 1,
      message: '',
    } as const;
    expect(assembleEvidence({ ...input, findings: [error] }).grade).toBe('none');
    expect(assembleEvidence({ ...input, findings: [{ ...error, repaired: 'the first was kept' }] }).grade).toBe(record.grade);
  });
});
