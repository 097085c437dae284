import type { Params } from '../../engine/run-result.js';
import type { FoldWindowRow } from '../charts/fold-timeline.js';
import type { DecayRow } from '../charts/in-sample-vs-out-of-sample.js';
import type { ObjectiveRow } from '../charts/objective-distribution.js';
import type { DriftRow } from '../charts/parameter-drift.js';
import type { SurfaceRow } from '../charts/parameter-heatmap.js';

/** One configuration that a fold tried. */
export interface FoldCandidate {
  readonly params: Params;
  /** In-sample objective; null when it is not defined or the configuration was not eligible. */
  readonly objective: number | null;
}

/** One step of a walk-forward experiment as a report reads it. Times are epoch milliseconds, metrics by name, null where not defined. */
export interface ReportFold {
  /** 0-based. */
  readonly index: number;
  readonly train: { readonly from: number; readonly to: number };
  readonly test: { readonly from: number; readonly to: number };
  /** Null when no configuration was eligible: the fold stood aside. */
  readonly params: Params | null;
  readonly inSample: Readonly<Record<string, number | null>>;
  readonly outOfSample: Readonly<Record<string, number | null>>;
  readonly candidates: readonly FoldCandidate[];
}

/** Training and test windows, with the net return of each. */
export const foldWindowRows = (folds: readonly ReportFold[]): FoldWindowRow[] =>
  folds.flatMap(({ index, train, test, inSample, outOfSample }) => [
    { fold: index + 1, ...train, window: 'Train' as const, result: inSample['totalReturn'] ?? null },
    { fold: index + 1, ...test, window: 'Test' as const, result: outOfSample['totalReturn'] ?? null },
  ]);

/** The objective on both sides of each fold that has it on both. */
export const decayRows = (folds: readonly ReportFold[], objective: string): DecayRow[] =>
  folds.flatMap(({ index, inSample, outOfSample }) => {
    const before = inSample[objective] ?? null;
    const after = outOfSample[objective] ?? null;
    return before === null || after === null ? [] : [{ fold: index + 1, inSample: before, outOfSample: after }];
  });

/** Names of the parameters that took more than one value in the search, the ones with most values first. */
export const searchedParams = (folds: readonly ReportFold[]): string[] => {
  const values = new Map<string, Set<number | string | boolean>>();
  const see = (params: Params): void => {
    for (const [name, value] of Object.entries(params)) values.set(name, (values.get(name) ?? new Set()).add(value));
  };
  for (const { params, candidates } of folds) {
    if (params) see(params);
    for (const candidate of candidates) see(candidate.params);
  }
  return [...values]
    .filter(([, seen]) => seen.size > 1)
    .sort(([, a], [, b]) => b.size - a.size)
    .map(([name]) => name);
};

/** What each fold chose for the parameters that were searched. */
export const driftRows = (folds: readonly ReportFold[], params: readonly string[]): DriftRow[] =>
  params.flatMap(param =>
    folds.flatMap(({ index, params: chosen }) => {
      const value = chosen?.[param];
      return value === undefined ? [] : [{ fold: index + 1, param, value }];
    }),
  );

const same = (a: Params | null, b: Params): boolean => a !== null && Object.keys(b).every(name => a[name] === b[name]);

/** Score of every eligible configuration, at most `most` a fold evenly taken, the chosen one always among them. */
export const objectiveRows = (folds: readonly ReportFold[], most = 250): ObjectiveRow[] =>
  folds.flatMap(({ index, params, candidates }) => {
    const scored = candidates.flatMap(({ params: tried, objective }) =>
      objective === null ? [] : [{ fold: index + 1, objective, chosen: same(params, tried) }],
    );
    const stride = Math.max(1, Math.ceil(scored.length / most));
    return scored.filter((row, i) => row.chosen || i % stride === 0);
  });

const MOST_CELLS = 16;

/** Numbers with too many distinct values are put into equal bins, named by their middle. */
const binner = (values: readonly (number | string | boolean)[]): ((value: number | string | boolean) => number | string) => {
  const distinct = new Set(values);
  const numbers = values.filter(v => typeof v === 'number');
  if (distinct.size <= MOST_CELLS || numbers.length < values.length) return v => (typeof v === 'boolean' ? String(v) : v);
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = (high - low) / MOST_CELLS;
  return v => Number((low + (Math.min(MOST_CELLS - 1, Math.floor((Number(v) - low) / width)) + 0.5) * width).toPrecision(3));
};

/**
 * Best in-sample objective over two parameters, fold by fold. `y` null puts everything into one row. The folds given must be those to be
 * drawn: bins are common to them.
 */
export const surfaceRows = (folds: readonly ReportFold[], x: string, y: string | null): SurfaceRow[] => {
  const all = folds.flatMap(({ candidates }) => candidates.map(({ params }) => params));
  const place = (name: string) => {
    const bin = binner(all.flatMap(params => params[name] ?? []));
    return (params: Params): number | string => bin(params[name] ?? '');
  };
  const atX = place(x);
  const atY = y === null ? () => '' : place(y);
  return folds.flatMap(({ index, params: chosen, candidates }) => {
    const cells = new Map<string, { fold: number; x: number | string; y: number | string; objective: number; chosen: boolean }>();
    for (const { params, objective } of candidates) {
      if (objective === null) continue;
      const cell = { fold: index + 1, x: atX(params), y: atY(params), objective, chosen: same(chosen, params) };
      const key = `${cell.x}|${cell.y}`;
      const before = cells.get(key);
      cells.set(key, before ? { ...cell, objective: Math.max(before.objective, objective), chosen: before.chosen || cell.chosen } : cell);
    }
    return [...cells.values()];
  });
};
