import { toMoney, type Amount, type Lots, type Units } from '../../market/units.js';
import { causeIndex, noAmounts, wholeAmounts, type CauseAmounts } from './cause-amounts.js';
import { lotValue, type FilledGroup, type MarketPrice } from './filled-groups.js';
import type { DecisionPair } from './pair-decisions.js';
import { priceGap } from './price-gap.js';
import { quantityByCause } from './quantity-gap.js';
import type { SettlementPair } from './settlement-pairs.js';

/** What both did, in booking units. */
export interface GapInput {
  readonly session: ReadonlyMap<string, FilledGroup>;
  readonly backtest: ReadonlyMap<string, FilledGroup>;
  readonly settlements: readonly SettlementPair[];
  readonly decisions: readonly DecisionPair[];
  readonly units: ReadonlyMap<string, Units>;
  /** Last close by symbol and moment. */
  readonly close: MarketPrice;
  /** Whether the session was not free to open positions at a moment. */
  readonly isRestricted: (ts: number) => boolean;
  /** Whether the session's venue was simulated. */
  readonly isSimulated: boolean;
  /** The window that is judged; what came before it only moves sizes and positions. */
  readonly from: number;
  readonly to: number;
}

/** One pair of the window with its part of the gap: profit of the session less that of the backtest, amounts. */
export interface AttributedPair {
  readonly session: FilledGroup | null;
  readonly backtest: FilledGroup | null;
  readonly gap: CauseAmounts;
}

/** The gap of a window by where it comes from; everything together is the gap to the unit. */
export interface AttributedGap {
  readonly pairs: readonly AttributedPair[];
  readonly settlements: readonly { readonly pair: SettlementPair; readonly gap: CauseAmounts }[];
  /** Of differences in position from before the window. */
  readonly carried: CauseAmounts;
}

/** Something that moved what was earned: known at `ts`. */
interface Earning {
  readonly ts: number;
  readonly symbol: string;
  readonly base: CauseAmounts;
  readonly lots: CauseAmounts;
  /** Value of a lot when the lots were taken. */
  readonly marketLot: number;
}

/** The value in amounts of signed lots at the close of a moment, to the unit; 0 where there is no close, for nothing can have traded. */
export const markedAt = (u: Units, close: MarketPrice, symbol: string, ts: number, lots: Lots): Amount => {
  const price = close(symbol, ts);
  return lots === 0 || Number.isNaN(price) ? 0 : u.value(u.ticks(price), lots);
};

/** Profit earned more by cause as time goes on: what was booked, and positions at last closes. */
const earnedSoFar = (units: ReadonlyMap<string, Units>, close: MarketPrice) => {
  const waiting: Earning[] = [];
  const booked = noAmounts();
  const held = new Map<string, { readonly lots: CauseAmounts; readonly cost: CauseAmounts }>();
  const take = ({ symbol, base, lots, marketLot }: Earning): void => {
    const place = held.get(symbol) ?? { lots: noAmounts(), cost: noAmounts() };
    held.set(symbol, place);
    for (let c = 0; c < base.length; c++) {
      booked[c]! += base[c]!;
      place.lots[c]! += lots[c]!;
      place.cost[c]! += lots[c]! * marketLot;
    }
  };
  return {
    add: (earning: Earning): void => void waiting.push(earning),
    at: (ts: number): CauseAmounts => {
      for (let i = 0; i < waiting.length;)
        if (waiting[i]!.ts <= ts) take(waiting.splice(i, 1)[0]!);
        else i++;
      const earned = booked.slice();
      for (const [symbol, { lots, cost }] of held) {
        if (lots.every(each => each === 0) && cost.every(each => each === 0)) continue;
        const price = close(symbol, ts);
        const lot = Number.isNaN(price) ? 0 : lotValue(units.get(symbol)!, price);
        for (let c = 0; c < earned.length; c++) earned[c]! += lots[c]! * lot - cost[c]!;
      }
      return earned;
    },
  };
};

const groupsOf = ({ session, backtest }: GapInput) =>
  [...new Set([...backtest.keys(), ...session.keys()])]
    .map(key => {
      const [ours, theirs] = [session.get(key) ?? null, backtest.get(key) ?? null];
      const one = (ours ?? theirs) as FilledGroup;
      const at = Math.min(ours?.at ?? Infinity, theirs?.at ?? Infinity);
      const last = Math.max(ours?.last ?? -Infinity, theirs?.last ?? -Infinity);
      return { key, ours, theirs, one, at, last };
    })
    .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));

const isPartial = (group: FilledGroup | null): boolean => group === null || group.lots !== group.ordered;

/**
 * Attributes the gap of a window. Price, fee and funding are compared at the session's quantities; a difference in quantity belongs to the causes of `quantityByCause`, and with it everything that the price did to it
 * until both held the same again. An order belongs to the window in which it first filled.
 */
export const attributeGap = (input: GapInput): AttributedGap => {
  const { units, close, isSimulated, isRestricted, from, to } = input;
  const decided = new Map(input.decisions.map(pair => [pair.key, pair]));
  const earned = earnedSoFar(units, close);
  const held = new Map<string, CauseAmounts>();
  const heldIn = (symbol: string): CauseAmounts => {
    const lots = held.get(symbol) ?? noAmounts();
    held.set(symbol, lots);
    return lots;
  };
  const pairs: AttributedPair[] = [];
  const settlements: { pair: SettlementPair; gap: CauseAmounts }[] = [];
  let before: ReadonlyMap<string, CauseAmounts> | null = null;
  const enter = (ts: number): boolean => {
    if (ts < from) return false;
    before ??= new Map([...held].map(([symbol, lots]) => [symbol, lots.slice()]));
    return true;
  };

  const settle = (pair: SettlementPair): void => {
    const { ts, symbol, session, backtest, perLot } = pair;
    const gap = heldIn(symbol).map(lots => lots * perLot);
    const rest = session - backtest - gap.reduce((total, amount) => total + amount, 0);
    gap[causeIndex('funding')]! += rest;
    const whole = wholeAmounts(gap, session - backtest);
    if (enter(ts) && ts < to) settlements.push({ pair, gap: whole });
    earned.add({ ts, symbol, base: whole, lots: noAmounts(), marketLot: 0 });
  };

  const fill = ({ ours, theirs, one, at, last }: ReturnType<typeof groupsOf>[number]): void => {
    const { symbol, ts, decision } = one;
    const u = units.get(symbol)!;
    const isIn = enter(at);
    const { direct, costPerLot, marketLot } = priceGap(ours, theirs, isSimulated);
    const decisionPair = decision === null ? undefined : decided.get(decision.key);
    const exposure = decisionPair?.exposure ?? null;
    const price = close(symbol, ts);
    const more = (ours?.lots ?? 0) - (theirs?.lots ?? 0);
    const lots = quantityByCause({
      held: heldIn(symbol),
      more,
      earned: earned.at(ts),
      lotsPerAmount: exposure === null ? null : Number.isNaN(price) ? 0 : u.quantityOf(toMoney(exposure), price) / u.quantity(1),
      cause: decision === null ? (isRestricted(at) ? 'rejected' : 'unexplained') : (decisionPair?.cause ?? null),
      isResized: decisionPair !== undefined && decisionPair.why !== null,
      isPartial: isPartial(ours) || isPartial(theirs),
    });
    const base = direct.map((amount, c) => amount - costPerLot * lots[c]!);
    const now = heldIn(symbol);
    for (let c = 0; c < now.length; c++) now[c]! += lots[c]!;
    earned.add({ ts: last, symbol, base, lots, marketLot });
    if (!isIn || !(at < to)) return;
    const end = lotValue(u, u.price(u.ticks(close(symbol, to))));
    const gap = base.map((amount, c) => amount + lots[c]! * (end - marketLot));
    const total = profitOf(ours) - profitOf(theirs);
    pairs.push({ session: ours, backtest: theirs, gap: wholeAmounts(gap, total) });

    function profitOf(group: FilledGroup | null): Amount {
      return group === null ? 0 : markedAt(u, close, symbol, to, group.lots) - group.value - group.fee;
    }
  };

  const groups = groupsOf(input);
  let next = 0;
  for (const group of groups) {
    for (; next < input.settlements.length && input.settlements[next]!.ts <= group.at; next++) settle(input.settlements[next]!);
    fill(group);
  }
  for (; next < input.settlements.length; next++) settle(input.settlements[next]!);
  enter(Infinity);
  return { pairs, settlements, carried: carriedOf(before ?? new Map(), input) };
};

/** What differences in position at the window's beginning made of its prices. */
const carriedOf = (before: ReadonlyMap<string, CauseAmounts>, { units, close, from, to }: GapInput): CauseAmounts => {
  const carried = noAmounts();
  for (const [symbol, lots] of before) {
    const u = units.get(symbol)!;
    const apart = Math.round(lots.reduce((total, each) => total + each, 0));
    const [start, end] = [close(symbol, from), close(symbol, to)].map(price =>
      Number.isNaN(price) ? NaN : lotValue(u, u.price(u.ticks(price))),
    );
    if (Number.isNaN(start!) || Number.isNaN(end!)) continue;
    const total = markedAt(u, close, symbol, to, apart) - markedAt(u, close, symbol, from, apart);
    const whole = wholeAmounts(
      lots.map(each => each * (end! - start!)),
      total,
    );
    for (let c = 0; c < carried.length; c++) carried[c]! += whole[c]!;
  }
  return carried;
};
