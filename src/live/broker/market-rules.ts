import { units, type Units } from '../../market/units.js';
import type { VenueMarket, VenueOrderRequest } from '../venue-transport.js';
import { clientIdOf } from './client-id.js';
import type { OrderRecord } from './order-record.js';

/** What a symbol's orders must satisfy now, as the venue last said. */
export interface MarketRules {
  readonly market: VenueMarket;
  readonly units: Units;
}

export const marketRules = (market: VenueMarket): MarketRules => ({ market, units: units(market.instrument) });

/** Why an order is not sent: nothing left. */
export interface Unsendable {
  readonly code: string;
  readonly text: string;
}

/** What a request is made with beside the order. */
export interface RequestTerms {
  /** Booking units of the journal. */
  readonly booking: Units;
  readonly rules: MarketRules;
  /** Last price, quote currency; NaN when unknown. */
  readonly last: number;
  /** Whether the venue may hold the order to reducing: its net position is what the strategy's own is reduced in. */
  readonly reduceOnly: boolean;
  /** False sends prices and quantities as they were booked. */
  readonly isSafe: boolean;
}

/**
 * The order as the venue takes it now. Prices of buys go down and those of sells up to the venue's tick, triggers included, so that nobody pays more than was asked for and stops go off rather early than
 * late; quantities go toward zero. What the market's rules would refuse is refused here, with the code that the venue's refusal would have.
 */
export const requestOf = (
  record: OrderRecord,
  { booking, rules, last, reduceOnly, isSafe }: RequestTerms,
): VenueOrderRequest | Unsendable => {
  const { ticket } = record;
  const { market, units: now } = rules;
  const round = (price: number): number => {
    if (!isSafe) return price;
    return now.price(ticket.side === 'buy' ? now.ticksDown(price) : now.ticksUp(price));
  };
  const price = record.limit === null ? null : round(booking.price(record.limit));
  const stopPrice = record.stop === null ? null : round(booking.price(record.stop));
  const isClosing = ticket.closePosition === true;
  const asked = isClosing ? 0 : booking.quantity(record.lots);
  const quantity = isSafe ? now.quantity(now.lots(asked)) : asked;
  if (!market.trading && !ticket.reduceOnly) return { code: 'not-trading', text: `${ticket.symbol} is not traded at the venue now` };
  if ((price !== null && !(price > 0)) || (stopPrice !== null && !(stopPrice > 0)))
    return { code: 'below-tick', text: `a price of ${price ?? stopPrice} is less than a tick of ${now.tickSize}` };
  if (!isClosing && isSafe) {
    const value = quantity * (price ?? stopPrice ?? last);
    if (!(quantity > 0) || quantity < market.minQuantity)
      return {
        code: 'below-lot',
        text: `${asked} is less than the venue's smallest quantity, ${Math.max(now.lotSize, market.minQuantity)}`,
      };
    if (market.maxQuantity > 0 && quantity > market.maxQuantity)
      return { code: 'max-quantity', text: `${quantity} is more than the venue's largest quantity, ${market.maxQuantity}` };
    if (!ticket.reduceOnly && !now.inverse && value < market.instrument.minNotional)
      return { code: 'min-notional', text: `an order of ${value} is less than the venue's smallest, ${market.instrument.minNotional}` };
  }
  const { trail } = ticket;
  const reference = trail === undefined || trail.activation === null ? last : booking.price(trail.activation);
  return {
    clientId: clientIdOf(ticket.orderId),
    symbol: ticket.symbol,
    side: ticket.side,
    type: ticket.type,
    quantity,
    price,
    stopPrice,
    triggerBy: ticket.triggerBy ?? 'last',
    trail:
      trail === undefined
        ? null
        : {
            fraction: trail.bps === null ? booking.price(trail.distance ?? 0) / reference : trail.bps / 10_000,
            activation: trail.activation === null ? null : round(booking.price(trail.activation)),
          },
    tif: ticket.tif,
    goodTill: ticket.goodTill ?? null,
    postOnly: ticket.postOnly,
    reduceOnly: reduceOnly && !isClosing,
    closePosition: isClosing,
    positionSide: ticket.positionSide ?? null,
  };
};

export const isUnsendable = (request: VenueOrderRequest | Unsendable): request is Unsendable => 'code' in request;
