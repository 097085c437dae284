import type { PositionSide } from '../../events/order.js';
import type { RiskView } from '../../risk/risk-check.js';
import type { BrokerCore } from './broker-core.js';
import { netLots, openRecords } from './broker-state.js';
import { remainingOf } from './order-record.js';

/** The account as the venue sees it, for the gate: what all strategies hold together, of one leg in hedge mode. Its equity is not asked for by the gate of protective orders, and is not known here. */
export const accountView = (core: BrokerCore, leg: PositionSide | undefined): RiskView => {
  const { state, ports, instruments } = core;
  const priceOf = (symbol: string): number => ports.lastPrice(symbol);
  const notionalOf = (symbol: string, lots: number, price: number): number =>
    core.unitsOf(symbol)?.notionalOf(core.unitsOf(symbol)?.quantity(lots) ?? 0, price) ?? NaN;
  return {
    equity: NaN,
    symbols: instruments.map(({ symbol }) => symbol),
    lastPrice: priceOf,
    held: symbol => netLots(state, symbol, leg),
    notional: symbol => notionalOf(symbol, netLots(state, symbol, leg), priceOf(symbol)),
    workingLots: (symbol, side, reduceOnly) =>
      openRecords(state).reduce(
        (sum, record) =>
          record.ticket.symbol === symbol &&
          record.ticket.side === side &&
          record.ticket.positionSide === leg &&
          record.ticket.reduceOnly === reduceOnly
            ? sum + remainingOf(record)
            : sum,
        0,
      ),
    workingNotional: (symbol, side) =>
      openRecords(state).reduce(
        (sum, record) =>
          record.ticket.symbol === symbol && record.ticket.side === side && !record.ticket.reduceOnly
            ? sum + notionalOf(symbol, remainingOf(record), priceOf(symbol))
            : sum,
        0,
      ),
    ticketNotional: ({ symbol, lots, limit, stop }) =>
      notionalOf(symbol, lots, core.unitsOf(symbol)?.price(limit ?? stop ?? NaN) ?? priceOf(symbol)),
    limitPrice: ({ symbol, limit }) => (limit === null ? null : (core.unitsOf(symbol)?.price(limit) ?? null)),
  };
};
