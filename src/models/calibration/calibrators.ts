import { didYouMean, usageError } from '../../errors.js';
import { beta } from './beta.js';
import type { Calibrator } from './calibrator.js';
import { isotonic } from './isotonic.js';
import { platt } from './platt.js';
import { temperature } from './temperature.js';

/** Leaves probabilities as they are. */
export const identity = (): Calibrator => ({ kind: 'identity', options: {}, fit: () => null, calibration: () => () => undefined });

/** Every calibrator by name. */
export const CALIBRATORS: Readonly<Record<string, () => Calibrator>> = { identity, temperature, platt, beta, isotonic };

/** The calibrator of that name; throws a usage error for a name that is none. */
export const calibratorByName = (name: string): Calibrator => {
  const make = CALIBRATORS[name];
  if (make) return make();
  const names = Object.keys(CALIBRATORS);
  throw usageError(
    'unknown-calibrator',
    `There is no calibrator "${name}".${didYouMean(name, names)}`,
    `Choose one of ${names.join(', ')}.`,
  );
};
