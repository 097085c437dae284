import type { RunConfig } from '../../src/engine/run-config.js';

/** The costs of a market order as most backtesters take them, in percent of the price: the taker's fee and half the spread. Impact and funding they do not know. */
export const takerCosts = ({ fees, slippage }: RunConfig): { readonly fee: number; readonly slippage: number } => {
  if (fees.kind !== 'maker-taker' || slippage.kind !== 'sqrt-impact') throw new RangeError('the rivals know no other models');
  return { fee: fees.taker * 100, slippage: slippage.spreadBps / 200 };
};
