import { z } from 'zod';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { Params } from '../engine/run-result.js';
import { didYouMean, usageError } from '../errors.js';
import { METRICS } from '../metrics/summary.js';

/** Metrics of which less is better. Drawdowns are negative, so more of them is better already. */
const LESS_IS_BETTER: ReadonlySet<string> = new Set([
  'volatility',
  'drawdownDuration',
  'ulcerIndex',
  'turnover',
  'costShare',
  'kurtosis',
  'averageHoldingTime',
]);

/** What the search looks for. */
export const ObjectiveConfig = z.strictObject({
  /** Name of a metric, such as `sharpe`, `calmar` or `totalReturn`. */
  metric: z.string(),
  /** Left out: less for volatility, turnover, costs and lengths of drawdowns, more for everything else. */
  direction: z.enum(['maximise', 'minimise']).optional(),
  /** Further metrics to be good at; the choice is a compromise between all of them. */
  also: z.array(z.string()).min(1).optional(),
  /** Configurations with fewer closed trades in the training window are not eligible: their figures are luck. */
  minimumTrades: z.number().int().min(0),
});
export type ObjectiveConfig = z.infer<typeof ObjectiveConfig>;

/** Metrics of one run by name, as `summarise` gives them; null where not defined. */
export type Metrics = Readonly<Record<string, number | null>>;

/** One configuration with what it did in training. */
export interface Candidate {
  readonly params: Params;
  readonly metrics: Metrics;
}

/** Throws a usage error for a metric that does not exist, or that is named twice. */
export const checkObjective = ({ metric: first, also = [] }: ObjectiveConfig): void => {
  const names = METRICS.map(({ name }) => name as string);
  const wanted = [first, ...also];
  for (const metric of wanted)
    if (!names.includes(metric))
      throw usageError('unknown-metric', `There is no metric "${metric}".${didYouMean(metric, names)}`, `Metrics: ${names.join(', ')}.`);
  const twice = wanted.find((metric, i) => wanted.indexOf(metric) < i);
  if (twice !== undefined) throw usageError('bad-objective', `The objective names ${twice} twice.`, 'Name each metric once.');
};

/** The value to be made large, or null when the configuration is not eligible: too few trades, or a metric that is not defined for it. */
export const score = ({ metric, direction, minimumTrades }: ObjectiveConfig, metrics: Metrics): number | null => {
  const value = metrics[metric] ?? null;
  if (value === null || !Number.isFinite(value) || (metrics['trades'] ?? 0) < minimumTrades) return null;
  return (direction ?? (LESS_IS_BETTER.has(metric) ? 'minimise' : 'maximise')) === 'maximise' ? value : 0 - value;
};

/** Values of all metrics of the objective, the first first, each to be made large; null unless all of them are defined and the configuration is eligible. */
export const scores = ({ also = [], ...first }: ObjectiveConfig, metrics: Metrics): readonly number[] | null => {
  const values = [score(first, metrics), ...also.map(metric => score({ metric, minimumTrades: first.minimumTrades }, metrics))];
  return values.every(value => value !== null) ? values : null;
};

/**
 * The best eligible configuration by the first metric; of equals the one whose canonical JSON sorts first, so that the order of evaluation does not matter.
 * Undefined when none is eligible.
 */
export const selectBest = <C extends Candidate>(objective: ObjectiveConfig, candidates: readonly C[]): C | undefined => {
  let best: { candidate: C; value: number; key: string } | undefined;
  for (const candidate of candidates) {
    const value = score(objective, candidate.metrics);
    if (value === null || (best && value < best.value)) continue;
    const key = canonicalJson(candidate.params);
    if (!best || value > best.value || key < best.key) best = { candidate, value, key };
  }
  return best?.candidate;
};
