import type { Track } from './metric.js';

/** What metrics read off the returns of a run, all per period. */
export interface ReturnMoments {
  /** As `mean`, and `standardDeviation` with divisor n − 1. */
  readonly mean: number;
  readonly deviation: number;
  /** As `skewness` and `excessKurtosis`. */
  readonly skewness: number;
  readonly excessKurtosis: number;
  /** As `downsideDeviation` from a target of 0. */
  readonly downside: number;
  /** Sum of all positive returns, and of all negative ones without their sign. */
  readonly gains: number;
  readonly losses: number;
}

/** Two passes for all of them, with sums added as `sum` adds them: each figure has the bits that its own function gives. */
const returnMoments = ({ returns }: Track): ReturnMoments => {
  const n = returns.length;
  const start = returns[0] ?? NaN;
  let isSame = true;
  let [total, lost] = [0, 0];
  let [gains, lostGains] = [0, 0];
  let [losses, lostLosses] = [0, 0];
  let [short, lostShort] = [0, 0];
  for (let i = 0; i < n; i++) {
    const r = returns[i]!;
    if (r !== start) isSame = false;
    const next = total + r;
    lost += Math.abs(total) >= Math.abs(r) ? total - next + r : r - next + total;
    total = next;
    if (r > 0) {
      const more = gains + r;
      lostGains += gains >= r ? gains - more + r : r - more + gains;
      gains = more;
    } else if (r < 0) {
      const loss = -r;
      const more = losses + loss;
      lostLosses += losses >= loss ? losses - more + loss : loss - more + losses;
      losses = more;
      const square = r * r;
      const farther = short + square;
      lostShort += short >= square ? short - farther + square : square - farther + short;
      short = farther;
    }
  }
  const added = (sum: number, rest: number): number => (Number.isFinite(rest) ? sum + rest : sum);
  const mean = n === 0 ? NaN : isSame ? start : added(total, lost) / n;
  let [second, lostSecond] = [0, 0];
  let [third, lostThird] = [0, 0];
  let [fourth, lostFourth] = [0, 0];
  for (let i = 0; i < n; i++) {
    const d = returns[i]! - mean;
    const d2 = d * d;
    const d3 = d2 * d;
    const d4 = d3 * d;
    const next2 = second + d2;
    lostSecond += second >= d2 ? second - next2 + d2 : d2 - next2 + second;
    second = next2;
    const next3 = third + d3;
    lostThird += Math.abs(third) >= Math.abs(d3) ? third - next3 + d3 : d3 - next3 + third;
    third = next3;
    const next4 = fourth + d4;
    lostFourth += fourth >= d4 ? fourth - next4 + d4 : d4 - next4 + fourth;
    fourth = next4;
  }
  const m2 = added(second, lostSecond) / n;
  const m3 = added(third, lostThird) / n;
  const m4 = added(fourth, lostFourth) / n;
  return {
    mean,
    deviation: Math.sqrt(n <= 1 ? NaN : (m2 * n) / (n - 1)),
    skewness: m3 / (m2 * Math.sqrt(m2)),
    excessKurtosis: m4 / (m2 * m2) - 3,
    downside: Math.sqrt(added(short, lostShort) / n),
    gains: added(gains, lostGains),
    losses: added(losses, lostLosses),
  };
};

const kept = new WeakMap<Track, ReturnMoments>();

/** Moments of a run's returns, made once. */
export const momentsOf = (track: Track): ReturnMoments => {
  const known = kept.get(track);
  if (known) return known;
  const made = returnMoments(track);
  kept.set(track, made);
  return made;
};
