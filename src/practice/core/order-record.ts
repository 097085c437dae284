import type { VenueOrderRequest, VenueOrderStatus } from '../../live/venue-transport.js';
import type { Lots, Units } from '../../market/units.js';
import type { PracticeExecution, PracticeOrder } from '../practice-exchange.js';

/** An order at the exchange while it lives. Lots are those of `units`. */
export interface OrderRecord {
  readonly venueId: string;
  /** Its name where it is matched: that of the order that was placed. */
  readonly matchId: string;
  readonly request: VenueOrderRequest;
  readonly symbol: number;
  readonly conditional: boolean;
  readonly createdAt: number;
  readonly cause: PracticeExecution['cause'];
  /** The conditional order that this one came from. */
  readonly parent: OrderRecord | null;
  type: VenueOrderRequest['type'];
  units: Units;
  lots: Lots;
  filled: Lots;
  /** Of what has filled, what did before the matching was set up anew. */
  carried: Lots;
  price: number | null;
  stopPrice: number | null;
  status: VenueOrderStatus;
  quote: number;
  updatedAt: number;
  triggeredAt: number | null;
  child: OrderRecord | null;
  code: string;
}

export const isAlive = ({ status }: OrderRecord): boolean => status === 'open' || status === 'untriggered';

/** How others see it now. */
export const orderView = (record: OrderRecord): PracticeOrder => {
  const { request, units, parent, child } = record;
  return {
    clientId: request.clientId,
    venueId: record.venueId,
    symbol: request.symbol,
    side: request.side,
    type: record.type,
    status: record.status,
    quantity: units.quantity(record.lots),
    filled: units.quantity(record.filled),
    price: record.price,
    stopPrice: record.stopPrice,
    reduceOnly: request.reduceOnly,
    closePosition: request.closePosition,
    conditional: record.conditional,
    positionSide: request.positionSide,
    updatedAt: record.updatedAt,
    tif: request.tif,
    postOnly: request.postOnly,
    triggerBy: request.triggerBy,
    trail: request.trail,
    goodTill: request.goodTill,
    createdAt: record.createdAt,
    quote: record.quote,
    triggeredAt: record.triggeredAt,
    spawned: child === null ? null : child.venueId,
    spawnedBy: parent === null ? null : parent.venueId,
    cause: record.cause,
    code: record.code,
  };
};
