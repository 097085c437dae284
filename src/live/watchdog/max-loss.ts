import { usageError } from '../../errors.js';

/** Loss at which the watchdog steps in: an amount of the settlement asset, or a fraction of what there was. */
export type MaxLoss = { readonly kind: 'amount' | 'fraction'; readonly value: number };

/** `500`, or `5%`. Throws a usage error for anything else. */
export const parseMaxLoss = (text: string): MaxLoss => {
  const found = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const value = Number(found?.[1] ?? NaN);
  const isFraction = found?.[2] === '%';
  if (!(value > 0) || (isFraction && value > 100))
    throw usageError(
      'bad-max-loss',
      `"${text}" is no loss.`,
      'Write an amount of the settlement asset, 500, or a share of the equity, 5%.',
    );
  return isFraction ? { kind: 'fraction', value: value / 100 } : { kind: 'amount', value };
};

/** The limit as an amount. */
export const lossLimit = ({ kind, value }: MaxLoss, baseline: number): number => (kind === 'amount' ? value : value * baseline);
