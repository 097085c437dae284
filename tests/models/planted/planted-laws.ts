import type { TrainingRows } from '../../../src/models/training-rows.js';
import { random, type Random } from '../../../src/random.js';
import { normalCdf, normalDensity } from '../../../src/statistics/normal.js';

/** Probabilities of a fall below −band, of nothing and of a rise above it, of a normal return of standard deviation 1 around a mean. */
export const probabilitiesAround = (mean: number, band: number): readonly [number, number, number] => {
  const down = normalCdf(-band - mean);
  const up = 1 - normalCdf(band - mean);
  return [down, 1 - down - up, up];
};

const entropy = (p: readonly number[]): number => p.reduce((h, q) => h - (q > 0 ? q * Math.log(q) : 0), 0);

/** 1 − conditional entropy ÷ entropy of the class shares, where the mean of the return is normal around 0: by the trapezoidal rule over ±9 standard deviations. */
export const boundForNormalMean = (sdOfMean: number, band: number): number => {
  const steps = 4000;
  const shares = [0, 0, 0];
  let conditional = 0;
  let mass = 0;
  for (let k = 0; k <= steps; k++) {
    const z = -9 + (18 * k) / steps;
    const w = normalDensity(z);
    const p = probabilitiesAround(sdOfMean * z, band);
    p.forEach((q, c) => (shares[c]! += w * q));
    conditional += w * entropy(p);
    mass += w;
  }
  return 1 - conditional / mass / entropy(shares.map(s => s / mass));
};

/** The same where the mean is +drift or −drift, each half of the time. */
export const boundForTwoDrifts = (drift: number, band: number): number => {
  const [down, flat, up] = probabilitiesAround(drift, band);
  const shares = [(down + up) / 2, flat, (down + up) / 2];
  return 1 - entropy([down, flat, up]) / entropy(shares);
};

/** Rows from features and returns; the class is the return's side of the band. */
const rowsFrom = (features: readonly (readonly number[])[], returns: readonly number[], band: number): TrainingRows => {
  const count = returns.length;
  const width = features[0]!.length;
  return {
    count,
    width,
    names: Array.from({ length: width }, (_, j) => `feature ${j}`),
    x: Float64Array.from(features.flat()),
    label: Uint8Array.from(returns, r => (r < -band ? 0 : r > band ? 2 : 1)),
    outcome: Float64Array.from(returns, r => 0.01 * r),
    scale: new Float64Array(count).fill(0.01),
    weight: new Float64Array(count).fill(1),
    group: new Int32Array(count),
    ts: Float64Array.from({ length: count }, (_, i) => i * 3_600_000),
  };
};

/** A law of returns, and what of it forecasts can know at most. */
export interface PlantedLaw {
  readonly rows: (count: number, seed: string) => TrainingRows;
  /** Skill in log loss over the class shares of a forecaster that knows the law. */
  readonly bound: number;
}

const noise = (draw: Random, columns: number): number[] => Array.from({ length: columns }, () => draw.normal());

/** Next return = φ × last return + noise. Features: the last three returns and four columns of noise. */
export const autoregressive = (phi: number, band: number): PlantedLaw => ({
  rows: (count, seed) => {
    const draw = random(`autoregressive/${seed}`);
    const sd = 1 / Math.sqrt(1 - phi * phi);
    const returns = [sd * draw.normal()];
    while (returns.length < count + 3) returns.push(phi * returns.at(-1)! + draw.normal());
    const features = Array.from({ length: count }, (_, i) => [
      returns[i + 2]! / sd,
      returns[i + 1]! / sd,
      returns[i]! / sd,
      ...noise(draw, 4),
    ]);
    return rowsFrom(features, returns.slice(3), band);
  },
  bound: boundForNormalMean(phi / Math.sqrt(1 - phi * phi), band),
});

/** A state that is seen and lasts fifty bars on average. */
const regimes = (draw: Random, count: number): number[] => {
  const state = [draw.next() < 0.5 ? -1 : 1];
  while (state.length < count) state.push(draw.next() < 0.02 ? -state.at(-1)! : state.at(-1)!);
  return state;
};

/** Next return = drift × state + noise. Features: the state and five columns of noise. */
export const switchingDrift = (drift: number, band: number): PlantedLaw => ({
  rows: (count, seed) => {
    const draw = random(`switching drift/${seed}`);
    const state = regimes(draw, count);
    const returns = state.map(s => drift * s + draw.normal());
    return rowsFrom(
      state.map(s => [s, ...noise(draw, 5)]),
      returns,
      band,
    );
  },
  bound: boundForTwoDrifts(drift, band),
});

/**
 * Next return = φ × state × last return + noise: momentum in one regime, reversal in the other, and nothing that is linear. Whatever the states were, returns are normal with
 * variance 1 ÷ (1 − φ²). Features: the last return, the state and four columns of noise.
 */
export const switchingMomentum = (phi: number, band: number): PlantedLaw => ({
  rows: (count, seed) => {
    const draw = random(`switching momentum/${seed}`);
    const sd = 1 / Math.sqrt(1 - phi * phi);
    const state = regimes(draw, count);
    const returns = [sd * draw.normal()];
    for (const s of state) returns.push(phi * s * returns.at(-1)! + draw.normal());
    return rowsFrom(
      state.map((s, i) => [returns[i]! / sd, s, ...noise(draw, 4)]),
      returns.slice(1),
      band,
    );
  },
  bound: boundForNormalMean(phi / Math.sqrt(1 - phi * phi), band),
});
