import { usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { OrderId } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import { placeIn } from './fact-place.js';
import { ordersNamed } from './order-life.js';

/** What a reader asks about: a fact of a stream, and the order that it belongs to, if one. */
interface WhySubject {
  readonly stream: string;
  readonly orderId: OrderId | null;
  readonly symbol: Symbol | null;
  /** The fact whose causes are told: the fill that was named, of an order its first, of an order without one the last that happened to it. */
  readonly seq: number;
  /** Whether a whole order was named, and not one of its facts. */
  readonly isOrder: boolean;
}

const orderIdOf = (fact: Fact): OrderId | null =>
  fact.type === 'OrderApproved' ? fact.ticket.orderId : 'orderId' in fact ? fact.orderId : null;
const symbolOf = (fact: Fact): Symbol | null =>
  fact.type === 'OrderApproved' ? fact.ticket.symbol : 'symbol' in fact && fact.symbol !== '' ? fact.symbol : null;

const about = (fact: Fact, isOrder = false): WhySubject => ({
  stream: fact.strategy,
  orderId: orderIdOf(fact),
  symbol: symbolOf(fact),
  seq: fact.seq,
  isOrder,
});

const named = (facts: readonly Fact[], wanted: string, of: string): OrderId | null => {
  const streams = [...new Set(facts.map(({ strategy }) => strategy))];
  const found = streams.flatMap(stream =>
    ordersNamed(
      facts.filter(({ strategy }) => strategy === stream),
      wanted,
    ),
  );
  if (found.length > 1)
    throw usageError(
      'which-order',
      `${found.length} orders of ${of} were named "${wanted}": ${found
        .slice(0, 8)
        .map(({ orderId }) => orderId)
        .join(', ')}${found.length > 8 ? ' …' : ''}.`,
      'Give one of these ids.',
    );
  // An order that the venue made itself has fills and was never asked for.
  return found[0]?.orderId ?? (facts.some(fact => fact.type === 'OrderFilled' && fact.orderId === wanted) ? wanted : null);
};

/**
 * The fact that is asked about: `o12` or the strategy's own name for an order, `o12#2` for its second fill, a number for a fact of the journal (`STREAM:SEQ` in an account), or the venue's id of an execution.
 * Throws a usage error for what is not there, and for a name that several orders had; `list` says where orders are listed.
 */
export const whySubject = (facts: readonly Fact[], wanted: string, of: string, list: string): WhySubject => {
  const executed = facts.find(fact => (fact.type === 'OrderFilled' || fact.type === 'ExternalFilled') && fact.execution === wanted);
  const isPlace = /^(.+:)?\d+$/.test(wanted);
  // Venues number executions too: one beyond the journal's end is no place in it.
  if (executed && !(isPlace && Number(wanted) < facts.length)) return about(executed);
  if (isPlace) return about(facts[placeIn(facts, wanted, of)] as Fact);
  const [, head = wanted, number] = /^(.+)#(\d+)$/.exec(wanted) ?? [];
  const orderId = named(facts, head, of);
  if (orderId === null) throw usageError('unknown-order', `${of.charAt(0).toUpperCase()}${of.slice(1)} has no order "${head}".`, list);
  const own = facts.filter(fact => orderIdOf(fact) === orderId);
  const fills = own.filter(({ type }) => type === 'OrderFilled');
  if (number === undefined) return about((fills[0] ?? own.at(-1)) as Fact, true);
  const fill = fills[Number(number) - 1];
  if (fill) return about(fill);
  throw usageError(
    'unknown-fill',
    `Order ${orderId} has ${fills.length === 0 ? 'no fill' : `${fills.length} ${fills.length === 1 ? 'fill' : 'fills'}`}, and no number ${number}.`,
    fills.length === 0 ? `Ask about the order: quantai why ${orderId}` : `Count them from 1: quantai why ${orderId}#1`,
  );
};
