import type { RunResult } from '../engine/run-result.js';
import { costSplit } from '../metrics/costs.js';
import { summarise, type MetricName, type Summary } from '../metrics/summary.js';
import { trackOf, type PriceSeries } from '../metrics/track.js';
import { money, percent, ratio } from './figures.js';

/** The figures of a run that `--json` documents. Ratios are fractions; what is not defined is null, with its reason in `reasons`. */
export interface OutcomeFigures {
  readonly metrics: Readonly<Record<MetricName, number | null>>;
  readonly reasons: Summary['reasons'];
  /** Quote currency; fees and slippage paid, funding received (+) or paid (−). */
  readonly costs: { readonly fees: number; readonly slippage: number; readonly funding: number };
}

/** Compute them. */
export const outcomeFigures = (
  result: Pick<RunResult, 'initialCapital' | 'curve' | 'fills' | 'roundTrips' | 'funding'>,
  benchmark?: PriceSeries,
): OutcomeFigures => {
  const track = trackOf({ ...result, ...(benchmark && { benchmark }) });
  const { values, reasons } = summarise(track);
  const { fees, slippage, funding } = costSplit(track);
  return { metrics: values, reasons, costs: { fees, slippage, funding } };
};

/** The figures that a trader looks at first, as lines. */
export const figureLines = ({ metrics, costs }: OutcomeFigures): string[] => [
  `Net return ${percent(metrics.totalReturn)}   CAGR ${percent(metrics.cagr)}   Sharpe ${ratio(metrics.sharpe)}   Maximum drawdown ${percent(metrics.maxDrawdown)}`,
  `Trades ${metrics.trades ?? 0}   Win rate ${percent(metrics.winRate)}   Profit factor ${ratio(metrics.profitFactor)}   Exposure ${percent(metrics.exposure)}`,
  `Fees ${money(costs.fees)}   Slippage ${money(costs.slippage)}   Funding ${money(costs.funding)}`,
];
