import type { FactOf } from './fact.js';
import type { OrderId, PositionSide, Side } from './order.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots, Ticks } from '../market/units.js';

/** Funding was charged at `ts` on the position held then; positive is received. */
export type FundingSettled = FactOf<
  'FundingSettled',
  {
    symbol: Symbol;
    rate: number;
    lots: Lots;
    markPrice: number;
    amount: Amount;
    positionSide?: PositionSide;
    /** A real venue's name for the entry in its income ledger; the same one is never booked twice. */
    income?: string;
  }
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
/**
 * The position changed by an execution that no order of ours asked for: the venue liquidated or deleveraged it, or somebody traded by hand on the account. Booked like a fill; limits are looked at
 * again and the strategy is told.
 */
export type ExternalFilled = FactOf<
  'ExternalFilled',
  {
    symbol: Symbol;
    side: Side;
    price: Ticks;
    lots: Lots;
    fee: Amount;
    realised: Amount;
    cause: 'liquidation' | 'adl' | 'manual' | 'settlement';
    execution: string;
    /** As the venue names it; empty when it does not. */
    venueOrderId: string;
    positionSide?: PositionSide;
  }
>;
/**
 * The venue holds another position than the journal says and no execution explains it: the difference is adopted, as one fact, at the venue's average price. The venue is right about what the position is,
 * the journal about why.
 */
export type PositionAdopted = FactOf<
  'PositionAdopted',
  { symbol: Symbol; before: Lots; after: Lots; price: Ticks; code: string; text: string; positionSide?: PositionSide }
>;
/**
 * Cash of the account changed by something else than trading and funding: a deposit, a withdrawal, a transfer, a rebate, or a difference that the venue's ledger does not explain (`adopted`). Amount in
 * the settlement asset, positive is received.
 */
export type CashMoved = FactOf<
  'CashMoved',
  {
    kind: 'opening' | 'deposit' | 'withdrawal' | 'transfer' | 'fee' | 'rebate' | 'insurance' | 'other' | 'adopted';
    amount: Amount;
    /** The asset that moved, and how much of it, where it is not the settlement asset: `amount` is its value then. */
    moved?: { readonly asset: string; readonly amount: Amount };
    /** The venue's name for the entry; empty when it has none. */
    income: string;
    text: string;
  }
>;
/** The risk state changed; HALTED lets nothing through but reductions. */
export type RiskStateChanged = FactOf<'RiskStateChanged', { state: 'ACTIVE' | 'REDUCING' | 'HALTED'; code: string; text: string }>;

/**
 * What marks have shown so far, for a restart: no other fact has it. `drawdown` is the peak of equity and its latest mark; `day` the day since the epoch, its opening equity, the latest equity, and 1 when its
 * loss was reported; `streak` the losing round trips in a row. Null is not known.
 */
export type RiskRemembered = FactOf<
  'RiskRemembered',
  { drawdown: readonly (number | null)[]; day: readonly (number | null)[]; streak: number }
>;

export type AccountFact =
  | FundingSettled
  | AccountLiquidated
  | PositionLiquidated
  | ExternalFilled
  | PositionAdopted
  | CashMoved
  | RiskRemembered
  | RiskStateChanged;
