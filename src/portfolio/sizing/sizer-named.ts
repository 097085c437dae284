import { fixedFraction } from './fixed-fraction.js';
import { fractionalKelly, type KellyLaw } from './fractional-kelly.js';
import type { Sizer } from './sizer.js';
import { volatilityTarget } from './volatility-target.js';

/** A sizer and its parameters, as a configuration names them. */
type SizerChoice =
  | { readonly kind: 'fractional-kelly'; readonly fraction: number; readonly law: KellyLaw }
  | { readonly kind: 'volatility-target'; readonly perYear: number }
  | { readonly kind: 'fixed-fraction'; readonly risk: number };

/** The sizer that a configuration names. */
export const sizerNamed = (choice: SizerChoice): Sizer => {
  switch (choice.kind) {
    case 'fractional-kelly':
      return fractionalKelly(choice);
    case 'volatility-target':
      return volatilityTarget(choice);
    case 'fixed-fraction':
      return fixedFraction(choice);
  }
};
