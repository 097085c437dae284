import { VenueFailure } from '../venue-transport.js';

/** Decimal places of a step as it is written: 0.001 → 3, 1e-7 → 7, 5 → 0. */
const placesOf = (step: number): number => {
  const [digits = '', exponent = '0'] = step.toString().split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
};

/**
 * A price or quantity as a venue wants to read it: the whole number of steps that it already is, without the tail of binary fractions (3 × 0.1 is `0.3`). Nothing is rounded: what is no whole number of steps fails as `refused`, for
 * ccxt's own rounding would put a buy up a tick and a size down a lot.
 */
export const stepText = (value: number, step: number, what: string): string => {
  const steps = Math.round(value / step);
  if (!(value > 0) || Math.abs(value / step - steps) > 1e-6 + steps * 1e-15 || !Number.isSafeInteger(steps))
    throw new VenueFailure('refused', 'off-grid', `${what} ${value} is not a whole number of ${step}.`);
  return (steps * step).toFixed(placesOf(step));
};
