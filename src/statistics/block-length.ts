import { power } from '../numeric/pow.js';
import type { Vector } from '../numeric/vector.js';
import { autocovariance } from './autocorrelation.js';
import { mean } from './moments.js';

/** |Σ e(t)e(t−lag)| ÷ the two windows' own sums of squares: the correlogram that the significance band is meant for. */
const absoluteCorrelation = (values: Vector, centre: number, lag: number): number => {
  let cross = 0;
  let late = 0;
  let early = 0;
  for (let i = lag; i < values.length; i++) cross += (values[i]! - centre) * (values[i - lag]! - centre);
  for (let i = lag + 1; i < values.length; i++) late += (values[i]! - centre) * (values[i]! - centre);
  for (let i = 0; i < values.length - lag - 1; i++) early += (values[i]! - centre) * (values[i]! - centre);
  return Math.abs(cross) / Math.sqrt(late * early);
};

/** Longest block that is believed: beyond it too few blocks are left to tell anything. */
const longestBlock = (n: number): number => Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));

/** (G ÷ g)²·n of Politis & White: how far the series remembers, to be raised to 1/3 with the constant of a scheme. 0 where there is nothing to measure. */
const memory = (values: Vector): number => {
  const n = values.length;
  if (n < 9 || !(autocovariance(values, 0) > 0)) return 0;
  const centre = mean(values);
  const run = Math.max(5, Math.floor(Math.log10(n)));
  const maximum = Math.min(Math.ceil(Math.sqrt(n)) + run, n - 2);
  const band = 2 * Math.sqrt(Math.log10(n) / n);

  // The first lag after which `run` autocorrelations in a row are inside the band; from there on the series has forgotten.
  let bandwidth = maximum;
  for (let lag = 0, quiet = 0; lag < maximum; lag++) {
    quiet = absoluteCorrelation(values, centre, lag) < band ? quiet + 1 : 0;
    if (quiet === run) {
      bandwidth = Math.min(2 * Math.max(lag + 1 - run, 1), maximum);
      break;
    }
  }

  let slope = 0;
  let longRun = autocovariance(values, 0);
  for (let lag = 1; lag <= bandwidth; lag++) {
    const flatTop = lag / bandwidth <= 0.5 ? 1 : 2 * (1 - lag / bandwidth);
    const covariance = autocovariance(values, lag);
    slope += 2 * flatTop * lag * covariance;
    longRun += 2 * flatTop * covariance;
  }
  return ((slope * slope) / (longRun * longRun)) * n;
};

const within = (length: number, n: number): number => (Number.isFinite(length) ? Math.min(Math.max(length, 1), longestBlock(n)) : 1);

/**
 * Mean block length of the stationary bootstrap that gives the least mean squared error of the variance of the mean: long for returns that
 * remember, near 1 for those that do not. At least 1, at most min(3√n, n/3) rounded up; 1 for fewer than 9 values or values that do not vary.
 * Source: Politis & White, Automatic Block-Length Selection for the Dependent Bootstrap, Econometric Reviews 23 (2004), with the
 * correction of Patton, Politis & White, Econometric Reviews 28 (2009).
 */
export const optimalBlockLength = (values: Vector): number => (values.length < 9 ? 1 : within(power(memory(values), 1 / 3), values.length));

/**
 * Block length of the moving block bootstrap by the same measure, within the same limits: (3/2)^(1/3) = 1.145 times the stationary one,
 * because blocks of one fixed length vary less than those of random length. Not rounded. Source: Politis & White (2004), eq. 14, corrected 2009.
 */
export const movingBlockLength = (values: Vector): number =>
  values.length < 9 ? 1 : within(power(1.5 * memory(values), 1 / 3), values.length);
