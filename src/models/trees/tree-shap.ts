import { ABOVE_ALL, type Tree } from './tree.js';

/** Writes outputs × (features + 1) contributions of the row at `x[offset]`: by output those of the features, then the expectation that they are added to. */
export type ShapExplainer = (x: Float64Array, offset: number, out: Float64Array) => void;

/** One way down a tree: features met, with the share of paths on which each is unknown (zero) or known (one), and the weights of subset sizes. */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

/** EXTEND of algorithm 2: one feature more on the way at `base`, which has `length` already. */
const extend = ({ feature, zero, one, weight }: Path, base: number, length: number, f: number, pz: number, po: number): void => {
  feature[base + length] = f;
  zero[base + length] = pz;
  one[base + length] = po;
  weight[base + length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[base + i + 1]! += (po * weight[base + i]! * (i + 1)) / (length + 1);
    weight[base + i] = (pz * weight[base + i]! * (length - i)) / (length + 1);
  }
};

/** UNWIND: takes entry `at` out of a way whose last entry is `last`. */
const unwind = ({ feature, zero, one, weight }: Path, base: number, last: number, at: number): void => {
  const po = one[base + at]!;
  const pz = zero[base + at]!;
  let next = weight[base + last]!;
  for (let i = last - 1; i >= 0; i--) {
    if (po !== 0) {
      const held = weight[base + i]!;
      weight[base + i] = (next * (last + 1)) / ((i + 1) * po);
      next = held - (weight[base + i]! * pz * (last - i)) / (last + 1);
    } else weight[base + i] = (weight[base + i]! * (last + 1)) / (pz * (last - i));
  }
  for (let i = at; i < last; i++) {
    feature[base + i] = feature[base + i + 1]!;
    zero[base + i] = zero[base + i + 1]!;
    one[base + i] = one[base + i + 1]!;
  }
};

/** Sum of the weights that UNWIND would leave. */
const unwoundSum = ({ zero, one, weight }: Path, base: number, last: number, at: number): number => {
  const po = one[base + at]!;
  const pz = zero[base + at]!;
  let next = weight[base + last]!;
  let total = 0;
  for (let i = last - 1; i >= 0; i--) {
    if (po !== 0) {
      const w = (next * (last + 1)) / ((i + 1) * po);
      total += w;
      next = weight[base + i]! - (w * pz * (last - i)) / (last + 1);
    } else total += (weight[base + i]! * (last + 1)) / (pz * (last - i));
  }
  return total;
};

const goesLeft = ({ threshold, missingLeft }: Tree, node: number, value: number): boolean =>
  Number.isNaN(value) ? missingLeft[node] === 1 : value <= threshold[node]! || threshold[node] === ABOVE_ALL;

/** Leaf values of one tree weighted by the rows of each leaf, by output. */
const expectationOf = ({ feature, value, cover }: Tree, values: number, c: number): number => {
  let sum = 0;
  feature.forEach((f, node) => {
    if (f < 0) sum += (cover[node]! * value[node * values + c]!) / cover[0]!;
  });
  return sum;
};

/**
 * Exact SHAP values of a sum of trees, by way of the rows that came through each node (path-dependent TreeSHAP: Lundberg, Erion & Lee 2018, algorithm 2; Nature Machine
 * Intelligence 2, 2020). Contributions and expectation of an output add up to its margin. `base` is added to the expectations. Trees answer outputs as in `treeScorer`.
 */
export const treeShap = (trees: readonly Tree[], width: number, base: readonly number[], valuesPerLeaf: number): ShapExplainer => {
  const outputs = base.length;
  const row = width + 1;
  let deepest = 0;
  const expectation = Float64Array.from(base);
  trees.forEach((tree, t) => {
    for (let c = 0; c < valuesPerLeaf; c++) expectation[valuesPerLeaf === 1 ? t % outputs : c]! += expectationOf(tree, valuesPerLeaf, c);
    const level = new Int32Array(tree.feature.length);
    tree.feature.forEach((f, node) => {
      if (f >= 0) level[tree.left[node]!] = level[tree.left[node]! + 1] = level[node]! + 1;
      deepest = Math.max(deepest, level[node]!);
    });
  });
  // Each level has a way of its own behind its parent's: at most 1, 2, … entries.
  const size = ((deepest + 2) * (deepest + 3)) / 2;
  const path: Path = {
    feature: new Int32Array(size),
    zero: new Float64Array(size),
    one: new Float64Array(size),
    weight: new Float64Array(size),
  };
  const { feature: onPath, zero, one, weight } = path;

  const descend = (
    tree: Tree,
    node: number,
    parent: number,
    length: number,
    pz: number,
    po: number,
    split: number,
    x: Float64Array,
    offset: number,
    out: Float64Array,
    output: number,
  ): void => {
    const here = parent + length;
    for (let i = 0; i < length; i++) {
      onPath[here + i] = onPath[parent + i]!;
      zero[here + i] = zero[parent + i]!;
      one[here + i] = one[parent + i]!;
      weight[here + i] = weight[parent + i]!;
    }
    extend(path, here, length, split, pz, po);
    const f = tree.feature[node]!;
    if (f < 0) {
      for (let i = 1; i <= length; i++) {
        const share = unwoundSum(path, here, length, i) * (one[here + i]! - zero[here + i]!);
        for (let c = 0; c < valuesPerLeaf; c++)
          out[(output + c) * row + onPath[here + i]!]! += share * tree.value[node * valuesPerLeaf + c]!;
      }
      return;
    }
    const l = tree.left[node]!;
    const hot = goesLeft(tree, node, x[offset + f]!) ? l : l + 1;
    const cold = hot === l ? l + 1 : l;
    let [z, o, last] = [1, 1, length];
    for (let i = 1; i <= length; i++) {
      if (onPath[here + i] !== f) continue;
      z = zero[here + i]!;
      o = one[here + i]!;
      unwind(path, here, length, i);
      last = length - 1;
      break;
    }
    const whole = tree.cover[node]!;
    descend(tree, hot, here, last + 1, (z * tree.cover[hot]!) / whole, o, f, x, offset, out, output);
    descend(tree, cold, here, last + 1, (z * tree.cover[cold]!) / whole, 0, f, x, offset, out, output);
  };

  return (x, offset, out) => {
    out.fill(0);
    for (let c = 0; c < outputs; c++) out[c * row + width] = expectation[c]!;
    trees.forEach((tree, t) => {
      if (tree.feature[0]! >= 0) descend(tree, 0, 0, 0, 1, 1, -1, x, offset, out, valuesPerLeaf === 1 ? t % outputs : 0);
    });
  };
};

/** Mean |contribution| of each feature over all outputs and at most `most` evenly spaced rows of `x`. */
export const meanContributions = (
  explain: ShapExplainer,
  x: Float64Array,
  count: number,
  width: number,
  outputs: number,
  most = 64,
): Float64Array => {
  const n = Math.min(count, most);
  const out = new Float64Array(outputs * (width + 1));
  const mean = new Float64Array(width);
  for (let k = 0; k < n; k++) {
    explain(x, Math.floor((k * count) / n) * width, out);
    for (let c = 0; c < outputs; c++) for (let f = 0; f < width; f++) mean[f]! += Math.abs(out[c * (width + 1) + f]!) / (n * outputs);
  }
  return mean;
};
