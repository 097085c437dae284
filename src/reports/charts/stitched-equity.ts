import { equityDrawdown } from './equity-drawdown.js';
import type { ChartSpec, Heading } from './chart.js';
import type { EquityRow } from './equity-drawdown.js';

export interface StitchedOptions extends Heading {
  readonly unit: string;
  readonly benchmark: string | null;
  readonly log: boolean;
  readonly folds: readonly { readonly test: { readonly from: number; readonly to: number } }[];
  /** The first training window, shaded when the curve shows any of it. */
  readonly training: { readonly from: number; readonly to: number } | null;
}

/** The folds' test windows end to end: what following the procedure would have earned after costs. Every fold's start is ruled. */
export const stitchedEquity = (rows: readonly EquityRow[], { folds, training, ...options }: StitchedOptions): ChartSpec =>
  equityDrawdown(rows, {
    ...options,
    inSample: training && rows[0] && training.to > rows[0].ts ? [{ ...training, label: 'In-sample: not part of the result' }] : [],
    folds: folds.map(({ test }, i) => ({ ts: test.from, label: String(i + 1) })),
  });
