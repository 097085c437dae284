import type { Fact } from '../../events/fact.js';
import type { Amount, Lots } from '../../market/units.js';
import { MINUTE } from '../../time.js';

/** A settlement of funding in both. Amounts are received, in units of 1e-8; lots are those held. */
export interface SettlementPair {
  readonly ts: number;
  readonly symbol: string;
  readonly session: Amount;
  readonly backtest: Amount;
  /** What a lot held received, as the backtest has it; as the session has it where the backtest held nothing. */
  readonly perLot: number;
}

interface Settled {
  readonly ts: number;
  readonly symbol: string;
  amount: Amount;
  lots: Lots;
}

/** A venue books a settlement some moments after it was due. */
const settled = (facts: readonly Fact[]): ReadonlyMap<string, Settled> => {
  const found = new Map<string, Settled>();
  for (const fact of facts) {
    if (fact.type !== 'FundingSettled') continue;
    const key = `${Math.floor(fact.ts / MINUTE)}|${fact.symbol}`;
    const one = found.get(key) ?? { ts: fact.ts, symbol: fact.symbol, amount: 0, lots: 0 };
    one.amount += fact.amount;
    one.lots += fact.lots;
    found.set(key, one);
  }
  return found;
};

/** Settlements of session and backtest by minute and symbol, ascending in time, then symbol. */
export const settlementPairs = (session: readonly Fact[], backtest: readonly Fact[]): readonly SettlementPair[] => {
  const [ours, theirs] = [settled(session), settled(backtest)];
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .map((key): SettlementPair => {
      const [a, b] = [theirs.get(key), ours.get(key)];
      const { ts, symbol } = (a ?? b) as Settled;
      const of = a !== undefined && a.lots !== 0 ? a : b;
      const perLot = of === undefined || of.lots === 0 ? 0 : of.amount / of.lots;
      return { ts, symbol, session: b?.amount ?? 0, backtest: a?.amount ?? 0, perLot };
    })
    .sort((a, b) => a.ts - b.ts || (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
};
