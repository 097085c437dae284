import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/experiments/checks/check.js';
import { estimate, noEstimate } from '../../../src/experiments/estimate.js';
import { EvidenceThresholds } from '../../../src/experiments/evidence/thresholds.js';
import { verdictOf, type VerdictInput } from '../../../src/experiments/evidence/verdict.js';
import type { SearchEvidence } from '../../../src/experiments/search-evidence.js';

const known = (value: number) => estimate(value, '');

const check = (id: string, family: CheckResult['family'], verdict: CheckResult['verdict']): CheckResult => ({
  id,
  title: id,
  family,
  verdict,
  sentence: `said of ${id}.`,
  base: null,
  points: [],
  axis: null,
});

const search = (figures: Partial<SearchEvidence> = {}): SearchEvidence => ({
  over: 'the training windows joined',
  configurations: 120,
  observations: 700,
  effective: known(14),
  best: { params: { fast: 10 }, sharpe: 1.8 },
  pbo: known(0.1),
  logits: new Float64Array(),
  realityCheck: known(0.02),
  spa: known(0.01),
  surviving: null,
  alpha: 0.05,
  haircut: { holm: known(1), falseDiscovery: known(1.1) },
  ...figures,
});

const good: VerdictInput = {
  synthetic: false,
  dataErrors: [],
  outOfSample: true,
  netReturn: 0.4,
  trades: 200,
  returns: 700,
  psr: known(0.99),
  dsr: known(0.97),
  dsrEffective: known(0.98),
  trials: 120,
  effectiveTrials: known(14),
  search: search(),
  foldPbo: known(0.2),
  checks: [check('causality', 'leak', 'pass'), check('cost-stress', 'fragility', 'pass'), check('trade-order', 'chance', 'pass')],
  thresholds: EvidenceThresholds.parse({}),
};

const gradeOf = (changes: Partial<VerdictInput>) => verdictOf({ ...good, ...changes }).grade;

describe('the verdict', () => {
  it.each<[string, Partial<VerdictInput>, string]>([
    ['everything holds', {}, 'strong'],
    ['the data is synthetic', { synthetic: true }, 'none'],
    ['the data has errors', { dataErrors: ['redenomination in BNX/USDT'] }, 'none'],
    ['nothing was earned or lost', { netReturn: 0 }, 'against'],
    ['money was lost', { netReturn: -0.01 }, 'against'],
    ['a little was earned', { netReturn: 0.001 }, 'strong'],
    ['trades are just enough', { trades: 30 }, 'strong'],
    ['a trade is lacking', { trades: 29 }, 'insufficient'],
    ['returns are just enough', { returns: 60 }, 'strong'],
    ['a return is lacking', { returns: 59 }, 'insufficient'],
    ['the return is not defined', { netReturn: null }, 'insufficient'],
    ['the deflated Sharpe is just strong', { dsr: known(0.95) }, 'strong'],
    ['it is just short of that', { dsr: known(0.9499) }, 'suggestive'],
    ['it is just suggestive', { dsr: known(0.8) }, 'suggestive'],
    ['it is just short of suggestive', { dsr: known(0.7999) }, 'weak'],
    ['it cannot be computed', { dsr: noEstimate('no spread') }, 'weak'],
    ['the search was a coin', { search: search({ pbo: known(0.5) }) }, 'weak'],
    ['the search was just better than a coin', { search: search({ pbo: known(0.499) }) }, 'strong'],
    ['the folds were a coin', { foldPbo: known(0.5) }, 'weak'],
    ['luck explains the best by SPA', { search: search({ spa: known(0.0501) }) }, 'weak'],
    ['SPA is just small enough', { search: search({ spa: known(0.05), realityCheck: known(0.05) }) }, 'strong'],
    ['only the reality check doubts', { search: search({ realityCheck: known(0.06) }) }, 'suggestive'],
    ['the reality check alone is known and doubts', { search: search({ spa: noEstimate('too few'), realityCheck: known(0.06) }) }, 'weak'],
    ['there was no search', { search: null, foldPbo: null }, 'strong'],
    ['it is in-sample', { outOfSample: false }, 'weak'],
    ['nobody looked for the future', { checks: [check('stale-fills', 'leak', 'pass')] }, 'suggestive'],
    ['a look for the future was not possible', { checks: [check('causality', 'leak', 'untested')] }, 'suggestive'],
    ['it leaks', { checks: [...good.checks, check('warm-up', 'leak', 'fail')] }, 'against'],
    ['it leaks and has few trades', { trades: 2, checks: [check('causality', 'leak', 'fail')] }, 'against'],
    ['a leak check has doubts', { checks: [check('causality', 'leak', 'warn')] }, 'strong'],
    ['one stress breaks it', { checks: [...good.checks, check('one-bar-delay', 'fragility', 'fail')] }, 'suggestive'],
    ['chance explains its timing', { checks: [...good.checks, check('random-entries', 'chance', 'fail')] }, 'suggestive'],
    ['two stresses break it', { checks: [...good.checks, check('a', 'fragility', 'fail'), check('b', 'fragility', 'fail')] }, 'weak'],
    ['a stress gives to think', { checks: [...good.checks, check('missed-fills', 'fragility', 'warn')] }, 'strong'],
    ['alike trials are few or many', { effectiveTrials: known(120), dsrEffective: known(0.1) }, 'strong'],
  ])('when %s', (_, changes, grade) => {
    expect(gradeOf(changes)).toBe(grade);
  });

  it('is never raised by three failed checks below what the figures allow, nor lowered below weak', () => {
    const checks = ['a', 'b', 'c', 'd'].map(id => check(id, 'fragility', 'fail'));
    expect(gradeOf({ checks: [...good.checks, ...checks] })).toBe('weak');
  });

  it('follows the thresholds of the configuration', () => {
    const thresholds = (changes: object) => EvidenceThresholds.parse(changes);
    expect(gradeOf({ thresholds: thresholds({ trades: 201 }) })).toBe('insufficient');
    expect(gradeOf({ thresholds: thresholds({ returns: 701 }) })).toBe('insufficient');
    expect(gradeOf({ thresholds: thresholds({ strong: 0.98 }) })).toBe('suggestive');
    expect(gradeOf({ thresholds: thresholds({ strong: 0.98, suggestive: 0.975 }) })).toBe('weak');
    expect(gradeOf({ thresholds: thresholds({ pbo: 0.2 }) })).toBe('weak');
    expect(gradeOf({ thresholds: thresholds({ pValue: 0.005 }) })).toBe('weak');
    expect(() => thresholds({ strong: 0.7 })).toThrow(/above/);
  });

  it('says in its sentence what decided, and every consideration with its figure', () => {
    const lost = verdictOf({ ...good, netReturn: -0.123, outOfSample: true });
    expect(lost.sentence).toBe('The evidence is against it. It lost 12.3% out of sample, after costs.');
    expect(lost.because).toBe('It lost 12.3% out of sample, after costs.');
    const { reasons, because } = verdictOf({ ...good, dsr: known(0.5), checks: [...good.checks, check('x', 'fragility', 'fail')] });
    expect(because).toBe('Deflated Sharpe 0.50 after 120 configurations tried: luck could explain it.');
    const said = (says: string) => reasons.filter(reason => reason.says === says).map(({ sentence }) => sentence);
    expect(said('against')).toEqual([because, 'x: said of x.']);
    expect(said('for')).toEqual([
      'It earned 40.0% out of sample, after costs, in 200 trades.',
      'Probability of overfitting 0.20, under 0.5.',
      'Hansen’s SPA: p 0.010 for the best of 120 configurations.',
      '1 check for knowledge that it cannot have found none.',
      'It passed 2 of 3 checks of fragility and chance.',
    ]);
    expect(said('neither')).toEqual(['Alike trials counted together there were 14, which would make the deflated Sharpe 0.98.']);
  });

  it('names errors of the data before anything that a result says, and the leak that it found', () => {
    expect(verdictOf({ ...good, synthetic: true, dataErrors: ['a in X', 'b in X', 'c in Y'] }).because).toBe(
      'The data has errors (a in X, b in X and 1 more): the result may be theirs.',
    );
    expect(verdictOf({ ...good, checks: [check('causality', 'leak', 'fail')] }).because).toContain('said of causality.');
  });
});
