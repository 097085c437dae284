import { combinatorialPurged } from './combinatorial-purged.js';
import { purgedKFold } from './purged-k-fold.js';
import { regimeStratified } from './regime-stratified.js';
import type { Vector } from '../../numeric/vector.js';
import type { Calendar, Extent } from './calendar.js';
import type { Span, SplitFold } from './fold.js';

interface Gaps {
  readonly purge?: Extent;
  readonly embargo?: Extent;
}

/** How history is cut for a cross-validation. */
export type CrossScheme =
  | ({ readonly kind: 'k-fold'; readonly folds: number } & Gaps)
  | ({ readonly kind: 'combinatorial'; readonly groups: number; readonly testGroups: number } & Gaps)
  | ({ readonly kind: 'regimes'; readonly folds: number; readonly blocks: number; readonly regimes: Vector } & Gaps);

/** Folds, the pieces of history that they test, and how tests join into whole histories. */
export interface CrossSplit {
  readonly folds: readonly SplitFold[];
  /** All of history in pieces, ascending; every test span of every fold is one of them. */
  readonly groups: readonly Span[];
  /** `paths[p][g]` is the fold whose test of group g belongs to path p; each path tests every group once. */
  readonly paths: readonly (readonly number[])[];
}

const gapsOf = ({ purge, embargo }: Gaps): Gaps => ({ ...(purge !== undefined && { purge }), ...(embargo !== undefined && { embargo }) });

const groupsOf = (folds: readonly SplitFold[]): readonly Span[] =>
  [...new Map(folds.flatMap(({ test }) => test.map((span): [number, Span] => [span.from, span]))).values()].sort((a, b) => a.from - b.from);

/** Folds with their groups; of a split that was kept, or one whose every group is tested once when no paths are given. */
export const crossSplitOf = (folds: readonly SplitFold[], paths?: CrossSplit['paths']): CrossSplit => {
  const groups = groupsOf(folds);
  const once = (): CrossSplit['paths'] => [groups.map(group => folds.findIndex(({ test }) => test.some(span => span.from === group.from)))];
  return { folds, groups, paths: paths ?? once() };
};

/** The split that a scheme names. Throws usage errors as its own function does. */
export const crossSplit = (calendar: Calendar, scheme: CrossScheme): CrossSplit => {
  const gaps = gapsOf(scheme);
  switch (scheme.kind) {
    case 'combinatorial': {
      const { folds, paths } = combinatorialPurged(calendar, { groups: scheme.groups, testGroups: scheme.testGroups, ...gaps });
      return crossSplitOf(folds, paths);
    }
    case 'k-fold':
      return crossSplitOf(purgedKFold(calendar, { folds: scheme.folds, ...gaps }));
    case 'regimes':
      return crossSplitOf(regimeStratified(calendar, scheme.regimes, { folds: scheme.folds, blocks: scheme.blocks, ...gaps }));
  }
};
