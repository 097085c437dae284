import type { Vector } from '../../numeric/vector.js';

/** Whether a figure falls or rises along an axis. */
export type Trend = 'falling' | 'rising';

/** The closest monotone sequence in least squares, by pooling adjacent violators (Ayer et al., Annals of Mathematical Statistics 26, 1955). */
export const monotone = (values: Vector, trend: Trend): Float64Array => {
  const n = values.length;
  const sign = trend === 'rising' ? 1 : -1;
  const level = new Float64Array(n);
  const size = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    level[blocks] = sign * values[i]!;
    size[blocks] = 1;
    blocks++;
    while (blocks > 1 && level[blocks - 2]! > level[blocks - 1]!) {
      const [a, b] = [size[blocks - 2]!, size[blocks - 1]!];
      level[blocks - 2] = (level[blocks - 2]! * a + level[blocks - 1]! * b) / (a + b);
      size[blocks - 2] = a + b;
      blocks--;
    }
  }
  const fitted = new Float64Array(n);
  for (let block = 0, i = 0; block < blocks; block++) for (let k = 0; k < size[block]!; k++) fitted[i++] = sign * level[block]!;
  return fitted;
};

/** Σ of squared distances. */
const distance = (values: Vector, fitted: Float64Array): number => {
  let total = 0;
  for (let i = 0; i < fitted.length; i++) total += (values[i]! - fitted[i]!) * (values[i]! - fitted[i]!);
  return total;
};

/** The trend that fits better; falling when both fit alike, because friction costs. */
export const trendOf = (values: Vector): Trend =>
  distance(values, monotone(values, 'rising')) < distance(values, monotone(values, 'falling')) ? 'rising' : 'falling';

/**
 * Where a figure that is known at ascending places crosses zero: linear between the places, after making it monotone in the trend. Negative infinity when it
 * has crossed before the first place, infinity when it has not by the last: a falling figure is below or at zero behind the crossing, a rising one above.
 */
export const zeroCrossing = (places: Vector, values: Vector, trend: Trend): number => {
  const fitted = monotone(values, trend);
  const n = fitted.length;
  const isBehind = (value: number): boolean => (trend === 'falling' ? value <= 0 : value > 0);
  if (n === 0 || isBehind(fitted[0]!)) return -Infinity;
  for (let i = 1; i < n; i++) {
    const [before, after] = [fitted[i - 1]!, fitted[i]!];
    if (isBehind(after)) return places[i - 1]! + (places[i]! - places[i - 1]!) * (before / (before - after));
  }
  return Infinity;
};
