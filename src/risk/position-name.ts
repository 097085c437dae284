import type { Ticket } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';

const SHORT = ' short';

/** Name of the short position of a symbol in hedge mode, where each of a symbol's two positions counts as a symbol of its own. */
export const shortName = (symbol: Symbol): string => `${symbol}${SHORT}`;

/** The symbol whose position is called so. */
export const symbolOfPosition = (name: string): Symbol => (name.endsWith(SHORT) ? name.slice(0, -SHORT.length) : name);

/** The ticket as checks see it in hedge mode: its symbol is the position that it acts on. */
export const onPosition = (ticket: Ticket): Ticket =>
  ticket.positionSide === 'short' ? { ...ticket, symbol: shortName(ticket.symbol) } : ticket;
