import type { RunConfig } from './run-config.js';

/**
 * What entering and leaving as a taker costs at least, a fraction of notional: both fees and the spread. The impact of size comes on top and is not in it, for it depends on
 * an order that does not exist yet; nor is a fixed fee per order.
 */
export const roundTripCost = ({ fees, slippage }: Pick<RunConfig, 'fees' | 'slippage'>): number => {
  const fee = fees.kind === 'maker-taker' ? fees.taker : fees.kind === 'per-order' ? fees.rate : (fees.tiers[0]?.taker ?? 0);
  const slip = slippage.kind === 'none' ? 0 : slippage.kind === 'fixed-bps' ? slippage.bps / 10_000 : slippage.spreadBps / 20_000;
  // Twelve digits: it becomes part of names.
  return Number((2 * (fee + slip)).toPrecision(12));
};
