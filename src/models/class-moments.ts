import { OUTCOMES, type Forecast } from './forecast.js';
import type { TrainingRows } from './training-rows.js';

/** Mean and standard deviation of `outcome / scale` within each class, and how often the class occurred: what turns probabilities into a return. */
export interface ClassMoments {
  /** Share of the weight by class; adds up to 1. */
  readonly prior: readonly number[];
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** Weighted moments by class. A class without rows gets the moments of all rows. */
export const classMoments = ({ count, label, outcome, scale, weight }: TrainingRows): ClassMoments => {
  const total = new Float64Array(OUTCOMES + 1);
  const sum = new Float64Array(OUTCOMES + 1);
  const square = new Float64Array(OUTCOMES + 1);
  const pass = (visit: (c: number, z: number, w: number) => void): void => {
    for (let i = 0; i < count; i++) {
      const z = outcome[i]! / scale[i]!;
      visit(label[i]!, z, weight[i]!);
      visit(OUTCOMES, z, weight[i]!);
    }
  };
  pass((c, z, w) => {
    total[c]! += w;
    sum[c]! += w * z;
  });
  const mean = Array.from(sum, (s, c) => (total[c]! > 0 ? s / total[c]! : NaN));
  pass((c, z, w) => {
    const d = z - mean[c]!;
    square[c]! += w * d * d;
  });
  const sd = Array.from(square, (s, c) => (total[c]! > 0 ? Math.sqrt(s / total[c]!) : NaN));
  const all = total[OUTCOMES]!;
  const classes = Array.from({ length: OUTCOMES }, (_, c) => c);
  return {
    prior: classes.map(c => (all > 0 ? total[c]! / all : 1 / OUTCOMES)),
    mean: classes.map(c => (total[c]! > 0 ? mean[c]! : all > 0 ? mean[OUTCOMES]! : 0)),
    sd: classes.map(c => (total[c]! > 0 ? sd[c]! : all > 0 ? sd[OUTCOMES]! : 1)),
  };
};

/** Probabilities to a whole forecast: mean and standard deviation of the mixture of the three classes, times the row's scale. */
export const mixtureForecast = (down: number, flat: number, up: number, { mean, sd }: ClassMoments, scale: number, out: Forecast): void => {
  const [m0, m1, m2] = [mean[0]!, mean[1]!, mean[2]!];
  const [s0, s1, s2] = [sd[0]!, sd[1]!, sd[2]!];
  const m = down * m0 + flat * m1 + up * m2;
  const second = down * (s0 * s0 + m0 * m0) + flat * (s1 * s1 + m1 * m1) + up * (s2 * s2 + m2 * m2);
  out.down = down;
  out.flat = flat;
  out.up = up;
  out.mean = m * scale;
  out.sd = Math.sqrt(Math.max(0, second - m * m)) * scale;
};
