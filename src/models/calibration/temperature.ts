import type { Calibrator } from './calibrator.js';
import { FLOOR, renormalise } from './log-odds.js';

/** Forecasts without which no temperature is fitted, and the range it is sought in. */
const MINIMUM = 100;
const COLDEST = 0.2;
const HOTTEST = 20;
const STEPS = 60;
const PRECISION = 1e-7;

/** In place: proportional to p^inverse, and no class nearer to nothing than the floor. */
const apply = (p: Float64Array, offset: number, inverse: number): void => {
  for (let c = 0; c < 3; c++) {
    const powered = Math.exp(inverse * Math.log(Math.max(FLOOR, p[offset + c]!)));
    p[offset + c] = powered;
  }
  renormalise(p, offset);
};

/**
 * One number T: probabilities become proportional to p^(1 ÷ T). T above 1 takes confidence back, below 1 adds to it; ranks of classes stay. Found by Newton's
 * method, kept between bounds: the log loss is convex in 1 ÷ T. No class is left with less than 10⁻⁴ (before the sum is made 1). On the forecasts that it is fitted on it is never worse than
 * T = 1. Fewer than 100 forecasts give null.
 * Source: Guo, Pleiss, Sun & Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
 */
export const temperature = (): Calibrator => ({
  kind: 'temperature',
  options: {},
  fit: ({ count, probability, label, weight }) => {
    if (count < MINIMUM) return null;
    const logs = probability.map(p => Math.log(Math.max(FLOOR, p)));
    // Slope and curvature of the summed log loss in 1 ÷ T: Σ w (E log p − log p of the class that came), and Σ w Var log p.
    const derivatives = (by: number): [number, number] => {
      let [slope, curvature] = [0, 0];
      for (let i = 0; i < count; i++) {
        const [a, b, c] = [logs[3 * i]!, logs[3 * i + 1]!, logs[3 * i + 2]!];
        const top = a > b ? (a > c ? a : c) : b > c ? b : c;
        const [x, y, z] = [Math.exp(by * (a - top)), Math.exp(by * (b - top)), Math.exp(by * (c - top))];
        const total = x + y + z;
        const mean = (x * a + y * b + z * c) / total;
        slope += weight[i]! * (mean - logs[3 * i + label[i]!]!);
        curvature += weight[i]! * ((x * a * a + y * b * b + z * c * c) / total - mean * mean);
      }
      return [slope, curvature];
    };
    let [low, high] = [1 / HOTTEST, 1 / COLDEST];
    let inverse = 1;
    for (let step = 0; step < STEPS && high - low > PRECISION; step++) {
      const [slope, curvature] = derivatives(inverse);
      if (slope > 0) high = inverse;
      else low = inverse;
      const next = inverse - slope / curvature;
      // Newton's step where it stays between the ends that the slope has shown, else their middle.
      const better = next > low && next < high ? next : (low + high) / 2;
      const moved = Math.abs(better - inverse);
      inverse = better;
      if (moved < PRECISION) break;
    }
    const three = new Float64Array(3);
    // As it will be applied, floor and all.
    const applied = (by: number): number => {
      let total = 0;
      for (let i = 0; i < count; i++) {
        three.set(probability.subarray(3 * i, 3 * i + 3));
        apply(three, 0, by);
        total -= weight[i]! * Math.log(three[label[i]!]!);
      }
      return total;
    };
    return { kind: 'temperature', inverse: applied(inverse) <= applied(1) ? inverse : 1 };
  },
  calibration: state => {
    const inverse = state['inverse'] as number;
    return (p, offset) => apply(p, offset, inverse);
  },
});
