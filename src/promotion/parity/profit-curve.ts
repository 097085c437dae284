import { toMoney, type Amount, type Lots, type Units } from '../../market/units.js';
import { markedAt } from './attribute-gap.js';
import type { FilledGroup, MarketPrice } from './filled-groups.js';

/** Everything that makes one side's profit, in booking units. */
export interface ProfitSide {
  /** Lots held when the comparison begins, by symbol. */
  readonly opening: ReadonlyMap<string, Lots>;
  readonly groups: readonly FilledGroup[];
  readonly funding: readonly { readonly ts: number; readonly amount: Amount }[];
}

interface Marks {
  readonly units: ReadonlyMap<string, Units>;
  readonly close: MarketPrice;
}

/** Profit between two moments, to the unit: what is held at the first is bought at its close, what is held at the last sold at its. A group belongs to the moment of its first fill. */
export const profitBetween = ({ opening, groups, funding }: ProfitSide, { units, close }: Marks, from: number, to: number): Amount => {
  const held = new Map(opening);
  let profit = 0;
  for (const group of groups)
    if (group.at < from) held.set(group.symbol, (held.get(group.symbol) ?? 0) + group.lots);
    else if (group.at < to) profit += markedAt(units.get(group.symbol)!, close, group.symbol, to, group.lots) - group.value - group.fee;
  for (const [symbol, lots] of held) {
    const u = units.get(symbol);
    if (u !== undefined) profit += markedAt(u, close, symbol, to, lots) - markedAt(u, close, symbol, from, lots);
  }
  for (const { ts, amount } of funding) if (ts >= from && ts < to) profit += amount;
  return profit;
};

/** So many points are drawn at most. */
const POINTS = 240;

/** Profit of both since `from` at bar closes. */
export const profitCurve = (
  session: ProfitSide,
  backtest: ProfitSide,
  marks: Marks,
  { from, to, barMs }: { readonly from: number; readonly to: number; readonly barMs: number },
): readonly { readonly ts: number; readonly session: number; readonly backtest: number }[] => {
  const bars = Math.max(1, Math.round((to - from) / barMs));
  const step = barMs * Math.ceil(bars / POINTS);
  const times: number[] = [];
  for (let ts = from; ts < to; ts += step) times.push(ts);
  times.push(to);
  return times.map(ts => ({
    ts,
    session: toMoney(profitBetween(session, marks, from, ts)),
    backtest: toMoney(profitBetween(backtest, marks, from, ts)),
  }));
};
