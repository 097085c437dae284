import { canonicalJson } from '../../datasets/canonical-json.js';
import type { Json } from '../../models/forecaster.js';
import { identityDifferences, type IdentityDifference } from '../../models/registry/identity-differences.js';
import type { PinFault } from './pin-fault.js';

/** Long lists are not printed whole. */
const LONGEST = 80;

const shown = (value: Json | undefined): string => {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

/** Data as JSON holds it, without what is undefined. */
const plain = (value: object): Json => JSON.parse(canonicalJson(value)) as Json;

const TITLES = { params: 'parameter ', config: '', recipe: 'recipe ' };

const fault = (pin: keyof typeof TITLES, { path, left, right }: IdentityDifference): PinFault => ({
  pin,
  name: path,
  text: `${TITLES[pin]}${path}: ${shown(left)} when promoted, ${shown(right)} now.`,
});

/** Fields in which two sets of terms differ, by their path: parameters, a configuration, a recipe. */
export const checkTerms = (pin: keyof typeof TITLES, pinned: object, now: object): readonly PinFault[] =>
  identityDifferences(plain(pinned), plain(now)).map(difference => fault(pin, difference));
