import { usageError } from '../errors.js';
import { OUTCOMES } from './forecast.js';

/** Fewer rows than this teach nothing that chance would not. */
const FEWEST = 30;

/**
 * Throws a usage error when the labels of some rows cannot be learned from: fewer than 30, or all of one class, so that no boundary lies
 * between them. `model` names the forecaster in the message.
 */
export const requireLearnable = (model: string, label: Uint8Array): void => {
  if (label.length < FEWEST)
    throw usageError(
      'too-few-rows',
      `${model} cannot learn from ${label.length} rows; it needs ${FEWEST}.`,
      'Use a longer history before the first training, or a shorter lookback.',
    );
  const seen = new Set(label);
  if (seen.size < 2)
    throw usageError(
      'one-class',
      `${model} cannot learn from ${label.length} rows that all ended in the same of ${OUTCOMES} classes.`,
      'Use a narrower band, another horizon or a longer history.',
    );
};
