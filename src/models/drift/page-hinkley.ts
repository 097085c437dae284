import { usageError } from '../../errors.js';
import type { DriftDetectorRule, DriftLevel } from './drift-detector.js';

/** How a mean is watched. Lengths in observations, the rest in standard deviations of one observation. */
export interface PageHinkleyOptions {
  /** Mean without drift, where it is known beforehand; learned from the observations when left out. */
  readonly mean?: number;
  /** Observations that only teach scale (and mean). 10 when left out. */
  readonly burnIn?: number;
  /** Part of each deviation that is forgiven: shifts of less than twice this are found late or never. 0.5 when left out. */
  readonly allowance?: number;
  /** Sum of deviations beyond the allowance that is drift, and what share of it is a warning. 9 and 0.75 when left out. */
  readonly threshold?: number;
  readonly warningShare?: number;
}

/** One deviation counts no more than this: a single crash is no new law, four in a row may be. */
const LARGEST_DEVIATION = 3;
/** A sum never exceeds so many thresholds, so that the end of a long drift is seen too. */
const LARGEST_SUM = 1.5;
/** Share of the threshold from which observations teach nothing: what comes may be the drift. */
const DOUBT = 0.5;

/** The normal deviate as improbable as this value of Student's t; within 0.02 below 3 for ten degrees or more. Source: D. L. Wallace, Annals of Mathematical Statistics 30 (1959). */
const normalised = (t: number, freedom: number): number => {
  const size = ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * Math.log(1 + (t * t) / freedom));
  return t < 0 ? -size : size;
};

// Places of the state.
const COUNT = 0;
const MEAN = 1;
const SQUARES = 2;
const ABOVE = 3;
const BELOW = 4;

/**
 * Cumulative sum of standardised deviations to either side, less an allowance and never below 0: how long, and how far, the mean has been elsewhere. Each observation is
 * standardised by those before it and so is standard normal for normal data, however short the past; learning stops while a sum is beyond the warning, so that a drift
 * is not taken for the new usual. Levels fall again when the data return.
 *
 * False alarms at the defaults, independent observations: at most 5 % of runs of 500 normal ones reach `drift` and 30 % `warning`; of exponential ones, skewed as
 * squares are, at most 12 % reach `drift`. Delay: a shift of one standard deviation after 100 observations is `drift` within 60 more in 90 % of runs; with the mean
 * known, one after 15 within 45 in 90 %.
 *
 * Throws a usage error for settings that watch nothing. Sources: E. S. Page, Biometrika 41 (1954); D. V. Hinkley, Biometrika 58 (1971); standardised by its own past
 * after D. M. Hawkins, The Statistician 36 (1987).
 */
export const pageHinkley = (options: PageHinkleyOptions = {}): DriftDetectorRule => {
  const { mean = NaN, burnIn = 10, allowance = 0.5, threshold = 9, warningShare = 0.75 } = options;
  const wrong = (name: string, value: number, fix: string) => usageError('bad-drift-detector', `${name} is ${value}.`, fix);
  if (!(Number.isInteger(burnIn) && burnIn >= 3)) throw wrong('burnIn', burnIn, 'It is a whole number from 3 on.');
  if (!(allowance >= 0 && allowance < LARGEST_DEVIATION))
    throw wrong('allowance', allowance, `It is from 0 to below ${LARGEST_DEVIATION}.`);
  if (!(threshold > 0 && threshold < Infinity)) throw wrong('threshold', threshold, 'It is above 0.');
  if (!(warningShare > 0 && warningShare < 1)) throw wrong('warningShare', warningShare, 'It is between 0 and 1.');
  const known = Number.isFinite(mean);
  const warning = warningShare * threshold;

  const create = () => {
    const s = new Float64Array(5);
    const learn = (x: number): void => {
      s[COUNT]! += 1;
      if (known) {
        s[SQUARES]! += (x - mean) * (x - mean);
        return;
      }
      const before = x - s[MEAN]!;
      s[MEAN]! += before / s[COUNT]!;
      s[SQUARES]! += before * (x - s[MEAN]!);
    };
    const deviation = (x: number): number => {
      const n = s[COUNT]!;
      const freedom = known ? n : n - 1;
      const variance = (s[SQUARES]! / freedom) * (known ? 1 : 1 + 1 / n);
      const distance = x - (known ? mean : s[MEAN]!);
      // A sequence that never moved has no scale: any move is as large as one can be.
      const z =
        variance > 0 ? normalised(distance / Math.sqrt(variance), freedom) : distance === 0 ? 0 : Math.sign(distance) * LARGEST_DEVIATION;
      return Math.max(-LARGEST_DEVIATION, Math.min(LARGEST_DEVIATION, z));
    };
    const largest = (): number => Math.max(s[ABOVE]!, s[BELOW]!);
    const level = (): DriftLevel => (largest() > threshold ? 'drift' : largest() > warning ? 'warning' : 'none');
    return {
      update: (x: number): DriftLevel => {
        if (!Number.isFinite(x)) return level();
        if (s[COUNT]! < burnIn) {
          learn(x);
          return 'none';
        }
        const z = deviation(x);
        const top = LARGEST_SUM * threshold;
        s[ABOVE] = Math.min(top, Math.max(0, s[ABOVE]! + z - allowance));
        s[BELOW] = Math.min(top, Math.max(0, s[BELOW]! - z - allowance));
        if (largest() <= DOUBT * threshold) learn(x);
        return level();
      },
      get statistic() {
        return largest();
      },
      threshold,
      reset: () => void s.fill(0),
    };
  };
  return { kind: 'page-hinkley', create };
};
