import type { Params } from '../engine/run-result.js';
import { contentHash } from './job-store.js';

/** Hex digits of a hash that are read as a number, exact in a double, and how many such numbers there are. */
const DIGITS = 12;
const PLACES = 281_474_976_710_656;

/**
 * Whether a configuration belongs to a sample of about `wanted` out of `expected`: by its hash, so that neither the order of proposal nor an interruption matters. All belong to it
 * where no more than `wanted` are expected.
 */
export const inSample = (
  params: Params,
  { wanted, expected, seed }: { readonly wanted: number; readonly expected: number; readonly seed: number | string },
): boolean => {
  if (expected <= wanted) return true;
  return parseInt(contentHash({ params, seed }).slice(0, DIGITS), 16) < (wanted / expected) * PLACES;
};
