/** A tree found the slow way: exact greedy search over every value of every feature, rows summed anew for every cut. */
export interface ReferenceNode {
  readonly rows: readonly number[];
  readonly depth: number;
  split: { feature: number; threshold: number; missingLeft: boolean; gain: number; left: ReferenceNode; right: ReferenceNode } | null;
}

export interface ReferenceInput {
  /** Rows of features. */
  readonly x: readonly (readonly number[])[];
  readonly g: readonly number[];
  readonly h: readonly number[];
  readonly depth: number;
  readonly maxLeaves: number;
  readonly minLeaf: number;
  readonly l2: number;
  readonly minGain: number;
}

export const sumOf = (values: readonly number[], rows: readonly number[]): number => rows.reduce((sum, i) => sum + values[i]!, 0);

/** Equation 7 of Chen & Guestrin (2016) without γ, ties to what comes first: lower feature, lower threshold, missing values left. */
export const referenceTree = ({ x, g, h, depth, maxLeaves, minLeaf, l2, minGain }: ReferenceInput): ReferenceNode => {
  const score = (rows: readonly number[]): number => {
    const [G, H] = [sumOf(g, rows), sumOf(h, rows)];
    return (G * G) / (H + l2) / 2;
  };
  const bestOf = (node: ReferenceNode) => {
    let best: { feature: number; threshold: number; missingLeft: boolean; gain: number; left: number[]; right: number[] } | null = null;
    for (let feature = 0; feature < x[0]!.length; feature++) {
      const values = [...new Set(x.map(row => row[feature]!).filter(v => !Number.isNaN(v)))].sort((a, b) => a - b);
      const missing = node.rows.filter(i => Number.isNaN(x[i]![feature]!));
      // Above the highest value only missing ones are right.
      for (const threshold of [...values.slice(0, -1), Number.MAX_VALUE])
        for (const missingLeft of missing.length > 0 ? [true, false] : [null]) {
          const left = node.rows.filter(i => (Number.isNaN(x[i]![feature]!) ? missingLeft === true : x[i]![feature]! <= threshold));
          const right = node.rows.filter(i => !left.includes(i));
          // Missing values alone stand on the right.
          if (left.length === missing.length && missingLeft === true) continue;
          if (left.length < minLeaf || right.length < minLeaf) continue;
          const gain = score(left) + score(right) - score(node.rows);
          if (!(gain > minGain + 1e-9) || (best && !(gain > best.gain + 1e-9))) continue;
          best = { feature, threshold, missingLeft: missingLeft ?? left.length >= right.length, gain, left, right };
        }
    }
    return best;
  };
  const root: ReferenceNode = { rows: x.map((_, i) => i), depth: 0, split: null };
  let leaves = 1;
  const open = [{ node: root, best: bestOf(root) }];
  while (leaves < maxLeaves) {
    const able = open.filter(({ node, best }) => best !== null && node.depth < depth);
    if (able.length === 0) break;
    const next = able.reduce((a, b) => (b.best!.gain > a.best!.gain + 1e-9 ? b : a));
    const { left, right, ...cut } = next.best!;
    const children = [left, right].map(rows => ({ rows, depth: next.node.depth + 1, split: null }));
    next.node.split = { ...cut, left: children[0]!, right: children[1]! };
    open.splice(open.indexOf(next), 1);
    for (const node of children) open.push({ node, best: bestOf(node) });
    leaves++;
  }
  return root;
};
