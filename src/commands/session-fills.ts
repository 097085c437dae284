import type { Fact } from '../events/fact.js';
import type { Instrument } from '../market/instrument.js';
import { toMoney, units } from '../market/units.js';

/** What filled of one target: base units and the average price. */
export interface TargetFill {
  readonly ts: number;
  readonly symbol: string;
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
}

/** Fills of targets beside those of the backtest. Money in the settlement asset. */
export interface FillComparison {
  /** Targets of which something filled in both. */
  readonly pairs: number;
  /** Pairs with the same quantity at the same price and fee. */
  readonly equal: number;
  /** Mean of what the session paid more for a unit than the backtest, basis points of the price; negative when it paid less. Null without pairs. */
  readonly costBps: number | null;
  /** Fees of the session less those of the backtest. */
  readonly fees: number;
  /** Targets that filled in one only. */
  readonly alone: number;
}

/** Signed fills by the bar and symbol of the target behind them. */
export const targetFills = (facts: readonly Fact[], barMs: number, instruments: readonly Instrument[]): ReadonlyMap<string, TargetFill> => {
  const unitsOf = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  const targets = new Map<number, string>();
  const orders = new Map<string, string>();
  const found = new Map<string, { ts: number; symbol: string; quantity: number; value: number; fee: number }>();
  for (const fact of facts)
    if (fact.type === 'TargetSet') targets.set(fact.seq, `${Math.floor(fact.ts / barMs) * barMs}|${fact.symbol}`);
    else if (fact.type === 'OrderApproved') {
      const key = targets.get(fact.correlationId);
      if (key !== undefined) orders.set(fact.ticket.orderId, key);
    } else if (fact.type === 'OrderFilled') {
      const key = orders.get(fact.orderId);
      const u = unitsOf.get(fact.symbol);
      if (key === undefined || u === undefined) continue;
      const quantity = u.quantity(fact.side === 'buy' ? fact.lots : -fact.lots);
      const before = found.get(key) ?? { ts: fact.ts, symbol: fact.symbol, quantity: 0, value: 0, fee: 0 };
      before.quantity += quantity;
      before.value += quantity * u.price(fact.price);
      before.fee += toMoney(fact.fee);
      found.set(key, before);
    }
  return new Map([...found].map(([key, { value, ...each }]) => [key, { ...each, price: value / each.quantity }]));
};

/** Compares what filled in a session with what filled in the backtest of the same targets. */
export const compareFills = (backtest: ReadonlyMap<string, TargetFill>, session: ReadonlyMap<string, TargetFill>): FillComparison => {
  const keys = [...new Set([...backtest.keys(), ...session.keys()])].sort();
  let [pairs, equal, bps, fees, alone] = [0, 0, 0, 0, 0];
  for (const key of keys) {
    const [a, b] = [backtest.get(key), session.get(key)];
    if (!a || !b) {
      alone++;
      continue;
    }
    pairs++;
    if (a.quantity === b.quantity && a.price === b.price && a.fee === b.fee) equal++;
    bps += ((b.price - a.price) / a.price) * Math.sign(b.quantity) * 1e4;
    fees += b.fee - a.fee;
  }
  return { pairs, equal, costBps: pairs === 0 ? null : bps / pairs, fees, alone };
};
