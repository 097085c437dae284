import { power } from '../../numeric/pow.js';
import { normalQuantile } from '../../statistics/normal.js';

/** Quantile of Student's law over that of the normal: Abramowitz & Stegun (1964), 26.7.5. */
const studentOverNormal = (z: number, freedom: number): number => {
  const square = z * z;
  const first = (square + 1) / 4;
  const second = ((5 * square + 16) * square + 3) / 96;
  const third = (((3 * square + 19) * square + 17) * square - 15) / 384;
  return 1 + (first + (second + third / freedom) / freedom) / freedom;
};

/** What a bootstrap was drawn from. Lengths are in moments. */
export interface OverlapOptions {
  readonly moments: number;
  readonly horizon: number;
  readonly meanBlock: number;
  readonly level: number;
}

/**
 * Factor by which a block bootstrap interval of a mean of overlapping outcomes is too narrow, ≥ 1. Blocks cut some of the covariance that neighbours share, as
 * correlations that fall in a line to 0 at the horizon (what sums over the same bars have); the mean is estimated from the same moments; and a few blocks tell a
 * variance poorly, which asks for Student's law with as many degrees of freedom as there are blocks. Near 1 for a long history and a short horizon.
 * Source: the weights that the stationary bootstrap gives to autocovariances, Politis & Romano, JASA 89 (1994), lemma 1.
 */
export const overlapWidening = ({ moments, horizon, meanBlock, level }: OverlapOptions): number => {
  let whole = 1;
  let kept = 1;
  for (let lag = 1; lag < Math.min(horizon, moments); lag++) {
    const correlation = 2 * (1 - lag / horizon);
    const stays = 1 - 1 / meanBlock;
    whole += correlation;
    kept += correlation * ((1 - lag / moments) * power(stays, lag) + (lag / moments) * power(stays, moments - lag));
  }
  const share = Math.max(0.25, kept / whole - (2 * meanBlock - 1) / moments);
  return studentOverNormal(normalQuantile((1 + level) / 2), Math.max(4, moments / meanBlock)) / Math.sqrt(Math.min(1, share));
};
