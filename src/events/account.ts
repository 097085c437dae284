import type { FactOf } from './fact.js';
import type { OrderId, PositionSide } from './order.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots } from '../market/units.js';

/** Funding was charged at `ts` on the position held then; positive is received. */
export type FundingSettled = FactOf<
  'FundingSettled',
  { symbol: Symbol; rate: number; lots: Lots; markPrice: number; amount: Amount; positionSide?: PositionSide }
>;
/** Equity no longer covered the maintenance margin: the venue closed everything. */
export type AccountLiquidated = FactOf<'AccountLiquidated', { equity: Amount; maintenance: Amount }>;
/**
 * The venue closed a position, or part of it, because its margin no longer covered the maintenance margin at the mark price. The closing trades are `OrderFilled` facts of `orderId`; this one says
 * why and posts what comes on top: `fee` is the liquidation fee (paid), `insurance` what the insurance fund paid for a loss beyond the margin (received).
 */
export type PositionLiquidated = FactOf<
  'PositionLiquidated',
  {
    symbol: Symbol;
    orderId: OrderId;
    /** Hedge mode only. */
    positionSide?: PositionSide;
    /** Signed lots before and after. */
    before: Lots;
    after: Lots;
    markPrice: number;
    /** Price at which the position's margin is used up, quote currency; NaN where none is. */
    bankruptcyPrice: number;
    /** Margin of the position (isolated) or equity of the account (cross) at the mark, and the maintenance margin it had to cover. */
    margin: Amount;
    maintenance: Amount;
    fee: Amount;
    insurance: Amount;
  }
>;
/** The risk state changed; HALTED lets nothing through but reductions. */
export type RiskStateChanged = FactOf<'RiskStateChanged', { state: 'ACTIVE' | 'REDUCING' | 'HALTED'; code: string; text: string }>;

export type AccountFact = FundingSettled | AccountLiquidated | PositionLiquidated | RiskStateChanged;
