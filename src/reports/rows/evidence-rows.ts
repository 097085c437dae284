import type { EvidencePeriod } from '../../experiments/evidence/evidence-record.js';

/** One bin of a histogram. */
export interface BinRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Which side of the line that matters it lies on. */
  readonly side: string;
}

const WIDTHS = [1, 2, 2.5, 5, 10];

/** A width that a reader can add up, so that about `bins` of them cover the range. */
const niceWidth = (range: number, bins: number): number => {
  const raw = range / bins;
  let unit = 1;
  while (unit > raw) unit /= 10;
  while (unit * 10 <= raw) unit *= 10;
  return unit * (WIDTHS.find(w => w * unit >= raw) ?? 10);
};

/** Counts per bin, with `edge` on the border of two bins. Values without end stand in the outermost bins; values that are no number are left out. */
export const binRows = (
  values: ArrayLike<number>,
  { bins, edge, below, above }: { readonly bins: number; readonly edge: number; readonly below: string; readonly above: string },
): BinRow[] => {
  const known = Array.from(values).filter(value => !Number.isNaN(value));
  const finite = known.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const [low, high] = finite.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const width = niceWidth(high > low ? high - low : 1, bins);
  const first = Math.floor((low - edge) / width);
  const last = Math.floor((high - edge) / width);
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const value of known) counts[Math.max(first, Math.min(last, Math.floor((value - edge) / width))) - first]! += 1;
  return counts.map((count, i) => ({
    from: edge + (first + i) * width,
    to: edge + (first + i + 1) * width,
    count,
    side: first + i < 0 ? below : above,
  }));
};

/** One part of the time as a bar. */
export interface PeriodRow {
  readonly label: string;
  readonly totalReturn: number;
  readonly days: number;
  readonly trades: number;
  /** In words, because a short period has none. */
  readonly sharpe: string;
  /** What stands at the end of the bar. */
  readonly said: string;
}

/** Periods that have a return, with what is written beside each. */
export const periodRows = (
  periods: readonly EvidencePeriod[],
  text: { readonly percent: (value: number) => string; readonly decimal: (value: number) => string },
): PeriodRow[] =>
  periods.flatMap(({ label, days, trades, totalReturn, sharpe }) =>
    totalReturn === null
      ? []
      : [
          {
            label,
            totalReturn,
            days,
            trades,
            sharpe: sharpe === null ? 'under 60 days' : text.decimal(sharpe),
            said: text.percent(totalReturn),
          },
        ],
  );
