import type { Finding } from '../../datasets/series.js';
import { metricIntervals } from '../../metrics/intervals.js';
import { totalReturn } from '../../metrics/total-return.js';
import { trackOf, type TrackInput } from '../../metrics/track.js';
import type { CheckResult } from '../checks/check.js';
import type { Estimate } from '../estimate.js';
import type { SearchEvidence } from '../search-evidence.js';
import type { EvidenceInterval, EvidenceRecord, TrialEvidence } from './evidence-record.js';
import { regimeFigures, UNKNOWN_REGIME, type MarketCloses } from './regimes.js';
import { sharpeFigures } from './sharpe-figures.js';
import type { EvidenceThresholds } from './thresholds.js';
import { verdictOf } from './verdict.js';
import { yearFigures } from './years.js';

/** Something that was not tested, and why. */
export type Untested = EvidenceRecord['untested'][number];

/** What is known about a result. */
export interface EvidenceInput {
  readonly run: EvidenceRecord['run'];
  /** What is judged: the run itself, or the test windows of a walk-forward joined. */
  readonly outcome: TrackInput;
  /** Of all traded symbols; from before the first judged day, or its market cannot be named. */
  readonly closes: Readonly<Record<string, MarketCloses>>;
  /** What is wrong with the data. */
  readonly findings: readonly Finding[];
  readonly trials: TrialEvidence;
  /** What the returns of all searched configurations say; null with the reason in `noSearch`. */
  readonly search: SearchEvidence | null;
  readonly noSearch?: string;
  /** Median over the folds of a walk-forward. */
  readonly foldPbo?: Estimate;
  readonly checks: readonly CheckResult[];
  /** What else was left out, e.g. checks that were not asked for. */
  readonly untested?: readonly Untested[];
  readonly thresholds: EvidenceThresholds;
  /** For the intervals. */
  readonly seed: number | string;
}

/** Names of the errors that are still in the data. */
export const dataErrorsOf = (findings: readonly Finding[]): string[] => [
  ...new Set(
    findings
      .filter(({ severity, repaired }) => severity === 'error' && repaired === undefined)
      .map(({ code, symbol }) => `${code} in ${symbol}`),
  ),
];

const missing = (what: string, of: Estimate | null | undefined): Untested[] =>
  of !== null && of !== undefined && of.value === null ? [{ what, why: of.reason ?? 'not computed' }] : [];

const searchGaps = ({ search, noSearch }: EvidenceInput): Untested[] =>
  search === null
    ? [{ what: 'Overfitting of the search, reality check and SPA', why: noSearch ?? 'there was no search' }]
    : [
        ...missing('Probability of overfitting', search.pbo),
        ...missing('White’s reality check', search.realityCheck),
        ...missing('Hansen’s SPA', search.spa),
        ...missing('Effective number of configurations', search.effective),
      ];

/**
 * Everything that is known about how far a result can be believed, with the verdict. A pure function: the same input gives the same record. What is not known is null, with its
 * reason, and is named among `untested`.
 */
export const assembleEvidence = (input: EvidenceInput): EvidenceRecord => {
  const { run, outcome, closes, findings, trials, search, checks, thresholds, seed } = input;
  const foldPbo = input.foldPbo ?? null;
  const track = trackOf(outcome);
  const found = metricIntervals(track, { seed });
  const sharpe = sharpeFigures(track, trials, found.sharpe);
  const net = totalReturn(track);
  const netReturn = typeof net === 'number' ? net : null;
  const counts = { returns: track.returns.length, trades: outcome.roundTrips.length, netReturn };
  const regimes = regimeFigures(track, closes);
  const unknown = regimes.find(({ label }) => label === UNKNOWN_REGIME);
  const verdict = verdictOf({
    ...counts,
    synthetic: run.synthetic,
    dataErrors: dataErrorsOf(findings),
    outOfSample: run.outOfSample,
    psr: sharpe.psr,
    dsr: sharpe.dsr,
    dsrEffective: sharpe.dsrEffective,
    trials: trials.total,
    effectiveTrials: trials.effective,
    search,
    foldPbo,
    checks,
    thresholds,
  });
  return {
    version: 1,
    run,
    ...verdict,
    judged: { from: track.returnTs[0] ?? NaN, to: track.returnTs.at(-1) ?? NaN, ...counts },
    tried: trials,
    sharpe,
    intervals: Object.entries(found).map(([metric, interval]): EvidenceInterval =>
      'undefined' in interval
        ? { metric, estimate: null, low: null, high: null, reason: interval.undefined }
        : { metric, estimate: interval.estimate, low: interval.low, high: interval.high, reason: null },
    ),
    search,
    foldPbo,
    years: yearFigures(track),
    regimes,
    checks,
    untested: [
      ...searchGaps(input),
      ...missing('Deflated Sharpe', sharpe.dsr),
      ...missing('Effective number of trials', trials.effective),
      ...(unknown === undefined
        ? []
        : [{ what: `Market regime of ${unknown.days} days`, why: 'the data does not reach back sixty days before them' }]),
      ...checks.filter(({ verdict: said }) => said === 'untested').map(({ title, sentence }) => ({ what: title, why: sentence })),
      ...(input.untested ?? []),
    ],
    thresholds,
  };
};
