import type { AffineState } from './affine.js';
import { columnSample } from './column-sample.js';

/** A standard deviation below this share of the mean's size is rounding, not variation. */
const ROUNDING = 1e-12;

/** Centre the mean, spread the population standard deviation of each column, missing values left out. A column without any value is centred on 0. */
export const fitZ = (x: Float64Array, count: number, width: number): AffineState => {
  const centre: number[] = [];
  const spread: number[] = [];
  for (let k = 0; k < width; k++) {
    const values = columnSample(x, count, width, k);
    let mean = 0;
    let squares = 0;
    // Welford (1962): one pass, and equal values have exactly no deviation.
    for (let i = 0; i < values.length; i++) {
      const delta = values[i]! - mean;
      mean += delta / (i + 1);
      squares += delta * (values[i]! - mean);
    }
    const deviation = values.length > 0 ? Math.sqrt(squares / values.length) : 0;
    centre.push(mean);
    spread.push(deviation > ROUNDING * Math.abs(mean) ? deviation : 0);
  }
  return { kind: 'z', centre, spread };
};
