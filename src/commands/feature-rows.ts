import { monthOf, nextMonth } from '../datasets/layout.js';
import { featureNames, type FeatureSet } from '../features/feature-set.js';
import type { RowStore } from '../models/row-store.js';

/** Rows of one window by column: in time order, and within one moment in symbol order. */
export interface FeatureRows {
  readonly count: number;
  readonly names: readonly string[];
  /** Column k; NaN is missing. */
  readonly column: (k: number) => Float64Array;
  /** Close that a row was known at, epoch ms. */
  readonly ts: Float64Array;
  /** Index of the symbol. */
  readonly group: Float64Array;
  /** 0 down, 1 flat, 2 up; NaN while not known. */
  readonly label: Float64Array;
  /** Return over the label, a fraction; NaN while not known. */
  readonly outcome: Float64Array;
  /** Rows of the window left out because features had not warmed up. */
  readonly warmingUp: number;
}

/** The rows of a store whose close is in (from, to], once everything has warmed up. */
export const windowRows = (store: RowStore, features: FeatureSet, from: number, to: number): FeatureRows => {
  const inside: number[] = [];
  let warmingUp = 0;
  for (let i = 0; i < store.next; i++) {
    const ts = store.ts[i]!;
    if (!(ts > from && ts <= to)) continue;
    if (store.ready[i] === 1) inside.push(i);
    else warmingUp++;
  }
  const take = (values: Float64Array): Float64Array => Float64Array.from(inside, i => values[i]!);
  const { width, x } = store;
  return {
    count: inside.length,
    names: featureNames(features),
    column: k => Float64Array.from(inside, i => x[i * width + k]!),
    ts: take(store.ts),
    group: take(store.group),
    label: take(store.label),
    outcome: take(store.outcome),
    warmingUp,
  };
};

/** A stretch of rows, end exclusive. */
export interface RowSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The calendar months of rows in time order; a bar that closes as a month ends belongs to that month. */
export const monthSpans = (ts: Float64Array): readonly RowSpan[] => {
  const spans: RowSpan[] = [];
  for (let from = 0; from < ts.length;) {
    const name = monthOf(ts[from]! - 1);
    const end = nextMonth(ts[from]! - 1);
    let to = from + 1;
    while (to < ts.length && ts[to]! <= end) to++;
    spans.push({ name, from, to });
    from = to;
  }
  return spans;
};
