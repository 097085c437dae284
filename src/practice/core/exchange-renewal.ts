import { CLOSE_ALL, type Side, type Ticket } from '../../events/order.js';
import { marketTicket } from '../../execution/market-ticket.js';
import type { Lots } from '../../market/units.js';
import { hasLimit } from '../../sim/matching/trigger.js';
import type { AccountExchange } from './account-exchange.js';
import type { OrderRecord } from './order-record.js';

/** A market order that books a trade which no market made. */
export const bookingTicket = (symbol: string, side: Side, lots: Lots, leg: Ticket['positionSide'], orderId = ''): Ticket => ({
  ...marketTicket(orderId, symbol, side, lots),
  ...(leg !== undefined && { positionSide: leg }),
});

/** Bring positions and cash into an exchange that is built anew, at the same cost. An isolated position gets the margin that it would be opened with. */
export const carryPositions = (old: AccountExchange, next: AccountExchange): void => {
  const was = old.venue.account;
  const is = next.venue.account;
  for (let slot = 0; slot < was.lots.length; slot++) {
    const held = was.lots[slot]!;
    if (held === 0) continue;
    const i = was.symbolOf(slot);
    const u = next.markets[i]!.units;
    const lots = u.lots(was.unitsAt(i).quantity(Math.abs(held)));
    next.book(i, bookingTicket(was.symbols[i]!, held > 0 ? 'buy' : 'sell', lots, was.legOf(slot)), u.ticks(was.entryPrice(slot)));
    is.cost[slot] = was.cost[slot]!;
  }
  is.cash = was.cash;
};

/** Send the orders at work to an exchange that is built anew: what rests comes to rest again, and is counted in its units from now on. */
export const carryOrders = (old: AccountExchange, next: AccountExchange, recordOf: (matchId: string) => OrderRecord | undefined): void => {
  for (const [i, market] of old.markets.entries()) {
    const u = next.markets[i]!.units;
    const inLots = (lots: Lots): Lots => u.lots(market.units.quantity(lots));
    const inTicks = (price: number | null): number | null => (price === null ? null : u.ticks(market.units.price(price)));
    for (const { ticket, remaining, triggered, limit, stop } of market.working) {
      const record = recordOf(ticket.orderId);
      if (record === undefined) continue;
      record.lots = inLots(record.lots);
      record.filled = inLots(record.filled);
      record.carried = record.filled;
      record.units = u;
      const { closePosition, trail, ...plain } = ticket;
      next.submit({
        ...plain,
        type: triggered ? (hasLimit(ticket.type) ? 'limit' : 'market') : ticket.type,
        lots: closePosition ? CLOSE_ALL : inLots(remaining),
        limit: inTicks(limit),
        stop: triggered || trail !== undefined ? null : inTicks(stop),
        ...(closePosition && { closePosition }),
        ...(trail !== undefined && !triggered && { trail }),
      });
    }
  }
};

/** Once they have arrived, trailing stops go on from the best prices that they had followed to. */
export const carryTrails = (old: AccountExchange, next: AccountExchange): void => {
  for (const [i, market] of old.markets.entries())
    next.resume(
      i,
      market.working.filter(({ ticket }) => ticket.trail !== undefined),
      market.units.tickSize,
    );
};
