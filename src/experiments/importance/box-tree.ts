import type { Random } from '../../random.js';

/** A part of the unit cube in which a tree gives one value. */
export interface Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly value: number;
}

/** How a tree of boxes is grown. */
export interface BoxTreeLimits {
  /** Fewest points in a box. */
  readonly minLeaf: number;
  /** Sides drawn for each cut. */
  readonly sides: number;
}

interface Cut {
  readonly side: number;
  readonly at: number;
  /** Fall of the sum of squared errors. */
  readonly gain: number;
}

/**
 * Boxes that fill the unit cube, cut one side at a time where the squared error of a constant in each half falls most: a regression tree (Breiman, Friedman, Olshen & Stone 1984)
 * kept as its leaves, over which integrals are sums. `rows` are the points to learn from, one as often as it was drawn. Of equal cuts the first side's lowest counts.
 */
export const growBoxes = (
  points: readonly Float64Array[],
  values: Float64Array,
  rows: readonly number[],
  { minLeaf, sides }: BoxTreeLimits,
  draw: Random,
): readonly Box[] => {
  const dimensions = points[0]!.length;
  const boxes: Box[] = [];

  const bestCut = (sorted: Int32Array, side: number): Cut | undefined => {
    const n = sorted.length;
    let total = 0;
    for (let k = 0; k < n; k++) total += values[sorted[k]!]!;
    let left = 0;
    let best: Cut | undefined;
    for (let k = 1; k < n; k++) {
      left += values[sorted[k - 1]!]!;
      if (k < minLeaf || n - k < minLeaf) continue;
      const [below, above] = [points[sorted[k - 1]!]![side]!, points[sorted[k]!]![side]!];
      if (below === above) continue;
      const gain = (left * left) / k + ((total - left) * (total - left)) / (n - k) - (total * total) / n;
      if (gain > (best?.gain ?? 0)) best = { side, at: (below + above) / 2, gain };
    }
    return best;
  };

  /** `orders` are the members once for each side, ascending along it. */
  const grow = (orders: readonly Int32Array[], low: Float64Array, high: Float64Array): void => {
    const members = orders[0]!;
    const drawn = Array.from({ length: dimensions }, (_, d) => d);
    for (let i = 0; i < sides; i++) {
      const j = i + draw.int(dimensions - i);
      [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
    }
    let cut: Cut | undefined;
    if (members.length >= 2 * minLeaf)
      for (const side of drawn.slice(0, sides).sort((a, b) => a - b)) {
        const next = bestCut(orders[side]!, side);
        if (next && next.gain > (cut?.gain ?? 0)) cut = next;
      }
    if (cut === undefined) {
      let total = 0;
      for (let k = 0; k < members.length; k++) total += values[members[k]!]!;
      boxes.push({ low, high, value: total / members.length });
      return;
    }
    const { side, at } = cut;
    const left = orders.map(order => order.filter(row => points[row]![side]! <= at));
    const right = orders.map(order => order.filter(row => points[row]![side]! > at));
    grow(left, low, high.with(side, at));
    grow(right, low.with(side, at), high);
  };
  const orders = Array.from({ length: dimensions }, (_, side) =>
    Int32Array.from(rows).sort((a, b) => points[a]![side]! - points[b]![side]! || a - b),
  );
  grow(orders, new Float64Array(dimensions), new Float64Array(dimensions).fill(1));
  return boxes;
};

/** Value of the box that holds a point. */
export const valueInBoxes = (boxes: readonly Box[], point: Float64Array): number => {
  const holds = ({ low, high }: Box): boolean => {
    for (let d = 0; d < point.length; d++) if (point[d]! > high[d]! || (point[d]! <= low[d]! && low[d]! > 0)) return false;
    return true;
  };
  return boxes.find(holds)!.value;
};
