import type { ForecastView } from '../../api/accounts-api.js';

/** One model's weight at one time. */
export interface WeightRow {
  readonly ts: number;
  readonly model: string;
  readonly weight: number;
}

/** Points in time that a chart of weights draws. */
const MOST_POINTS = 400;

/**
 * Weights over time as rows for a stacked chart: every model at every time, 0 where it had no weight, so that the stack has no hole. Of very many times evenly chosen ones are kept, the first and the newest among them. `until`
 * carries the newest weights on to now.
 */
export const weightRows = (weights: ForecastView['weights'], until: number | null = null): readonly WeightRow[] => {
  const newest = weights.at(-1);
  if (newest === undefined) return [];
  const models = [...new Set(weights.flatMap(({ weights: each }) => Object.keys(each)))].sort();
  const step = Math.max(1, (weights.length - 1) / (MOST_POINTS - 1));
  const kept =
    weights.length <= MOST_POINTS ? weights : Array.from({ length: MOST_POINTS }, (_, at) => weights[Math.round(at * step)] ?? newest);
  const carried = until !== null && until > newest.ts ? [...kept, { ts: until, weights: newest.weights }] : kept;
  return carried.flatMap(({ ts, weights: each }) => models.map(model => ({ ts, model, weight: each[model] ?? 0 })));
};
