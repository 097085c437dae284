import { reduces, type RiskCheck } from './risk-check.js';

/** A limit price may not lie further than this fraction on the paying side of the last price: catches a slipped decimal, lets patient limits pass. */
export const priceCollar =
  (limit: number): RiskCheck =>
  (ticket, view) => {
    const price = view.limitPrice(ticket);
    if (price === null) return null;
    const last = view.lastPrice(ticket.symbol);
    const distance = ticket.side === 'buy' ? price / last - 1 : 1 - price / last;
    // Where the market is not known nothing new is let in at any price.
    return distance > limit || (Number.isNaN(distance) && !reduces(ticket, view))
      ? { code: 'price-collar', text: `limit ${price} is ${(distance * 100).toFixed(1)} % through the last price ${last}` }
      : null;
  };
