import type { Fact } from '../../events/fact.js';
import type { Amount, Lots } from '../../market/units.js';
import { HOUR, MINUTE } from '../../time.js';

/** A settlement of funding in both. Amounts are received, in units of 1e-8; lots are those held. */
export interface SettlementPair {
  /** When the backtest settles it; when the session booked it where the backtest has none. */
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

/** Venues settle at most so far apart: what is booked later belongs to the next settlement. */
const LONGEST = 8 * HOUR;

/** Clocks of two machines. */
const EARLY = MINUTE;

/** Settlements of a stream by symbol, ascending; both legs of a hedged position are one. */
const settled = (facts: readonly Fact[]): ReadonlyMap<string, readonly Settled[]> => {
  const found = new Map<string, Settled[]>();
  for (const { ts, symbol, amount, lots } of facts.filter(fact => fact.type === 'FundingSettled')) {
    const own = found.get(symbol) ?? [];
    found.set(symbol, own);
    const last = own.at(-1);
    if (last?.ts === ts) {
      last.amount += amount;
      last.lots += lots;
    } else own.push({ ts, symbol, amount, lots });
  }
  for (const own of found.values()) own.sort((a, b) => a.ts - b.ts);
  return found;
};

const pairOf = (backtest: Settled | undefined, session: Settled | undefined): SettlementPair => {
  const { ts, symbol } = (backtest ?? session) as Settled;
  const of = backtest !== undefined && backtest.lots !== 0 ? backtest : session;
  const perLot = of === undefined || of.lots === 0 ? 0 : of.amount / of.lots;
  return { ts, symbol, session: session?.amount ?? 0, backtest: backtest?.amount ?? 0, perLot };
};

/** Settlements of session and backtest together, ascending in time, then symbol. A session hears of a rate only some time after it was due: each is paired with the first that was booked before the next was due. */
export const settlementPairs = (session: readonly Fact[], backtest: readonly Fact[]): readonly SettlementPair[] => {
  const [ours, theirs] = [settled(session), settled(backtest)];
  const pairs: SettlementPair[] = [];
  for (const symbol of new Set([...theirs.keys(), ...ours.keys()])) {
    const waiting = [...(ours.get(symbol) ?? [])];
    const due = theirs.get(symbol) ?? [];
    due.forEach((one, i) => {
      const end = Math.min(one.ts + LONGEST, due[i + 1]?.ts ?? Infinity) - EARLY;
      const at = waiting.findIndex(({ ts }) => ts >= one.ts - EARLY && ts < end);
      pairs.push(pairOf(one, at < 0 ? undefined : waiting.splice(at, 1)[0]));
    });
    for (const one of waiting) pairs.push(pairOf(undefined, one));
  }
  return pairs.sort((a, b) => a.ts - b.ts || (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
};
