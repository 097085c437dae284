import type { Calibrator } from './calibrator.js';
import { clip } from './log-odds.js';
import { oneAgainstRest } from './one-against-rest.js';

/** Blocks of the step function: mean forecast and mean outcome of each. */
interface Blocks {
  readonly forecast: number[];
  readonly outcome: number[];
}

/**
 * Weighted isotonic regression by pooling adjacent violators: the non-decreasing function of the forecast with the least squared error. Equal forecasts are one. Source: Ayer et al., Annals
 * of Mathematical Statistics 26 (1955).
 */
export const poolAdjacentViolators = (p: Float64Array, hit: ArrayLike<number>, weight: Float64Array): Blocks => {
  const order = Array.from(p.keys()).sort((a, b) => p[a]! - p[b]! || a - b);
  const blocks: { weight: number; forecast: number; outcome: number; last: number }[] = [];
  for (const i of order) {
    const w = weight[i]!;
    const top = blocks.at(-1);
    if (top !== undefined && top.last === p[i]) {
      top.outcome += w * hit[i]!;
      top.forecast += w * p[i]!;
      top.weight += w;
    } else blocks.push({ weight: w, forecast: w * p[i]!, outcome: w * hit[i]!, last: p[i]! });
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    pooled.push(block);
    for (;;) {
      const [before, last] = [pooled.at(-2), pooled.at(-1)!];
      if (before === undefined || before.outcome * last.weight < last.outcome * before.weight) break;
      pooled.pop();
      before.weight += last.weight;
      before.forecast += last.forecast;
      before.outcome += last.outcome;
      before.last = last.last;
    }
  }
  return { forecast: pooled.map(b => b.forecast / b.weight), outcome: pooled.map(b => b.outcome / b.weight) };
};

/**
 * Isotonic calibration: the observed frequency as a non-decreasing function of each class's probability, straight lines between the middles of the blocks and level beyond them, never
 * 0 or 1. It assumes nothing else, and so needs many outcomes: fewer than 500 give null. Source: Zadrozny & Elkan, KDD 2002.
 */
export const isotonic = (): Calibrator =>
  oneAgainstRest({
    kind: 'isotonic',
    options: {},
    minimum: 500,
    fit: (p, hit, weight) => {
      const { forecast, outcome } = poolAdjacentViolators(p, hit, weight);
      return [...forecast, ...outcome];
    },
    map: parameters => {
      const n = parameters.length / 2;
      return p => {
        let [low, high] = [0, n];
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (parameters[middle]! < p) low = middle + 1;
          else high = middle;
        }
        if (low === 0) return clip(parameters[n]!);
        if (low === n) return clip(parameters[2 * n - 1]!);
        const [x0, x1] = [parameters[low - 1]!, parameters[low]!];
        const [y0, y1] = [parameters[n + low - 1]!, parameters[n + low]!];
        return clip(y0 + ((p - x0) / (x1 - x0)) * (y1 - y0));
      };
    },
  });
