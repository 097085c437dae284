import { paretoFront } from './pareto-front.js';

/**
 * The order in which configurations are preferred when several things are wanted at once: indices of the front (what nothing else dominates), the one nearest to the ideal first. The ideal has
 * the front's best value of every objective; distance is measured with each objective running from 0, its worst on the front, to 1, its best. An end of the trade-off is the
 * choice only where what lies between gives up much of both. Of equal distances the one that is better in the first objective comes first, then the earlier. Null is not eligible.
 * Sources: Yu, A Class of Solutions for Group Decision Problems (1973); Zeleny, Compromise Programming (1973).
 */
export const compromise = (all: readonly (readonly number[] | null)[]): readonly number[] => {
  const front = paretoFront(all);
  const vectors = front.map(i => all[i]!);
  const objectives = vectors[0]?.length ?? 0;
  const best = Array.from({ length: objectives }, (_, m) => vectors.reduce((most, vector) => Math.max(most, vector[m]!), -Infinity));
  const worst = Array.from({ length: objectives }, (_, m) => vectors.reduce((least, vector) => Math.min(least, vector[m]!), Infinity));
  const distances = new Map(
    front.map((i, k) => {
      const squares = vectors[k]!.map((value, m) => {
        const range = best[m]! - worst[m]!;
        const gap = range > 0 ? (best[m]! - value) / range : 0;
        return gap * gap;
      });
      return [i, squares.reduce((sum, square) => sum + square, 0)] as const;
    }),
  );
  return front.toSorted((a, b) => distances.get(a)! - distances.get(b)! || all[b]![0]! - all[a]![0]! || a - b);
};
