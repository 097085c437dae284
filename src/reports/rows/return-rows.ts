import { rollingSharpe, rollingVolatility } from '../../metrics/rolling.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { normalCdf } from '../../statistics/normal.js';
import { quantile } from '../../statistics/quantile.js';
import { MONTHS } from '../charts/monthly-heatmap.js';
import { reduceIndices } from '../reduce.js';
import type { MonthRow } from '../charts/monthly-heatmap.js';
import type { BinRow, MarkRow } from '../charts/return-distribution.js';
import type { RollingRow } from '../charts/rolling-sharpe-volatility.js';
import type { Track } from '../../metrics/metric.js';

/** Net return of every UTC month and year with a return; a return that ends at midnight belongs to the day before. */
export const monthRows = ({ returns, returnTs }: Pick<Track, 'returns' | 'returnTs'>): MonthRow[] => {
  const growth = new Map<string, { year: string; month: string; value: number }>();
  const compound = (year: string, month: string, r: number): void => {
    const key = `${year} ${month}`;
    const cell = growth.get(key) ?? { year, month, value: 0 };
    cell.value = (1 + cell.value) * (1 + r) - 1;
    growth.set(key, cell);
  };
  returns.forEach((r, i) => {
    const day = new Date(returnTs[i]! - 1);
    const year = String(day.getUTCFullYear());
    compound(year, MONTHS[day.getUTCMonth()]!, r);
    compound(year, 'Year', r);
  });
  return [...growth.values()];
};

/** The moving window, in returns: a quarter of a year where there is that much, else a quarter of what there is, and never below 20. */
export const rollingWindow = ({ returns, periodsPerYear }: Track): number =>
  Math.max(20, Math.min(Math.round(periodsPerYear / 4), Math.floor(returns.length / 4)));

/** Rolling figures from the first full window on. */
export const rollingRows = ({ returns, returnTs, periodsPerYear }: Track, window: number): RollingRow[] => {
  const sharpe = rollingSharpe(returns, window, periodsPerYear);
  const volatility = rollingVolatility(returns, window, periodsPerYear);
  const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return Array.from(reduceIndices([sharpe, volatility], 600), i => ({
    ts: returnTs[i]!,
    sharpe: defined(sharpe[i]!),
    volatility: defined(volatility[i]!),
  })).filter((_, k, all) => all[k]!.volatility !== null);
};

/** Fewer returns make no histogram. */
const FEWEST = 10;

/** A histogram by the Freedman–Diaconis rule (10 to 80 bins over the whole range), with what a normal law would put into each bin. */
export const binRows = (returns: Float64Array): BinRow[] => {
  const n = returns.length;
  if (n < FEWEST) return [];
  const sorted = Float64Array.from(returns).sort();
  const low = sorted[0]!;
  const high = sorted[n - 1]!;
  if (!(high > low)) return [];
  const iqr = quantile(returns, 0.75) - quantile(returns, 0.25);
  const ideal = iqr > 0 ? (high - low) / ((2 * iqr) / Math.cbrt(n)) : 30;
  const width = (high - low) / Math.min(80, Math.max(10, Math.round(ideal)));
  // Zero is an edge, so that no bin holds both gains and losses.
  const first = Math.floor(low / width);
  const bins = Array.from({ length: Math.floor(high / width) - first + 1 }, (_, k) => ({
    from: (first + k) * width,
    to: (first + k + 1) * width,
    count: 0,
    normal: 0,
  }));
  for (const r of returns) bins[Math.min(bins.length - 1, Math.max(0, Math.floor(r / width) - first))]!.count++;
  const centre = mean(returns);
  const deviation = standardDeviation(returns);
  for (const bin of bins) bin.normal = n * (normalCdf((bin.to - centre) / deviation) - normalCdf((bin.from - centre) / deviation));
  return bins;
};

/** Mean and the worst one in twenty. */
export const distributionMarks = (returns: Float64Array): MarkRow[] =>
  returns.length < FEWEST
    ? []
    : [
        { value: quantile(returns, 0.05), label: '5% worst' },
        { value: mean(returns), label: 'mean' },
      ];
