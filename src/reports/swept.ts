import type { SweepResult, SweptConfiguration } from '../experiments/sweep-result.js';

/** A sweep as its report keeps it: every configuration, with the few metrics that are drawn. */
export type ReportedSweep = Omit<SweepResult, 'configurations'> & {
  readonly configurations: readonly Omit<SweptConfiguration, 'fingerprint'>[];
};

/** Metrics of every configuration that tables and charts show besides the objectives. */
const SHOWN = ['sharpe', 'totalReturn', 'maxDrawdown', 'trades'];

/** The result without what the report does not draw. */
export const reportedSweep = (result: SweepResult): ReportedSweep => {
  const { metric, also = [] } = result.objective;
  const names = [...new Set([metric, ...also, ...SHOWN])];
  return {
    ...result,
    configurations: result.configurations.map(({ params, metrics, score, sharpe }) => ({
      params,
      metrics: Object.fromEntries(names.map(name => [name, metrics[name] ?? null])),
      score,
      sharpe,
    })),
  };
};

/** The configuration to go on with: the middle of the plateau, else the peak; undefined when none was eligible. */
export const recommended = ({ plateau, peak }: Pick<SweepResult, 'plateau' | 'peak'>) => plateau ?? peak ?? undefined;

/** A score as the objective's metric in its own sign: scores of metrics of which less is better are negated. */
export const scoreInOwnSign = (
  { configurations, ranking, objective }: Pick<ReportedSweep, 'configurations' | 'ranking' | 'objective'>,
  score: number,
): number => {
  const first = configurations[ranking[0] ?? -1];
  return first !== undefined && first.score !== first.metrics[objective.metric] ? 0 - score : score;
};
