import { didYouMean, usageError } from '../../errors.js';
import { OUTCOMES } from '../forecast.js';
import type { ForecastRecord } from '../forecast-record.js';

/** Which rows of a record are looked at; all when left out. */
export interface ForecastFilter {
  /** First moment, epoch ms, that belongs, and first after it that does not. */
  readonly from?: number;
  readonly to?: number;
  readonly symbol?: string;
  /** 0 calm, 1 middling, 2 wild. */
  readonly regime?: number;
}

/** Forecasts of one model, or of the ensemble, on the rows looked at. */
export interface Speaker {
  readonly model: string;
  readonly probability: Float64Array;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** Rows of a record whose outcome is known, by column. */
export interface ForecastRows {
  readonly ts: Float64Array;
  readonly maturedAt: Float64Array;
  readonly outcome: Float64Array;
  readonly realised: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly ensemble: Speaker;
  /** The ensemble before its last calibration: probabilities only. */
  readonly uncalibrated: Speaker;
  readonly models: readonly Speaker[];
}

/** The rows that a filter lets through and whose outcome is known. Throws a usage error for a symbol that the record does not have. */
export const forecastRows = (record: ForecastRecord, filter: ForecastFilter = {}): ForecastRows => {
  const { from = -Infinity, to = Infinity, symbol, regime } = filter;
  const wanted = symbol === undefined ? -1 : record.symbols.indexOf(symbol);
  if (symbol !== undefined && wanted < 0)
    throw usageError('unknown-symbol', `No forecasts of ${symbol} were made.${didYouMean(symbol, record.symbols)}`);
  const rows: number[] = [];
  for (let i = 0; i < record.length; i++)
    if (
      record.outcome[i]! >= 0 &&
      record.ts[i]! >= from &&
      record.ts[i]! < to &&
      (wanted < 0 || record.symbol[i] === wanted) &&
      (regime === undefined || record.regime[i] === regime)
    )
      rows.push(i);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, i => column[i]!);
  const wide = (column: Float64Array): Float64Array => {
    const out = new Float64Array(rows.length * OUTCOMES);
    rows.forEach((i, row) => out.set(column.subarray(i * OUTCOMES, (i + 1) * OUTCOMES), row * OUTCOMES));
    return out;
  };
  const unknown = new Float64Array(rows.length).fill(NaN);
  return {
    ts: pick(record.ts),
    maturedAt: pick(record.maturedAt),
    outcome: pick(record.outcome),
    realised: pick(record.realised),
    low: pick(record.low),
    high: pick(record.high),
    ensemble: {
      model: 'ensemble',
      probability: wide(record.combined),
      mean: pick(record.combinedMean),
      sd: pick(record.combinedSd),
    },
    uncalibrated: { model: 'uncalibrated', probability: wide(record.uncalibrated), mean: unknown, sd: unknown },
    models: record.models.map((model, k) => ({
      model,
      probability: wide(record.probability[k]!),
      mean: pick(record.mean[k]!),
      sd: pick(record.sd[k]!),
    })),
  };
};
