import { usageError } from '../../errors.js';

/** How many histories to simulate, and from which seed. */
export interface MonteCarloOptions {
  readonly samples: number;
  readonly seed: number | string;
}

/** Throws a usage error unless there is a positive whole number of samples. */
export const checkSamples = ({ samples }: MonteCarloOptions): void => {
  if (!(Number.isInteger(samples) && samples > 0))
    throw usageError('bad-monte-carlo', `${samples} is not a number of simulations.`, 'Use 1000.');
};
