import type { Fact } from '../../events/fact.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { toMoney, unitsOf } from '../../market/units.js';

/** One trade. Money in the settlement asset, prices in quote currency, quantities in base units. */
export interface RecordedFill {
  readonly seq: number;
  readonly ts: number;
  readonly strategy: string;
  readonly orderId: string;
  readonly symbol: Symbol;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  readonly fee: number;
  readonly realised: number;
  readonly liquidity: 'maker' | 'taker' | null;
  /** `strategy`, or who else traded: liquidation, adl, manual, settlement. */
  readonly cause: string;
}

/** The trade that a fact is; null for one that is none, or whose symbol has no instrument. */
export const fillOf = (fact: Fact, instrumentOf: (symbol: Symbol) => Instrument | undefined): RecordedFill | null => {
  if (fact.type !== 'OrderFilled' && fact.type !== 'ExternalFilled') return null;
  const instrument = instrumentOf(fact.symbol);
  if (instrument === undefined) return null;
  const u = unitsOf(instrument);
  const { seq, ts, strategy, symbol, side } = fact;
  return {
    seq,
    ts,
    strategy,
    orderId: fact.type === 'OrderFilled' ? fact.orderId : fact.venueOrderId,
    symbol,
    side,
    price: u.price(fact.price),
    quantity: u.quantity(fact.lots),
    fee: toMoney(fact.fee),
    realised: toMoney(fact.realised),
    liquidity: fact.type === 'OrderFilled' ? fact.liquidity : null,
    cause: fact.type === 'OrderFilled' ? 'strategy' : fact.cause,
  };
};
