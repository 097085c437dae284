import { settlementAsset, type Symbol } from '../../market/instrument.js';
import { AMOUNT_SCALE, toAmount, type Amount, type Lots } from '../../market/units.js';
import type { VenueBalance, VenuePosition } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { netLots } from './broker-state.js';

export interface PositionDifference {
  readonly symbol: Symbol;
  readonly leg: 'long' | 'short' | undefined;
  readonly ours: Lots;
  readonly theirs: Lots;
  /** Average or mark price at the venue, quote currency. */
  readonly price: number;
}

export interface CashDifference {
  readonly asset: string;
  /** To be added to ours. */
  readonly amount: Amount;
}

/** Venue minus ours, position by position; positions in symbols that the account does not trade are no matter of ours. */
export const positionDifferences = (core: BrokerCore, positions: readonly VenuePosition[]): PositionDifference[] => {
  const legs: readonly ('long' | 'short' | undefined)[] = core.state.hedge ? ['long', 'short'] : [undefined];
  return core.instruments.flatMap(({ symbol }) =>
    legs.flatMap(leg => {
      const u = core.unitsOf(symbol);
      const held = positions.filter(p => p.symbol === symbol && (leg === undefined || p.positionSide === leg));
      const theirs = u?.lots(held.reduce((sum, p) => sum + p.quantity, 0)) ?? 0;
      const ours = netLots(core.state, symbol, leg);
      if (theirs === ours) return [];
      const price =
        held.find(p => p.entryPrice > 0)?.entryPrice ?? held.find(p => p.markPrice > 0)?.markPrice ?? core.ports.lastPrice(symbol);
      return [{ symbol, leg, ours, theirs, price }];
    }),
  );
};

/**
 * Venue minus ours, asset by asset, as wallet minus the cost of what is held: that does not depend on the order in which fills were booked, nor on whose they were. Exact when nothing is held in the asset; with
 * positions the venue's rounded average price leaves a part in a hundred million open, which is not counted as a difference.
 */
export const cashDifferences = (
  core: BrokerCore,
  balances: readonly VenueBalance[],
  positions: readonly VenuePosition[],
): CashDifference[] => {
  const { state } = core;
  const assets = new Set<string>([core.reporting, ...balances.map(b => b.asset)]);
  for (const { symbol } of core.instruments) assets.add(settlementAsset(symbol));
  for (const book of state.books.values()) for (const asset of book.cash.keys()) if (asset !== '') assets.add(asset);
  return [...assets].sort().flatMap(asset => {
    const symbols = core.instruments.filter(({ symbol }) => settlementAsset(symbol) === asset).map(({ symbol }) => symbol);
    let theirs = toAmount(balances.find(b => b.asset === asset)?.wallet ?? 0);
    let open = 0;
    for (const p of positions) {
      if (!symbols.includes(p.symbol) || p.quantity === 0) continue;
      const u = core.unitsOf(p.symbol);
      const cost = (u?.inverse ? -p.quantity / p.entryPrice : p.quantity * p.entryPrice) * AMOUNT_SCALE;
      theirs -= Math.round(cost);
      open += Math.abs(cost);
    }
    let ours = 0;
    for (const book of state.books.values()) {
      ours += (book.cash.get(asset) ?? 0) + (asset === core.reporting ? (book.cash.get('') ?? 0) : 0);
      for (const symbol of symbols) {
        const i = book.account.indexOf(symbol);
        ours -= (book.account.cost[i] ?? 0) + (state.hedge ? (book.account.cost[book.account.slot(i, 'short')] ?? 0) : 0);
      }
    }
    const amount = theirs - ours;
    return Math.abs(amount) <= Math.ceil(open * 1e-8) ? [] : [{ asset, amount }];
  });
};
