import type { Ticket } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';

/** What a check may look at: the account as the strategy knows it, priced at last closes. Money in the settlement asset. */
export interface RiskView {
  readonly equity: number;
  /** Σ |notional| of all positions. */
  readonly grossNotional: number;
  lastPrice(symbol: Symbol): number;
  /** Signed lots held in a symbol. */
  held(symbol: Symbol): Lots;
  /** Signed notional of the position in a symbol. */
  notional(symbol: Symbol): number;
  /** Notional of the ticket, positive, at its limit, else its stop, else the last price. */
  ticketNotional(ticket: Ticket): number;
  /** Limit price of the ticket in quote currency, or null. */
  limitPrice(ticket: Ticket): number | null;
}

/** Why an order may not pass: a stable code and a sentence with the figures. */
export interface Denial {
  readonly code: string;
  readonly text: string;
}

/** One rule of the pre-trade gate: a denial, or null to let the ticket pass. Pure and total. */
export type RiskCheck = (ticket: Ticket, view: RiskView) => Denial | null;

/** Signed notional of a symbol after the ticket has filled in full. */
export const notionalAfter = (ticket: Ticket, view: RiskView): number =>
  view.notional(ticket.symbol) + (ticket.side === 'buy' ? 1 : -1) * view.ticketNotional(ticket);

/** True when the ticket can only bring the position nearer to flat: judged in lots, for a limit or stop far from the market has another value. */
export const reduces = (ticket: Ticket, view: RiskView): boolean => {
  const held = view.held(ticket.symbol);
  const sign = ticket.side === 'buy' ? 1 : -1;
  return ticket.reduceOnly || (held * sign < 0 && ticket.lots <= Math.abs(held));
};
