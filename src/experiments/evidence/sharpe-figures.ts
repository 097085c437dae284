import type { MetricInterval } from '../../metrics/intervals.js';
import type { Track, Undefined } from '../../metrics/metric.js';
import { sharpeRatio } from '../../metrics/sharpe.js';
import { estimate, noEstimate } from '../estimate.js';
import type { Estimate } from '../estimate.js';
import { deflatedSharpe, luckySharpe, trialsOf } from '../overfitting/dsr.js';
import { minBacktestYears } from '../overfitting/min-backtest-length.js';
import { minTrackRecordLength } from '../overfitting/min-track-record.js';
import { observedSharpe, probabilisticSharpe } from '../overfitting/psr.js';
import type { ObservedSharpe } from '../overfitting/psr.js';
import type { EvidenceRecord, TrialEvidence } from './evidence-record.js';

const NO_SPREAD = 'fewer than two trials with different Sharpe ratios are known: how far luck can carry the best of them cannot be said';
const NOT_ABOVE = 'the Sharpe ratio is not above 0';

/** Of returns that do not vary, or only by rounding. */
const UNDEFINED: ObservedSharpe = { sharpe: NaN, observations: 0, skewness: NaN, kurtosis: NaN };

const isDefined = ({ value }: Estimate): boolean => value !== null;

/**
 * The Sharpe ratio of judged returns and what is left of it after the number of trials. `lucky` and `corrected` are of all trials; `interval` is that of the annual ratio, without
 * the luck taken off. Sources: Bailey & López de Prado (2012, 2014), Bailey, Borwein, López de Prado & Zhu (2014), see `../overfitting`.
 */
export const sharpeFigures = (
  { returns, periodsPerYear, years }: Pick<Track, 'returns' | 'periodsPerYear' | 'years'>,
  { total, effective, sharpes }: Pick<TrialEvidence, 'total' | 'effective' | 'sharpes'>,
  interval: MetricInterval | Undefined,
): EvidenceRecord['sharpe'] => {
  const observed = Number.isFinite(sharpeRatio(returns, periodsPerYear)) ? observedSharpe(returns) : UNDEFINED;
  const root = Math.sqrt(periodsPerYear);
  const { sharpeVariance } = trialsOf(sharpes);
  const reason = returns.length < 2 ? 'fewer than two returns' : 'the returns do not vary';
  const against = (count: number | null, of: (count: number) => number, missing: string | null): Estimate => {
    if (count === null) return noEstimate(missing ?? 'the number of trials is not known');
    // Without a spread there is nothing to deflate by: the figure would be the PSR under another name.
    return count > 1 && !(sharpeVariance > 0) ? noEstimate(NO_SPREAD) : estimate(of(count), reason);
  };
  const dsr = (count: number): number => deflatedSharpe(observed, { count, sharpeVariance });
  const annual = estimate(observed.sharpe * root, reason);
  const lucky = against(total, count => luckySharpe({ count, sharpeVariance }) * root, null);
  const trackRecord = minTrackRecordLength(observed) / periodsPerYear;
  return {
    annual,
    low: 'undefined' in interval ? null : interval.low,
    high: 'undefined' in interval ? null : interval.high,
    level: 'undefined' in interval ? 0.95 : interval.level,
    psr: estimate(probabilisticSharpe(observed), reason),
    dsr: against(total, dsr, null),
    dsrEffective: against(effective.value, dsr, effective.reason),
    lucky,
    corrected:
      annual.value !== null && lucky.value !== null
        ? estimate(annual.value - lucky.value, reason)
        : noEstimate((isDefined(annual) ? lucky.reason : annual.reason) ?? reason),
    minTrackRecordYears: estimate(trackRecord, annual.value === null ? reason : NOT_ABOVE),
    minBacktestYears: estimate(minBacktestYears(Math.max(1, total), annual.value ?? NaN), annual.value === null ? reason : NOT_ABOVE),
    years,
    periodsPerYear,
  };
};
