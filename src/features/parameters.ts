import { usageError, type UserError } from '../errors.js';

const bad = (feature: string, name: string, requirement: string, value: unknown): UserError =>
  usageError(
    'bad-feature-parameter',
    `${feature}: ${name} must be ${requirement}, not ${String(value)}.`,
    `Give ${feature} a ${name} that is ${requirement}.`,
  );

/** A whole number of bars, at least `least` (1 unless said). Throws a usage error naming feature and parameter. */
export const barCount = (feature: string, name: string, value: number, least = 1): number => {
  if (!Number.isInteger(value) || value < least || value > 0x7fffffff)
    throw bad(feature, name, `a whole number of bars, ${least} or more`, value);
  return value;
};

/** A finite number above zero. Throws a usage error naming feature and parameter. */
export const positive = (feature: string, name: string, value: number): number => {
  if (!Number.isFinite(value) || value <= 0) throw bad(feature, name, 'a number above 0', value);
  return value;
};

/** A number strictly between 0 and 1. Throws a usage error naming feature and parameter. */
export const fraction = (feature: string, name: string, value: number): number => {
  if (!(value > 0 && value < 1)) throw bad(feature, name, 'between 0 and 1', value);
  return value;
};

/** Lengths that must ascend strictly, such as fast < slow. Throws a usage error naming feature and both parameters. */
export const ascending = (feature: string, lengths: Readonly<Record<string, number>>): void => {
  const entries = Object.entries(lengths);
  entries.forEach(([name, value], i) => {
    const next = entries[i + 1];
    if (next && value >= next[1]) throw bad(feature, name, `less than ${next[0]} (${next[1]})`, value);
  });
};

/** `sma(20)`, `ema(20,high,seed=first)`: the name with its parameters, those that are undefined (left at their default) omitted. */
export const featureKey = (name: string, ...parameters: readonly (string | number | undefined)[]): string =>
  `${name}(${parameters.filter(p => p !== undefined).join(',')})`;

/** For keys: `name=value`, or nothing when the option has its default. */
export const unlessDefault = (name: string, value: string | number, standard: string | number): string | undefined =>
  value === standard ? undefined : `${name}=${value}`;
