import type { Vector } from '../numeric/vector.js';
import type { Random } from '../random.js';
import { movingBlockLength } from './block-length.js';
import { percentileBootstraps } from './bootstrap.js';
import type { BootstrapInterval, BootstrapOptions } from './bootstrap.js';

/**
 * Fills `out` with one resample of `values` in blocks of `block` observations from random starts, wrapping round the end so that every value
 * is as likely as any other; the last block is cut to fit. Sources: Künsch, Annals of Statistics 17 (1989), for moving blocks; Politis &
 * Romano, A Circular Block-Resampling Procedure for Stationary Data (1992), for the wrapping.
 */
export const resampleMovingBlocks = (values: Vector, block: number, draw: Random, out: Float64Array): void => {
  const n = values.length;
  for (let i = 0; i < out.length;) {
    let position = draw.int(n);
    for (const end = Math.min(i + block, out.length); i < end; i++) {
      out[i] = values[position]!;
      position = position + 1 === n ? 0 : position + 1;
    }
  }
};

/**
 * Percentile interval of a statistic by the moving block bootstrap: `stationaryBootstrap` with blocks of one fixed length, which estimates a
 * variance with a third less noise and depends more on the length. `meanBlock` is rounded; from the data by `movingBlockLength` when left out.
 */
export const movingBlockBootstrap = (
  values: Vector,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapInterval =>
  percentileBootstraps(
    { name: 'moving-block-bootstrap', resample: resampleMovingBlocks },
    values,
    { statistic },
    {
      ...options,
      meanBlock: Math.round(options.meanBlock ?? movingBlockLength(values)),
    },
  ).statistic;
