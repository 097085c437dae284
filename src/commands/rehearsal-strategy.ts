import { order } from '../strategies/intent.js';
import { defineStrategy, type Strategy } from '../strategies/strategy.js';

/** In the place of a bundle's hash in a manifest: this code is the platform's own, and nobody's decisions. */
export const REHEARSAL_CODE = 'rehearsal';

/** The smallest order that a venue takes, at a price at which nobody trades. */
export interface RehearsalOrder {
  readonly symbol: string;
  /** Fraction of the price that it rests below. */
  readonly distance: number;
  readonly quantityAt: (limit: number) => number;
  /** The account holds long and short apart. */
  readonly hedge: boolean;
}

/** Rests one order each time that it is asked to. */
export interface RehearsalStrategy {
  readonly strategy: Strategy;
  /** With the next bar. */
  place(): void;
}

export const rehearsalStrategy = ({ symbol, distance, quantityAt, hedge }: RehearsalOrder): RehearsalStrategy => {
  let isAsked = false;
  return {
    place: () => {
      isAsked = true;
    },
    strategy: defineStrategy({
      name: 'rehearsal',
      params: {},
      decide: bar => {
        if (!isAsked || bar.symbol !== symbol) return undefined;
        isAsked = false;
        const limit = bar.close * (1 - distance);
        const side = hedge ? ({ positionSide: 'long' } as const) : {};
        return order({ symbol, side: 'buy', quantity: quantityAt(limit), limit, postOnly: true, reason: 'rehearsal', ...side });
      },
    }),
  };
};
