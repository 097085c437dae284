import type { FeeBasis } from '../costs/fees.js';
import type { Amount, Lots, Units } from '../market/units.js';

/** What the fee of a fill hangs on. `first`: of its order. Volume of inverse contracts is counted in quote currency, as their venues do. */
export const feeBasis = (u: Units, notional: Amount, lots: Lots, liquidity: 'maker' | 'taker', first: boolean, ts: number): FeeBasis =>
  u.inverse ? { notional, liquidity, first, ts, volume: u.quantity(lots) } : { notional, liquidity, first, ts };
