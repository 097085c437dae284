import { OUTCOMES } from '../../models/forecast.js';
import { classColumns } from '../../models/scores/class-columns.js';
import { independentRows } from '../../models/scores/independent-rows.js';
import { pitValues } from '../../models/scores/pit.js';
import { reliabilityRows } from '../../models/scores/reliability.js';
import { wilsonInterval } from '../../models/scores/wilson.js';
import { normalQuantile } from '../../statistics/normal.js';
import { ENSEMBLE, UNCALIBRATED } from '../charts/model-colour.js';
import { MOST_MOMENTS } from './forecast-rows.js';
import { timeBins } from './time-bins.js';
import { regretLedger } from '../../models/ensemble/regret-ledger.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { RegretRow } from '../charts/ensemble-regret.js';
import type { CoverageRow } from '../charts/interval-coverage.js';
import type { PitRow } from '../charts/pit-histogram.js';
import type { ReliabilityPoint } from '../charts/reliability-diagram.js';

/** Stretches by which coverage is followed. */
const MOST_SHARES = 40;
/** Outcomes that a stretch should hold on average. */
const LEAST_SHARE = 50;
const PIT_BINS = 20;
/** Fewer known outcomes draw no diagram. */
const LEAST_OUTCOMES = 100;

/** Whether a last calibration of the ensemble changed anything. */
export const lastCalibrated = ({ combined, uncalibrated }: Pick<ForecastRecord, 'combined' | 'uncalibrated'>): boolean =>
  uncalibrated.some((p, i) => !Number.isNaN(p) && p !== combined[i]);

/** Independent spans ÷ known outcomes: neighbouring horizons share bars and symbols move together, so that a count of outcomes is not a count of evidence. */
const independence = ({ ts, maturedAt, outcome }: ForecastRecord): number =>
  independentRows(ts, maturedAt, outcome).length / Math.max(1, outcome.filter(known => known >= 0).length);

const SIDES = [
  { side: 'Up', of: 2 },
  { side: 'Down', of: 0 },
] as const;

/**
 * Reliability of the ensemble, of itself before calibration where that differs, and of each model, for rises and falls, in groups of equal count. Intervals
 * count independent spans. Models with fewer than 100 known outcomes are left out.
 */
export const reliabilityPoints = (record: ForecastRecord): ReliabilityPoint[] => {
  const { models, probability, combined, uncalibrated, outcome } = record;
  const evidence = independence(record);
  return [
    { model: ENSEMBLE, said: combined },
    ...(lastCalibrated(record) ? [{ model: UNCALIBRATED, said: uncalibrated }] : []),
    ...models.map((model, k) => ({ model, said: probability[k]! })),
  ].flatMap(({ model, said }) =>
    SIDES.flatMap(({ side, of }) => {
      const { forecast, happened } = classColumns(said, outcome, OUTCOMES, of);
      const rows = reliabilityRows(forecast, happened);
      if (rows.reduce((sum, row) => sum + row.count, 0) < LEAST_OUTCOMES) return [];
      return rows.map(({ forecast: predicted, observed, count }) => ({
        model,
        side,
        predicted,
        observed,
        count,
        ...wilsonInterval(observed, count * evidence),
      }));
    }),
  );
};

/**
 * Where realised returns fell in the ensemble's normal forecasts, in 20 equal bins. The range is that of 95 % of the counts of a right forecast, by the normal approximation,
 * counting independent spans. None for fewer than 100 outcomes.
 */
export const pitRows = (record: ForecastRecord): PitRow[] => {
  const { combinedMean, combinedSd, realised } = record;
  const counts = new Float64Array(PIT_BINS);
  let n = 0;
  for (const u of pitValues(combinedMean, combinedSd, realised)) {
    if (Number.isNaN(u)) continue;
    counts[Math.min(PIT_BINS - 1, Math.floor(u * PIT_BINS))]! += 1;
    n += 1;
  }
  if (n < LEAST_OUTCOMES) return [];
  const expected = n / PIT_BINS;
  const margin = normalQuantile(0.975) * Math.sqrt((expected * (1 - 1 / PIT_BINS)) / independence(record));
  return Array.from(counts, (count, bin) => ({
    from: bin / PIT_BINS,
    to: (bin + 1) / PIT_BINS,
    count,
    expected,
    low: Math.max(0, expected - margin),
    high: expected + margin,
  }));
};

/** Cumulative regret of the ensemble in log loss, nats, at the end of each stretch of time; none without known outcomes. See `regretLedger`. */
export const regretRows = (record: ForecastRecord): RegretRow[] => {
  const { ts, againstBest, againstEqual } = regretLedger(record);
  if (ts.length === 0) return [];
  const bins = timeBins(ts, MOST_MOMENTS);
  const rows: RegretRow[] = [];
  for (let i = 0; i < ts.length; i++) {
    const bin = bins.at(ts[i]!);
    if (i + 1 === ts.length || bins.at(ts[i + 1]!) !== bin)
      rows.push({ ts: bins.end(bin), best: againstBest[i]!, equal: againstEqual[i]! });
  }
  return rows;
};

/** Share of realised returns inside the ensemble's interval by stretch of time. Stretches without outcomes are null; intervals count independent spans. None for fewer than 100. */
export const coverageRows = (record: ForecastRecord): CoverageRow[] => {
  const { ts, length, low, high, realised } = record;
  const known = realised.map((value, i) => value + low[i]! + high[i]!).filter(all => !Number.isNaN(all)).length;
  if (known < LEAST_OUTCOMES) return [];
  const evidence = independence(record);
  const bins = timeBins(ts.subarray(0, length), Math.min(MOST_SHARES, Math.floor(known / LEAST_SHARE)));
  const counts = new Float64Array(bins.count);
  const inside = new Float64Array(bins.count);
  for (let i = 0; i < length; i++) {
    const value = realised[i]!;
    if (Number.isNaN(value + low[i]! + high[i]!)) continue;
    const bin = bins.at(ts[i]!);
    counts[bin]! += 1;
    if (low[i]! <= value && value <= high[i]!) inside[bin]! += 1;
  }
  return Array.from(counts, (count, bin) => {
    if (count === 0) return { ts: bins.end(bin), coverage: null, low: null, high: null, count };
    const share = inside[bin]! / count;
    return { ts: bins.end(bin), coverage: share, ...wilsonInterval(share, count * evidence), count };
  });
};
