import type { PositionSide, Side, Ticket } from '../events/order.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { units, type Lots } from '../market/units.js';
import { orderValue } from './order-value.js';
import { shortName, symbolOfPosition } from './position-name.js';
import type { RiskView } from './risk-check.js';

/** A position in plain numbers. */
export interface PositionFigures {
  readonly symbol: Symbol;
  /** Signed. */
  readonly lots: Lots;
  /** Hedge mode only. */
  readonly positionSide?: PositionSide | undefined;
}

/** What is left of an order at work. */
export interface OrderFigures extends Pick<Ticket, 'symbol' | 'side' | 'limit' | 'stop' | 'reduceOnly' | 'closePosition' | 'positionSide'> {
  /** Lots that may still fill. */
  readonly lots: Lots;
}

/** An account, or a strategy's part of one. */
export interface AccountFigures {
  /** Wallet and open profit, settlement asset. */
  readonly equity: number;
  /** Several entries of one symbol, such as those of several strategies, add up. */
  readonly positions: readonly PositionFigures[];
  readonly orders: readonly OrderFigures[];
  /** Last price of a symbol; NaN when it is not known. */
  readonly lastPrice: (symbol: Symbol) => number;
  readonly hedge?: boolean | undefined;
}

/**
 * A view for the gate from plain numbers: the account as somebody knows it, at one moment. It judges as the view of a strategy's own orders does. A symbol that is held and has no price makes every sum NaN,
 * and the gate then lets nothing pass but reductions.
 */
export const accountView = (instruments: readonly Instrument[], figures: AccountFigures): RiskView => {
  const { hedge = false, lastPrice } = figures;
  const unitsOf = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  const symbols = instruments.map(({ symbol }) => symbol);
  const names = hedge ? [...symbols, ...symbols.map(shortName)] : symbols;
  const nameOf = ({ symbol, positionSide }: Pick<PositionFigures, 'symbol' | 'positionSide'>): string =>
    hedge && positionSide === 'short' ? shortName(symbol) : symbol;
  const held = new Map<string, Lots>();
  for (const position of figures.positions) held.set(nameOf(position), (held.get(nameOf(position)) ?? 0) + position.lots);
  const heldIn = (name: string): Lots => held.get(name) ?? 0;
  const priceOf = (name: string): number => lastPrice(symbolOfPosition(name));
  const valueOf = (name: string, side: Side, terms: Pick<Ticket, 'limit' | 'stop'>, lots: Lots): number => {
    const u = unitsOf.get(symbolOfPosition(name));
    return u === undefined ? NaN : orderValue(u, side, terms, lots, priceOf(name));
  };
  const working = (name: string, side: Side, reduceOnly: boolean): readonly OrderFigures[] =>
    figures.orders.filter(order => nameOf(order) === name && order.side === side && order.reduceOnly === reduceOnly);
  return {
    equity: figures.equity,
    symbols: names,
    openOrders: figures.orders.length,
    lastPrice: priceOf,
    held: heldIn,
    notional: name => {
      const lots = heldIn(name);
      const u = unitsOf.get(symbolOfPosition(name));
      return lots === 0 ? 0 : u === undefined ? NaN : u.notionalOf(u.quantity(lots), priceOf(name));
    },
    workingLots: (name, side, reduceOnly) => {
      let lots = 0;
      for (const order of working(name, side, reduceOnly)) lots += order.closePosition ? Math.abs(heldIn(name)) : order.lots;
      return lots;
    },
    workingNotional: (name, side) => {
      let notional = 0;
      for (const order of working(name, side, false)) notional += valueOf(name, side, order, order.lots);
      return notional;
    },
    ticketNotional: ticket =>
      valueOf(ticket.symbol, ticket.side, ticket, ticket.closePosition ? Math.abs(heldIn(ticket.symbol)) : ticket.lots),
    limitPrice: ({ symbol, limit }) => (limit === null ? null : (unitsOf.get(symbolOfPosition(symbol))?.price(limit) ?? NaN)),
  };
};
