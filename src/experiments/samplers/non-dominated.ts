/** Whether `a` is at least as good as `b` in every objective and better in one; higher is better. */
export const dominates = (a: readonly number[], b: readonly number[]): boolean => {
  let better = false;
  for (let m = 0; m < a.length; m++) {
    if (a[m]! < b[m]!) return false;
    if (a[m]! > b[m]!) better = true;
  }
  return better;
};

/**
 * Indices by front: the first holds what nothing dominates, the second what only the first does, and so on; each front ascending. Null, what was not
 * eligible, makes up the last front. Source: Deb, Pratap, Agarwal & Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE
 * Transactions on Evolutionary Computation 6 (2002), III.A.
 */
export const nonDominatedSort = (all: readonly (readonly number[] | null)[]): number[][] => {
  const n = all.length;
  const dominated: number[][] = all.map(() => []);
  const dominators = new Int32Array(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [all[i]!, all[j]!];
      if (a === null || b === null) continue;
      const [winner, loser] = dominates(a, b) ? [i, j] : dominates(b, a) ? [j, i] : [-1, -1];
      if (winner < 0) continue;
      dominated[winner]!.push(loser);
      dominators[loser]!++;
    }
  const fronts: number[][] = [];
  let front = Array.from(all.keys()).filter(i => all[i] !== null && dominators[i] === 0);
  while (front.length > 0) {
    fronts.push(front);
    front = front.flatMap(i => dominated[i]!.filter(j => --dominators[j]! === 0)).sort((a, b) => a - b);
  }
  const ineligible = Array.from(all.keys()).filter(i => all[i] === null);
  return ineligible.length > 0 ? [...fronts, ineligible] : fronts;
};

/** Indices, ascending, of what nothing else dominates: the trade-offs worth choosing among. Null, what was not eligible, is none of them. */
export const nonDominated = (all: readonly (readonly number[] | null)[]): readonly number[] =>
  (nonDominatedSort(all)[0] ?? []).filter(i => all[i] !== null);
