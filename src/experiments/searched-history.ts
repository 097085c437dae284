import { canonicalJson } from '../datasets/canonical-json.js';
import type { Params } from '../engine/run-result.js';
import { observationsPerYear } from '../metrics/track.js';
import { YEAR } from '../time.js';
import type { SearchedConfiguration } from './search-evidence.js';

/** One configuration on one fold's training window. */
export interface TrainedConfiguration {
  readonly params: Params;
  /** Returns and the moments at which they end; null where the run did not bring them. */
  readonly returns: Float64Array | null;
  readonly returnTs: Float64Array | null;
}

/** Returns of configurations on the same dates. */
export interface SearchedHistory {
  readonly configurations: readonly SearchedConfiguration[];
  readonly periodsPerYear: number;
  /** What they cover, in words. */
  readonly over: string;
}

/** What one fold's training evaluated in full, as one matrix. */
export interface TrainedHistory {
  /** Moments at which returns end. */
  readonly dates: Float64Array;
  /** Each once, with a return a date. */
  readonly configurations: readonly SearchedConfiguration[];
}

/** Configurations of one fold on their common dates; null unless all of them have returns on the same ones. */
export const onSameDates = (fold: readonly TrainedConfiguration[]): TrainedHistory | null => {
  const dates = fold[0]?.returnTs ?? undefined;
  if (dates === undefined) return null;
  const byKey = new Map<string, SearchedConfiguration>();
  for (const { params, returns, returnTs } of fold) {
    if (!returns || returnTs?.length !== dates.length || returnTs.some((ts, i) => ts !== dates[i])) return null;
    byKey.set(canonicalJson(params), { params, returns });
  }
  return { dates, configurations: [...byKey.values()] };
};

const byKeyOf = ({ configurations }: TrainedHistory): ReadonlyMap<string, SearchedConfiguration> =>
  new Map(configurations.map(one => [canonicalJson(one.params), one]));

const historyOf = (dates: Float64Array, configurations: readonly SearchedConfiguration[], over: string): SearchedHistory => {
  const years = dates.length < 2 ? 0 : ((dates.at(-1)! - dates[0]!) / YEAR) * (dates.length / (dates.length - 1));
  return { configurations, periodsPerYear: observationsPerYear(dates, dates.length, years), over };
};

/**
 * The history that a walk's searches have looked at, as one column of returns a configuration. Where all folds tried the same configurations, each later training window adds the
 * days after the end of those before it, so that no day counts twice. Where they did not (searches that learn, and those halved), or where runs ended on different days, it is the last
 * fold's window alone. `folds` in time order, each by `onSameDates` of what it evaluated in full. Empty where the last fold has no returns on common dates.
 */
export const searchedHistory = (folds: readonly (TrainedHistory | null)[]): SearchedHistory => {
  const trained = folds.map(fold => fold && { dates: fold.dates, byKey: byKeyOf(fold) });
  const last = trained.at(-1);
  if (!last) return historyOf(new Float64Array(), [], 'nothing: no returns on common dates');
  const isSame = trained.every(fold => fold?.byKey.size === last.byKey.size && [...last.byKey.keys()].every(key => fold.byKey.has(key)));
  if (!isSame)
    return historyOf(
      last.dates,
      [...last.byKey.values()],
      `the training window of the last fold, ${last.dates.length} returns, as folds tried different configurations`,
    );
  let end = -Infinity;
  const fresh = trained.map(fold => {
    const from = fold!.dates.findIndex(ts => ts > end);
    end = Math.max(end, fold!.dates.at(-1) ?? -Infinity);
    return from < 0 ? fold!.dates.length : from;
  });
  const length = trained.reduce((n, fold, f) => n + fold!.dates.length - fresh[f]!, 0);
  const joined = (column: (f: number) => Float64Array): Float64Array => {
    const whole = new Float64Array(length);
    let offset = 0;
    for (const [f, from] of fresh.entries()) {
      const part = column(f).subarray(from);
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  };
  return historyOf(
    joined(f => trained[f]!.dates),
    [...last.byKey].map(([key, { params }]) => ({ params, returns: joined(f => trained[f]!.byKey.get(key)!.returns) })),
    folds.length === 1 ? `the training window, ${length} returns` : `the ${folds.length} training windows joined, ${length} returns`,
  );
};
