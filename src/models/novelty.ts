import type { TrainingRows } from './training-rows.js';

/** What is known of the training rows' place: by feature its centre and spread, and quantiles of the rows' own distances. */
export type NoveltyState = {
  readonly centre: readonly number[];
  readonly spread: readonly number[];
  readonly distances: readonly number[];
};

/** Quantiles of the distances that are kept, and rows that they are taken from. */
const QUANTILES = 101;
const ROWS = 2000;
/** One feature counts no more than this many spreads: a single broken column is no new world. */
const FAR = 5;

const distance = (x: Float64Array, offset: number, centre: Float64Array, spread: Float64Array): number => {
  let sum = 0;
  let n = 0;
  for (let k = 0; k < centre.length; k++) {
    const z = (x[offset + k]! - centre[k]!) / spread[k]!;
    if (z !== z) continue;
    const d = z > FAR || z < -FAR ? FAR : z;
    sum += d * d;
    n++;
  }
  return n === 0 ? 0 : Math.sqrt(sum / n);
};

/**
 * Learns how far training rows lie from their middle: root mean squared distance over the features in units of each one's spread. Only the diagonal: with sixty correlated columns a
 * full covariance of half a year of overlapping rows is mostly noise. NaN is passed over.
 */
export const fitNovelty = ({ count, width, x }: TrainingRows): NoveltyState => {
  const centre = new Float64Array(width);
  const spread = new Float64Array(width).fill(1);
  for (let k = 0; k < width; k++) {
    let [n, mean, square] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const value = x[i * width + k]!;
      if (value !== value) continue;
      n++;
      const delta = value - mean;
      mean += delta / n;
      square += delta * (value - mean);
    }
    centre[k] = mean;
    const sd = n > 1 ? Math.sqrt(square / (n - 1)) : 0;
    spread[k] = sd > 0 ? sd : 1;
  }
  const every = Math.max(1, Math.floor(count / ROWS));
  const sample: number[] = [];
  for (let i = 0; i < count; i += every) sample.push(distance(x, i * width, centre, spread));
  const sorted = Float64Array.from(sample).sort();
  const distances = Array.from({ length: QUANTILES }, (_, q) => sorted[Math.round((q * (sorted.length - 1)) / (QUANTILES - 1))] ?? 0);
  return { centre: Array.from(centre), spread: Array.from(spread), distances };
};

/**
 * How unlike the training rows a row is, 0…1: nothing up to their median distance, then their share that lies nearer, doubled past the half, and 1 beyond the farthest. Allocates
 * nothing once made.
 */
export const novelty = (state: NoveltyState): ((x: Float64Array, offset: number) => number) => {
  const centre = Float64Array.from(state.centre);
  const spread = Float64Array.from(state.spread);
  const distances = Float64Array.from(state.distances);
  return (x, offset) => {
    const d = distance(x, offset, centre, spread);
    let [low, high] = [0, distances.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (distances[middle]! < d) low = middle + 1;
      else high = middle;
    }
    return Math.min(1, Math.max(0, (2 * low) / distances.length - 1));
  };
};

/** Moves three probabilities from `offset` toward `prior` by the share `amount`, 0…1: what is unlike anything seen is forecast as usual. */
export const shrink = (probability: Float64Array, offset: number, prior: readonly number[], amount: number): void => {
  for (let c = 0; c < 3; c++) probability[offset + c] = (1 - amount) * probability[offset + c]! + amount * prior[c]!;
};
