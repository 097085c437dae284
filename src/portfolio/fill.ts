import type { PositionSide } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';

/** One execution, in market units, as a report or a CSV shows it. The booked integers are in the journal. */
export interface Fill {
  readonly seq: number;
  readonly ts: number;
  readonly symbol: Symbol;
  readonly orderId: string;
  readonly side: 'buy' | 'sell';
  /** Quote currency. */
  readonly price: number;
  /** Base units, positive. */
  readonly quantity: number;
  /** Quote currency; negative is a rebate. */
  readonly fee: number;
  /** What slippage cost against the path's price, quote currency, ≥ 0. */
  readonly slippage: number;
  readonly liquidity: 'maker' | 'taker';
  /** PnL realised by this fill before fees, quote currency; 0 when it only opens. */
  readonly realised: number;
  /** The reason that the intent behind the order gave. */
  readonly reason: string;
  /** Hedge mode only: the leg it belongs to. */
  readonly positionSide?: PositionSide;
}

/** A closed round trip: from flat (or a reversal) to flat (or the next reversal) in one symbol. */
export interface RoundTrip {
  readonly symbol: Symbol;
  readonly side: 'long' | 'short';
  readonly entryTs: number;
  readonly exitTs: number;
  /** Average prices over all fills of the trip, quote currency. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Largest quantity held during the trip, base units. */
  readonly quantity: number;
  /** Realised price PnL before costs, quote currency. */
  readonly grossPnl: number;
  readonly fees: number;
  /** Slippage paid inside the fill prices (already part of grossPnl), quote currency. */
  readonly slippage: number;
  /** Funding received (+) or paid (−) while held. */
  readonly funding: number;
  /** grossPnl − fees + funding. */
  readonly netPnl: number;
  /** netPnl ÷ (entryPrice × quantity). */
  readonly netReturn: number;
  readonly entryReason: string;
  readonly exitReason: string;
}

/** One settled funding payment. */
export interface FundingPayment {
  /** Place in the stream: tells a payment from the fills of its own instant. Without it the payment counts as the earlier. */
  readonly seq?: number;
  readonly ts: number;
  readonly symbol: Symbol;
  readonly rate: number;
  /** Signed base units held at settlement. */
  readonly quantity: number;
  readonly markPrice: number;
  /** Settlement asset, received (+) or paid (−). */
  readonly amount: number;
  readonly positionSide?: PositionSide;
}

/** A position that the venue closed, or reduced, for want of margin. Money in the settlement asset, quantities signed. */
export interface Liquidation {
  readonly ts: number;
  readonly symbol: Symbol;
  readonly positionSide?: PositionSide;
  readonly before: number;
  readonly after: number;
  readonly markPrice: number;
  readonly bankruptcyPrice: number;
  /** What the position or the account had, and the maintenance margin that it needed. */
  readonly margin: number;
  readonly maintenance: number;
  readonly fee: number;
  /** What the insurance fund paid for a loss beyond the margin. */
  readonly insurance: number;
}
