import { listOf, numberOf, recordOf } from './unknown-json.js';

/** One run of a comparison, as `quantai compare --json` names it. */
export interface ComparedRun {
  readonly name: string;
  readonly runId: string;
  readonly metrics: Readonly<Record<string, number | null>>;
}
/** A figure of every run beside each other, and what is known of its difference from the first. */
export interface ComparedFigure {
  readonly metric: string;
  readonly values: readonly (number | null)[];
  /** By run, in the order of the runs; null for the first, and where no difference is told. */
  readonly differences: readonly ({ readonly difference: number; readonly low: number; readonly high: number } | null)[];
}
export interface ComparisonSummary {
  readonly runs: readonly ComparedRun[];
  readonly figures: readonly ComparedFigure[];
  readonly cautions: readonly string[];
  readonly common: { readonly from: number; readonly to: number; readonly periods: number } | null;
}

const SHOWN = [
  'totalReturn',
  'cagr',
  'sharpe',
  'sortino',
  'calmar',
  'maxDrawdown',
  'volatility',
  'exposure',
  'turnover',
  'costShare',
  'winRate',
  'profitFactor',
  'trades',
];

/** Reads what `compare --json` says; null where it is none. */
export const comparisonSummary = (document: unknown): ComparisonSummary | null => {
  const all = recordOf(document);
  const runs = listOf(all.runs).map(each => {
    const { name, runId, metrics } = recordOf(each);
    return {
      name: String(name),
      runId: String(runId),
      metrics: Object.fromEntries(Object.entries(recordOf(metrics)).map(([metric, value]) => [metric, numberOf(value)])),
    };
  });
  if (runs.length === 0) return null;
  const told = new Map(listOf(all.differences).map(each => [String(recordOf(each).run), recordOf(recordOf(each).metrics)]));
  const common = recordOf(all.common);
  const from = numberOf(common.from);
  const to = numberOf(common.to);
  return {
    runs,
    figures: SHOWN.filter(metric => runs.some(run => typeof run.metrics[metric] === 'number')).map(metric => ({
      metric,
      values: runs.map(run => run.metrics[metric] ?? null),
      differences: runs.map(({ name }) => {
        const figure = recordOf(told.get(name)?.[metric]);
        const difference = numberOf(figure.difference);
        const low = numberOf(figure.low);
        const high = numberOf(figure.high);
        return difference === null || low === null || high === null ? null : { difference, low, high };
      }),
    })),
    cautions: listOf(all.cautions).map(String),
    common: from === null || to === null ? null : { from, to, periods: numberOf(common.periods) ?? 0 },
  };
};
