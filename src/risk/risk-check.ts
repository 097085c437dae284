import type { Side, Ticket } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { Lots } from '../market/units.js';

/** What a check may look at: the account as the strategy knows it, priced at last closes. Money in the settlement asset. */
export interface RiskView {
  readonly equity: number;
  /** Every symbol of the run. */
  readonly symbols: readonly Symbol[];
  /** Those of which something is held or at work, and this one, in the same order; the others have no notional, and no order leads to one. A view that does not know leaves it out. */
  engaged?(also: Symbol): readonly Symbol[];
  lastPrice(symbol: Symbol): number;
  /** Signed lots held in a symbol. */
  held(symbol: Symbol): Lots;
  /** Signed notional of the position in a symbol. */
  notional(symbol: Symbol): number;
  /** Lots of this side that orders at work could still fill: of the reduce-only ones, or of the others. */
  workingLots(symbol: Symbol, side: Side, reduceOnly: boolean): Lots;
  /** Notional of the others, each valued as `ticketNotional` values a ticket; positive. */
  workingNotional(symbol: Symbol, side: Side): number;
  /** Notional of the ticket, positive, at its limit, else its stop, else the last price. */
  ticketNotional(ticket: Ticket): number;
  /** Limit price of the ticket in quote currency, or null. */
  limitPrice(ticket: Ticket): number | null;
  /** Orders at work, those being taken back included; 0 when left out. */
  readonly openOrders?: number;
}

/** Why an order may not pass: a stable code and a sentence with the figures. */
export interface Denial {
  readonly code: string;
  readonly text: string;
}

/** One rule of the pre-trade gate: a denial, or null to let the ticket pass. Pure and total. */
export type RiskCheck = (ticket: Ticket, view: RiskView) => Denial | null;

/** The symbols that a sum over an account need look at, and this one. */
export const engagedIn = (view: RiskView, also: Symbol): readonly Symbol[] => view.engaged?.(also) ?? view.symbols;

/** Signed lots that are sure to be held when orders of this side fill: on the other side of flat, no more than its reduce-only orders and `more` leave. */
export const sureLots = (symbol: Symbol, side: Side, view: RiskView, more = 0): Lots => {
  const held = view.held(symbol);
  const sign = side === 'buy' ? 1 : -1;
  return held * sign < 0 ? -sign * Math.max(0, Math.abs(held) - view.workingLots(symbol, side, true) - more) : held;
};

const notionalOf = (symbol: Symbol, lots: Lots, view: RiskView): number =>
  lots === 0 ? 0 : (view.notional(symbol) * lots) / view.held(symbol);

/**
 * Signed notional as far as the ticket can lead: every order of its side fills, reductions first, and none of the other side. No order of fills among orders at work
 * leads further than what was approved by this.
 */
export const notionalAfter = (ticket: Ticket, view: RiskView): number => {
  const { symbol, side, reduceOnly, lots } = ticket;
  const sure = notionalOf(symbol, sureLots(symbol, side, view, reduceOnly ? lots : 0), view);
  return sure + (side === 'buy' ? 1 : -1) * (view.workingNotional(symbol, side) + (reduceOnly ? 0 : view.ticketNotional(ticket)));
};

/** Signed notional of a symbol when all its orders at work of one side fill, reductions first. */
const notionalAlong = (symbol: Symbol, side: Side, view: RiskView): number =>
  notionalOf(symbol, sureLots(symbol, side, view), view) + (side === 'buy' ? 1 : -1) * view.workingNotional(symbol, side);

/** The largest |notional| of a symbol that orders at work can lead to. */
export const worstNotional = (symbol: Symbol, view: RiskView): number =>
  Math.max(Math.abs(view.notional(symbol)), Math.abs(notionalAlong(symbol, 'buy', view)), Math.abs(notionalAlong(symbol, 'sell', view)));

/** Signed notional of a symbol as far as orders at work can bring it towards a side: most long for `buy`, most short for `sell`. */
export const furthestNotional = (symbol: Symbol, side: Side, view: RiskView): number => {
  const along = notionalAlong(symbol, side, view);
  return side === 'buy' ? Math.max(view.notional(symbol), along) : Math.min(view.notional(symbol), along);
};

/** |Notional| of a symbol that is left for sure: all its orders against the position may fill, and none of the others. */
export const leastNotional = (symbol: Symbol, view: RiskView): number => {
  const held = view.held(symbol);
  if (held === 0) return 0;
  const against: Side = held > 0 ? 'sell' : 'buy';
  const left = Math.abs(held) - view.workingLots(symbol, against, true) - view.workingLots(symbol, against, false);
  return Math.abs(notionalOf(symbol, Math.max(0, left), view));
};

/** Gross notional over all symbols as far as the ticket and the orders at work can lead. */
export const grossAfter = (ticket: Ticket, view: RiskView): number => {
  let gross = Math.abs(notionalAfter(ticket, view));
  for (const symbol of engagedIn(view, ticket.symbol)) if (symbol !== ticket.symbol) gross += worstNotional(symbol, view);
  return gross;
};

/**
 * True when the ticket can only bring the position nearer to flat, also when every working order of its side fills first: judged in lots, for a limit or stop far from
 * the market has another value. A reduce-only ticket can do harm only by using up what other orders of its side were to close.
 */
export const reduces = (ticket: Ticket, view: RiskView): boolean => {
  const { symbol, side, lots, reduceOnly } = ticket;
  const opening = view.workingLots(symbol, side, false);
  if (reduceOnly && opening === 0) return true;
  const held = view.held(symbol);
  const sign = side === 'buy' ? 1 : -1;
  return held * sign < 0 && lots + opening + view.workingLots(symbol, side, true) <= Math.abs(held);
};
