import type { Fact } from '../../events/fact.js';
import type { PositionSide } from '../../events/order.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { toMoney, unitsOf, type Amount, type Lots, type Ticks } from '../../market/units.js';
import { Account } from '../../portfolio/account.js';

/** A position that a strategy has or had, as its journal says. Money in the settlement asset, quantities in base units, prices in quote currency. */
export interface RecordedPosition {
  /** Empty for what belongs to the account and to no strategy. */
  readonly strategy: string;
  readonly symbol: Symbol;
  /** Hedge mode only. */
  readonly side: PositionSide | null;
  /** Signed; 0 when flat. */
  readonly quantity: number;
  /** Average entry; null when flat. */
  readonly entryPrice: number | null;
  /** Price differences of what was closed, without fees and funding, less what an insurance fund took over. */
  readonly realised: number;
  readonly fees: number;
  /** Positive is received. */
  readonly funding: number;
  readonly fills: number;
  /** Of the newest fact that touched it, epoch ms. */
  readonly at: number;
}

interface Held {
  readonly strategy: string;
  readonly symbol: Symbol;
  readonly side: PositionSide | null;
  readonly account: Account;
  realised: Amount;
  fees: Amount;
  funding: Amount;
  fills: number;
  at: number;
}

/** Positions and cash of every strategy of an account, as a fold of its journal. A symbol that has no instrument is left out. */
export interface PositionBook {
  handle(fact: Fact): void;
  /** By strategy and symbol, flat ones included. */
  positions(): readonly RecordedPosition[];
  /** Cash of a strategy: what it was given, and what trading made of it. */
  cash(strategy: string): number;
  /** Realised profit less fees, with funding: profit of all that is closed. */
  closed(strategy: string): { readonly realised: number; readonly fees: number; readonly funding: number };
  /** Open profit of a position at a price; NaN for an unknown one. */
  profit(strategy: string, symbol: Symbol, side: PositionSide | null, price: number): number;
  /** Everybody who has cash or a position. */
  strategies(): readonly string[];
}

/** An empty book. `instrumentOf` gives the steps that the journal is booked in. */
export const positionBook = (instrumentOf: (symbol: Symbol) => Instrument | undefined): PositionBook => {
  const held = new Map<string, Held>();
  const moved = new Map<string, Amount>();
  const keyOf = (strategy: string, symbol: Symbol, side: PositionSide | null): string => `${strategy}\u0000${symbol}\u0000${side ?? ''}`;
  const placeOf = (strategy: string, symbol: Symbol, side: PositionSide | null, ts: number): Held | null => {
    const key = keyOf(strategy, symbol, side);
    const found = held.get(key);
    if (found) {
      found.at = ts;
      return found;
    }
    const instrument = instrumentOf(symbol);
    if (instrument === undefined) return null;
    const made: Held = {
      strategy,
      symbol,
      side,
      account: new Account([instrument], 0),
      realised: 0,
      fees: 0,
      funding: 0,
      fills: 0,
      at: ts,
    };
    held.set(key, made);
    return made;
  };
  const fill = (
    { strategy, ts }: Fact,
    { symbol, positionSide }: { readonly symbol: Symbol; readonly positionSide?: PositionSide },
    price: Ticks,
    lots: Lots,
    fee: Amount,
    trades: number,
  ): void => {
    const place = placeOf(strategy, symbol, positionSide ?? null, ts);
    if (place === null) return;
    place.realised += place.account.fill(0, price, lots, fee);
    place.fills += trades;
    place.fees += fee;
  };
  return {
    handle: fact => {
      switch (fact.type) {
        case 'OrderFilled':
        case 'ExternalFilled':
          fill(fact, fact, fact.price, fact.side === 'buy' ? fact.lots : -fact.lots, fact.fee, 1);
          return;
        case 'PositionAdopted':
          // Found at the venue: it was no trade that anybody saw.
          if (fact.after !== fact.before) fill(fact, fact, fact.price, fact.after - fact.before, 0, 0);
          return;
        case 'PositionLiquidated': {
          const place = placeOf(fact.strategy, fact.symbol, fact.positionSide ?? null, fact.ts);
          if (place === null) return;
          place.account.pay(fact.insurance - fact.fee);
          // What the fund takes over is so much less lost.
          place.realised += fact.insurance;
          place.fees += fact.fee;
          return;
        }
        case 'FundingSettled': {
          const place = placeOf(fact.strategy, fact.symbol, fact.positionSide ?? null, fact.ts);
          if (place === null) return;
          place.account.pay(fact.amount);
          place.funding += fact.amount;
          return;
        }
        case 'CashMoved':
          moved.set(fact.strategy, (moved.get(fact.strategy) ?? 0) + fact.amount);
          return;
        default:
          return;
      }
    },
    positions: () =>
      [...held.values()]
        .map(({ strategy, symbol, side, account, realised, fees, funding, fills, at }): RecordedPosition => {
          const lots = account.lots[0] ?? 0;
          return {
            strategy,
            symbol,
            side,
            quantity: lots === 0 ? 0 : unitsOf(instrumentOf(symbol)!).quantity(lots),
            entryPrice: lots === 0 ? null : account.entryPrice(0),
            realised: toMoney(realised),
            fees: toMoney(fees),
            funding: toMoney(funding),
            fills,
            at,
          };
        })
        .sort((a, b) => (a.strategy < b.strategy || (a.strategy === b.strategy && a.symbol < b.symbol) ? -1 : 1)),
    cash: strategy => {
      let cash = moved.get(strategy) ?? 0;
      for (const place of held.values()) if (place.strategy === strategy) cash += place.account.cash;
      return toMoney(cash);
    },
    closed: strategy => {
      const sum = { realised: 0, fees: 0, funding: 0 };
      for (const place of held.values()) {
        if (place.strategy !== strategy) continue;
        sum.realised += place.realised;
        sum.fees += place.fees;
        sum.funding += place.funding;
      }
      return { realised: toMoney(sum.realised), fees: toMoney(sum.fees), funding: toMoney(sum.funding) };
    },
    profit: (strategy, symbol, side, price) => held.get(keyOf(strategy, symbol, side))?.account.profitAt(0, price) ?? NaN,
    strategies: () => [...new Set([...moved.keys(), ...[...held.values()].map(({ strategy }) => strategy)])].sort(),
  };
};
