import { usageError } from '../../errors.js';
import type { DriftDetector, DriftDetectorRule, DriftLevel } from './drift-detector.js';

/** How a window is cut. */
export interface AdwinOptions {
  /** Confidence of a cut: smaller cuts less. 0.2 when left out. */
  readonly delta?: number;
  /** The same for a warning; above `delta`. 0.6 when left out. */
  readonly warningDelta?: number;
  /** Observations from which on cuts are looked for, and the fewest on either side of one. 20 and 5 when left out. */
  readonly least?: number;
  readonly side?: number;
}

/** Buckets of one size before two of them become one of the next: M of the paper. */
const BUCKETS = 5;
/** Sizes of buckets, 1, 2, 4…: more observations than any run has. */
const SIZES = 32;
const ROOM = BUCKETS + 1;

/** Number of observations, their mean and their summed squared deviations, at a place of the three columns. */
interface Moments {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

const moments = (length: number): Moments => ({
  count: new Float64Array(length),
  mean: new Float64Array(length),
  squares: new Float64Array(length),
});

const copy = (from: Moments, i: number, to: Moments, j: number): void => {
  to.count[j] = from.count[i]!;
  to.mean[j] = from.mean[i]!;
  to.squares[j] = from.squares[i]!;
};

/** Joins the observations at `i` of `from` to those at `j` of `to`. Source: Chan, Golub & LeVeque, The American Statistician 37 (1983). */
const join = (from: Moments, i: number, to: Moments, j: number): void => {
  const [a, b] = [to.count[j]!, from.count[i]!];
  if (a + b === 0) return;
  const gap = from.mean[i]! - to.mean[j]!;
  to.mean[j]! += (gap * b) / (a + b);
  to.squares[j]! += from.squares[i]! + (gap * gap * a * b) / (a + b);
  to.count[j] = a + b;
};

// Places of the sums.
const OLD = 0;
const NEW = 1;
const ALL = 2;
const DROPPED = 3;
// Places of the state.
const LOWEST = 0;
const HIGHEST = 1;
const RATIO = 2;
const WARNED = 3;

/**
 * Adaptive window: keeps the longest past whose parts do not differ in mean, and drops its old part when a split does: |difference of means| above √(2 σ² ln(2 ÷ δ′) ÷ m) +
 * 2 R ln(2 ÷ δ′) ÷ 3m, where m is the harmonic size of the parts, δ′ = δ ÷ ln n, σ² the variance of the window and R its observed range. Splits are those between buckets of an
 * exponential histogram, so that n observations need O(log n) room. It is `drift` from a cut until the window is like what was dropped again, or is reset: the model
 * that is watched was made for that. The statistic is the largest difference in units of its bound. No law is assumed, so it is slower than `pageHinkley` and for long series.
 *
 * False alarms at the defaults, independent observations: at most 5 % of runs of 500 normal or exponential ones reach `drift`, 10 % of coins, and 10 % of normal ones `warning`.
 * Delay: a shift of one standard deviation after 100 observations is `drift` within 100 more in 95 % of runs, one of two within 30.
 *
 * Throws a usage error for settings that cut nothing. Source: A. Bifet & R. Gavaldà, Learning from Time-Changing Data with Adaptive Windowing (2007).
 */
export const adwin = (options: AdwinOptions = {}): DriftDetectorRule => {
  const { delta = 0.2, warningDelta = 0.6, least = 20, side = 5 } = options;
  const wrong = (name: string, value: number, fix: string) => usageError('bad-drift-detector', `${name} is ${value}.`, fix);
  if (!(delta > 0 && delta < warningDelta)) throw wrong('delta', delta, `It is above 0 and below warningDelta (${warningDelta}).`);
  if (!(warningDelta < 1)) throw wrong('warningDelta', warningDelta, 'It is below 1.');
  if (!(Number.isInteger(side) && side >= 1)) throw wrong('side', side, 'It is a whole number from 1 on.');
  if (!(Number.isInteger(least) && least >= 2 * side)) throw wrong('least', least, `It is a whole number from ${2 * side} on.`);

  const create = (): DriftDetector => {
    // Buckets of size 2^r at r × ROOM, oldest first.
    const buckets = moments(SIZES * ROOM);
    const held = new Uint8Array(SIZES);
    const one = moments(1);
    const sums = moments(4);
    const s = Float64Array.of(Infinity, -Infinity, 0, 0);

    const clear = (place: number): void => {
      sums.count[place] = sums.mean[place] = sums.squares[place] = 0;
    };
    /** Takes the oldest bucket of a size out. */
    const shift = (r: number): void => {
      const from = r * ROOM;
      for (let b = 1; b < held[r]!; b++) copy(buckets, from + b, buckets, from + b - 1);
      held[r]!--;
    };
    const add = (x: number): void => {
      one.count[0] = 1;
      one.mean[0] = x;
      one.squares[0] = 0;
      copy(one, 0, buckets, held[0]!++);
      for (let r = 0; held[r]! > BUCKETS; r++) {
        const from = r * ROOM;
        join(buckets, from, buckets, from + 1);
        copy(buckets, from + 1, buckets, (r + 1) * ROOM + held[r + 1]!++);
        shift(r);
        shift(r);
      }
    };
    /** Bound of the difference of two means of `a` and `b` observations. */
    const bound = (a: number, b: number, variance: number, confidence: number): number => {
      const harmonic = 1 / (1 / a + 1 / b);
      const log = Math.log((2 * Math.log(a + b)) / confidence);
      return Math.sqrt((2 * variance * log) / harmonic) + (2 * (s[HIGHEST]! - s[LOWEST]!) * log) / (3 * harmonic);
    };
    const total = (): void => {
      clear(ALL);
      for (let r = 0; r < SIZES; r++) for (let b = 0; b < held[r]!; b++) join(buckets, r * ROOM + b, sums, ALL);
    };
    /** Looks at all splits, oldest first; leaves the largest ratio and whether there is a warning, and returns how many of the oldest buckets are to go. */
    const look = (): number => {
      total();
      s[RATIO] = s[WARNED] = 0;
      let cut = 0;
      let passed = 0;
      const n = sums.count[ALL]!;
      if (n < least) return 0;
      const variance = sums.squares[ALL]! / n;
      clear(OLD);
      for (let r = SIZES - 1; r >= 0; r--)
        for (let b = 0; b < held[r]!; b++) {
          join(buckets, r * ROOM + b, sums, OLD);
          passed++;
          const a = sums.count[OLD]!;
          if (a < side || n - a < side) continue;
          const newer = (sums.mean[ALL]! * n - sums.mean[OLD]! * a) / (n - a);
          const difference = Math.abs(newer - sums.mean[OLD]!);
          const ratio = difference / Math.max(bound(a, n - a, variance, delta), Number.MIN_VALUE);
          if (difference > bound(a, n - a, variance, warningDelta)) s[WARNED] = 1;
          if (ratio > 1 && ratio > s[RATIO]!) cut = passed;
          s[RATIO] = Math.max(s[RATIO]!, ratio);
        }
      return cut;
    };
    /** Lets the oldest buckets go; the first that ever went are what the model was made for. */
    const drop = (count: number): void => {
      const first = sums.count[DROPPED] === 0;
      let left = count;
      for (let r = SIZES - 1; r >= 0; r--)
        for (; left > 0 && held[r]! > 0; left--) {
          if (first) join(buckets, r * ROOM, sums, DROPPED);
          shift(r);
        }
    };
    /** After a cut: whether the window is still unlike what was dropped. */
    const away = (): DriftLevel => {
      total();
      const [a, b] = [sums.count[DROPPED]!, sums.count[ALL]!];
      clear(NEW);
      join(sums, DROPPED, sums, NEW);
      const within = (sums.squares[DROPPED]! + sums.squares[ALL]!) / (a + b);
      const difference = Math.abs(sums.mean[ALL]! - sums.mean[DROPPED]!);
      if (b < side || difference > bound(a, b, within, warningDelta)) return 'drift';
      clear(DROPPED);
      return 'warning';
    };
    return {
      update: x => {
        if (!Number.isFinite(x)) return sums.count[DROPPED]! > 0 ? 'drift' : 'none';
        s[LOWEST] = Math.min(s[LOWEST]!, x);
        s[HIGHEST] = Math.max(s[HIGHEST]!, x);
        add(x);
        const cut = look();
        if (cut > 0) {
          drop(cut);
          return 'drift';
        }
        if (sums.count[DROPPED]! > 0) return away();
        return s[WARNED] === 1 ? 'warning' : 'none';
      },
      get statistic() {
        return s[RATIO]!;
      },
      threshold: 1,
      reset: () => {
        held.fill(0);
        for (const column of [sums.count, sums.mean, sums.squares]) column.fill(0);
        s.set([Infinity, -Infinity, 0, 0]);
      },
    };
  };
  return { kind: 'adwin', create };
};
