import { deepestDrawdownOfReturns } from '../../metrics/max-drawdown.js';
import type { Track } from '../../metrics/metric.js';
import { sharpeRatio } from '../../metrics/sharpe.js';
import type { EvidencePeriod } from './evidence-record.js';

/** Fewer days than this have no Sharpe ratio worth printing. */
const FEWEST_DAYS = 60;

/** Index of the return in which a moment lies: the first that ends at or after it; the last for anything later. */
const returnAt = (returnTs: Float64Array, ts: number): number => {
  let [low, high] = [0, returnTs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (returnTs[middle]! >= ts) high = middle;
    else low = middle + 1;
  }
  return low;
};

/**
 * What was earned under each label, in the order of `order`, then of first appearance: `labels` has one for every return. Days of one label are joined, so a drawdown is that of
 * an account which stood aside on all others. A trade counts where it was closed.
 */
export const periodFigures = (
  { returns, returnTs, periodsPerYear, roundTrips }: Pick<Track, 'returns' | 'returnTs' | 'periodsPerYear' | 'roundTrips'>,
  labels: readonly string[],
  order: readonly string[] = [],
): EvidencePeriod[] => {
  const days = new Map<string, number[]>(order.map(label => [label, []]));
  labels.forEach((label, i) => {
    const found = days.get(label);
    if (found) found.push(returns[i]!);
    else days.set(label, [returns[i]!]);
  });
  const trades = new Map<string, number>();
  for (const { exitTs } of returns.length === 0 ? [] : roundTrips) {
    const label = labels[returnAt(returnTs, exitTs)]!;
    trades.set(label, (trades.get(label) ?? 0) + 1);
  }
  return [...days].flatMap(([label, list]): EvidencePeriod[] => {
    if (list.length === 0) return [];
    const own = Float64Array.from(list);
    const sharpe = own.length < FEWEST_DAYS ? NaN : sharpeRatio(own, periodsPerYear);
    return [
      {
        label,
        days: own.length,
        trades: trades.get(label) ?? 0,
        totalReturn: own.reduce((growth, r) => growth * (1 + r), 1) - 1,
        sharpe: Number.isFinite(sharpe) ? sharpe : null,
        maxDrawdown: deepestDrawdownOfReturns(own),
      },
    ];
  });
};
