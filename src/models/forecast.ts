/** Outcome classes of a label, in the order of every probability vector: 0 down, 1 flat (inside the no-trade band), 2 up. */
export type Outcome = 0 | 1 | 2;
/** Number of outcome classes. */
export const OUTCOMES = 3;

/**
 * What is expected over a stated horizon: probabilities of a fall, of nothing worth trading and of a rise (they add up to 1), and mean and standard deviation of the
 * return as fractions. Mutable, because a predictor writes into one that its caller reuses.
 */
export interface Forecast {
  down: number;
  flat: number;
  up: number;
  /** Expected return over the horizon, a fraction. */
  mean: number;
  /** Standard deviation of that return, a fraction. */
  sd: number;
}

/** A forecast to be written into: NaN throughout, which is what a model that is not there says. */
export const noForecast = (): Forecast => ({ down: NaN, flat: NaN, up: NaN, mean: NaN, sd: NaN });
