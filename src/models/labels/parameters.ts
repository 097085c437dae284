import { usageError, type UserError } from '../../errors.js';

const bad = (label: string, name: string, requirement: string, value: unknown): UserError =>
  usageError(
    'bad-label-parameter',
    `${label}: ${name} must be ${requirement}, not ${String(value)}.`,
    `Give ${label} a ${name} that is ${requirement}.`,
  );

/** A whole number of bars ahead, 1 to 100,000. Throws a usage error naming the label. */
export const horizonOf = (label: string, value: number): number => {
  if (!Number.isInteger(value) || value < 1 || value > 100_000) throw bad(label, 'horizon', 'a whole number of bars, 1 to 100000', value);
  return value;
};

/** A finite number, 0 or more. Throws a usage error naming label and parameter. */
export const notNegative = (label: string, name: string, value: number): number => {
  if (!(Number.isFinite(value) && value >= 0)) throw bad(label, name, 'a number, 0 or more', value);
  return value;
};

/** A finite number above 0. Throws a usage error naming label and parameter. */
export const aboveZero = (label: string, name: string, value: number): number => {
  if (!(Number.isFinite(value) && value > 0)) throw bad(label, name, 'a number above 0', value);
  return value;
};
