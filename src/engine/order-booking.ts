import { CLOSE_ALL, type Amendment, type Ticket, type Trail } from '../events/order.js';
import type { Lots, Units } from '../market/units.js';
import type { Denial } from '../risk/risk-check.js';
import type { AmendIntent, OrderIntent } from '../strategies/intent.js';
import type { WorkingOrder } from './working-orders.js';

/** What an order is judged by before it is booked. */
export interface OrderView {
  readonly units: Units;
  /** Epoch ms. */
  readonly now: number;
  /** Last price, quote currency; NaN when none is known. */
  readonly last: number;
  /** The account keeps a long and a short position of the symbol. */
  readonly hedge: boolean;
  /** Orders of targets in the symbol are on their way. */
  readonly targetsAtWork: boolean;
}

const isPositive = (x: number): boolean => x > 0 && x < Infinity;
const bad = (text: string): Denial => ({ code: 'bad-order', text });

/** Lots of an order in whole steps; `CLOSE_ALL` for one that closes whatever is held. */
export const lotsOf = (intent: OrderIntent, u: Units): Lots => (intent.closePosition ? CLOSE_ALL : u.lots(intent.quantity));

const trailOf = ({ bps, distance, activation }: NonNullable<OrderIntent['trail']>, u: Units): Trail => ({
  bps,
  distance: distance === null ? null : u.ticks(distance),
  activation: activation === null ? null : u.ticks(activation),
});

/** In hedge mode a sale of the long side and a purchase of the short one can only close. */
const closesLeg = ({ side, positionSide }: Pick<OrderIntent, 'side' | 'positionSide'>): boolean =>
  positionSide !== undefined && (side === 'sell') === (positionSide === 'long');

/**
 * The intent in booking units. Limits are rounded away from paying more; triggers, activations and distances to the nearest tick. Closing orders of a leg and close-position orders are reduce-only,
 * whatever was asked.
 */
export const ticketOf = (intent: OrderIntent, orderId: string, u: Units): Ticket => {
  const trigger = intent.takeProfit ?? intent.stop;
  const ticket: { -readonly [K in keyof Ticket]: Ticket[K] } = {
    orderId,
    symbol: intent.symbol,
    side: intent.side,
    type: intent.type,
    lots: lotsOf(intent, u),
    limit: intent.limit === null ? null : intent.side === 'buy' ? u.ticksDown(intent.limit) : u.ticksUp(intent.limit),
    stop: trigger === null ? null : u.ticks(trigger),
    tif: intent.tif,
    postOnly: intent.postOnly,
    reduceOnly: intent.reduceOnly || intent.closePosition === true || closesLeg(intent),
  };
  if (intent.goodTill !== undefined) ticket.goodTill = intent.goodTill;
  if (intent.triggerBy !== undefined) ticket.triggerBy = intent.triggerBy;
  if (intent.trail !== undefined) ticket.trail = trailOf(intent.trail, u);
  if (intent.closePosition !== undefined) ticket.closePosition = intent.closePosition;
  if (intent.positionSide !== undefined) ticket.positionSide = intent.positionSide;
  return ticket;
};

const wrongTrail = (intent: OrderIntent, { units: u, last }: OrderView): Denial | null => {
  if (intent.trail === undefined) return null;
  const { bps, distance } = intent.trail;
  if (intent.limit !== null) return bad('a trailing stop becomes a market order: it has no limit');
  if (intent.stop !== null || intent.takeProfit !== undefined)
    return bad('the trigger of a trailing stop follows the price: it has no fixed one');
  if ((bps === null) === (distance === null)) return bad('a trailing stop follows by one of bps and distance');
  if (bps !== null && bps >= 10_000) return bad(`a trailing stop of ${bps} bp is never reached: the whole price is 10000 bp`);
  if (distance !== null && u.ticks(distance) < 1) return bad(`a trailing distance of ${distance} is less than a tick of ${u.tickSize}`);
  if (distance !== null && distance >= last) return bad(`a trailing distance of ${distance} from a price of ${last} is never reached`);
  return null;
};

const wrongTime = ({ type, tif, goodTill }: OrderIntent, now: number): Denial | null => {
  if (tif !== 'gtd')
    return goodTill === undefined ? null : bad(`an order that is good till a date has the time in force gtd, and not ${tif}`);
  if (goodTill === undefined) return bad('a gtd order says in goodTill till when it is good');
  if (!(goodTill > now)) return bad(`a gtd order is good till ${goodTill}, which is not after now, ${now}`);
  return type === 'market' ? bad('a market order takes at once: it is not good till a date') : null;
};

const wrongLeg = (intent: OrderIntent, hedge: boolean): Denial | null => {
  const { symbol, side, positionSide } = intent;
  if (!hedge)
    return positionSide === undefined
      ? null
      : { code: 'position-side', text: `the account holds one position in ${symbol}: an order names no side of it` };
  if (positionSide === undefined)
    return { code: 'position-side', text: `the account holds a long and a short position in ${symbol}: an order names the one it acts on` };
  return (intent.reduceOnly || intent.closePosition) && !closesLeg(intent)
    ? { code: 'position-side', text: `a ${side} of the ${positionSide} position opens it: it cannot be reduce-only` }
    : null;
};

/** Why the order cannot be, whatever the account; or null. */
export const impossible = (intent: OrderIntent, view: OrderView): Denial | null => {
  const { quantity, limit, stop, takeProfit, trail, goodTill, closePosition, type } = intent;
  const { units: u } = view;
  const given = [closePosition ? 1 : quantity, limit, stop, takeProfit, trail?.activation, goodTill];
  if (given.some(x => x !== null && x !== undefined && !isPositive(x)))
    return { code: 'not-a-number', text: `order of ${quantity} ${intent.symbol} at limit ${limit}, stop ${takeProfit ?? stop}` };
  for (const x of [trail?.bps, trail?.distance]) {
    if (Number.isNaN(x)) return { code: 'not-a-number', text: `trailing stop of ${x}` };
    if (x !== null && x !== undefined && !isPositive(x)) return bad(`a trailing stop follows at a distance above 0, and not at ${x}`);
  }
  if (lotsOf(intent, u) === 0) return { code: 'below-lot', text: `${quantity} is less than one lot of ${u.lotSize}` };
  if (closePosition && quantity !== 0) return bad('an order that closes whatever is held has no quantity of its own');
  if (closePosition && limit !== null) return bad('an order that closes whatever is held has no limit: it might leave some of it');
  if (closePosition && view.targetsAtWork)
    return bad(`orders of a target in ${intent.symbol} are on their way: what will be held is not known`);
  if (stop !== null && takeProfit !== undefined) return bad('an order has one trigger: a stop or a take-profit');
  if (intent.triggerBy !== undefined && (type === 'market' || type === 'limit')) return bad(`a ${type} order has no trigger`);
  if (intent.postOnly && !((type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit') && /^gt[cd]$/.test(intent.tif)))
    return bad(`a ${type} order with time in force ${intent.tif} cannot be post-only`);
  const wrong = wrongTrail(intent, view) ?? wrongTime(intent, view.now) ?? wrongLeg(intent, view.hedge);
  if (wrong) return wrong;
  const { limit: limitTicks, stop: stopTicks } = ticketOf(intent, '', u);
  return limitTicks === 0 || stopTicks === 0 ? bad(`a price of ${limit ?? takeProfit ?? stop} is less than a tick of ${u.tickSize}`) : null;
};

/** The wanted change in booking units, or why it cannot be. */
export const amendmentOf = (intent: AmendIntent, order: WorkingOrder, u: Units): Amendment | Denial => {
  const { ticket, filled } = order;
  const { quantity, limit, stop } = intent;
  if ([quantity, limit, stop].some(x => x !== null && !isPositive(x)))
    return { code: 'not-a-number', text: `order ${intent.id} amended to ${quantity} at limit ${limit}, stop ${stop}` };
  if (quantity === null && limit === null && stop === null) return bad(`the amendment of ${intent.id} changes nothing`);
  if (limit !== null && ticket.limit === null) return bad(`${intent.id} is a ${ticket.type} order and has no limit`);
  if (stop !== null && ticket.stop === null) return bad(`${intent.id} is a ${ticket.type} order and has no trigger price of its own`);
  if (quantity !== null && ticket.closePosition) return bad(`${intent.id} closes whatever is held and has no quantity of its own`);
  const lots = quantity === null ? null : u.lots(quantity);
  if (lots === 0) return { code: 'below-lot', text: `${quantity} is less than one lot of ${u.lotSize}` };
  if (lots !== null && lots <= filled) return bad(`${u.quantity(filled)} of ${intent.id} has filled: it cannot be amended to ${quantity}`);
  const limitTicks = limit === null ? null : ticket.side === 'buy' ? u.ticksDown(limit) : u.ticksUp(limit);
  const stopTicks = stop === null ? null : u.ticks(stop);
  if (limitTicks === 0 || stopTicks === 0) return bad(`a price of ${limit ?? stop} is less than a tick of ${u.tickSize}`);
  return { orderId: ticket.orderId, lots, limit: limitTicks, stop: stopTicks };
};
