import type { Fact } from '../events/fact.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import { units, type Units } from '../market/units.js';
import type { TraceEntry } from '../sim/matching/market.js';
import { codeText } from './order-code-text.js';

/** One moment of an order's life, in market units. */
export interface LifeMoment {
  readonly ts: number;
  /** Who says it: the run's journal, or the simulated venue when it is asked again. */
  readonly from: 'journal' | 'venue';
  readonly event: string;
  /** Quantity and price that it is about; null where it is about none. */
  readonly quantity: number | null;
  readonly price: number | null;
  /** One sentence. */
  readonly text: string;
  /** Quantity ahead in the queue, where the venue's market has one. */
  readonly ahead: number | null;
  /** Displayed levels, best first, as [price, quantity]; null where the depth shows none. */
  readonly book: { readonly bids: readonly (readonly [number, number])[]; readonly asks: readonly (readonly [number, number])[] } | null;
}

const priceText = (u: Units, ticks: number | null): string => (ticks === null ? '' : String(u.price(ticks)));

const ticketText = (u: Units, fact: Extract<Fact, { type: 'OrderApproved' }>): string => {
  const { side, type, lots, limit, stop, tif, postOnly, reduceOnly, closePosition, trail, triggerBy, positionSide } = fact.ticket;
  return [
    `${side} ${closePosition ? 'all that is held' : u.quantity(lots)}`,
    type === 'limit' ? '' : type,
    limit === null ? '' : `limit ${priceText(u, limit)}`,
    stop === null ? '' : `trigger ${priceText(u, stop)}${triggerBy === undefined ? '' : ' by mark'}`,
    trail === undefined ? '' : trail.bps === null ? `trailing by ${priceText(u, trail.distance)}` : `trailing by ${trail.bps} bp`,
    tif,
    postOnly ? 'post-only' : '',
    reduceOnly ? 'reduce-only' : '',
    positionSide === undefined ? '' : `${positionSide} leg`,
  ]
    .filter(text => text !== '')
    .join(', ');
};

const plain = (fact: Fact, event: string, text: string, quantity: number | null = null, price: number | null = null): LifeMoment => ({
  ts: fact.ts,
  from: 'journal',
  event,
  quantity,
  price,
  text,
  ahead: null,
  book: null,
});

/** What a fact says of the order; null when it says nothing of it. `intents` are the seqs of what the order came from. */
const momentOf = (fact: Fact, orderId: string, u: Units, intents: ReadonlySet<number>): LifeMoment | null => {
  switch (fact.type) {
    case 'TargetSet':
      return intents.has(fact.seq) ? plain(fact, 'intent', `Target of ${fact.exposure} × equity${because(fact.reason)}.`) : null;
    case 'OrderRequested':
      return intents.has(fact.seq) ? plain(fact, 'intent', `The strategy asked for it${because(fact.reason)}.`) : null;
    case 'ExecutionRequested':
      return intents.has(fact.seq)
        ? plain(fact, 'intent', `Part of a ${fact.execution}: ${fact.side} ${fact.quantity}${because(fact.reason)}.`)
        : null;
    case 'TradePlanned':
      return intents.has(fact.seq) || intents.has(fact.correlationId) ? plain(fact, 'intent', `Part of a trade plan: ${fact.side}.`) : null;
    case 'OrderApproved':
      return fact.ticket.orderId === orderId
        ? plain(
            fact,
            'approved',
            `Passed the risk gate: ${ticketText(u, fact)}.`,
            fact.ticket.closePosition ? null : u.quantity(fact.ticket.lots),
            fact.ticket.limit === null ? null : u.price(fact.ticket.limit),
          )
        : null;
    default:
      break;
  }
  if (!('orderId' in fact) || fact.orderId !== orderId) return null;
  switch (fact.type) {
    case 'OrderSubmitted':
      return plain(fact, 'sent', 'Left for the venue.');
    case 'CancelRequested':
      return plain(fact, 'cancel sent', `A cancel left for the venue${because(fact.reason)}.`);
    case 'AmendRequested':
      return plain(fact, 'amend sent', `An amendment left for the venue${because(fact.reason)}.`);
    case 'OrderAccepted':
      return plain(fact, 'accepted', 'The venue has it.');
    case 'OrderRejected':
      return plain(fact, 'rejected', `The venue refused it: ${codeText(fact.code)}.`);
    case 'OrderTriggered':
      return plain(fact, 'triggered', `Its trigger was reached at ${priceText(u, Math.round(fact.price))}.`);
    case 'OrderAmended':
      return plain(
        fact,
        'amended',
        `Its terms are now ${u.quantity(fact.lots)}${fact.limit === null ? '' : ` at ${priceText(u, fact.limit)}`}${fact.stop === null ? '' : `, trigger ${priceText(u, fact.stop)}`}; it ${fact.keepsPlace ? 'kept' : 'lost'} its place in the queue.`,
      );
    case 'OrderFilled':
      return plain(
        fact,
        'filled',
        `${u.quantity(fact.lots)} at ${priceText(u, fact.price)} as ${fact.liquidity}.`,
        u.quantity(fact.lots),
        u.price(fact.price),
      );
    case 'OrderCancelled':
      return plain(fact, 'cancelled', `Gone: ${codeText(fact.code)}.`);
    case 'OrderExpired':
      return plain(fact, 'expired', `Gone by its terms: ${codeText(fact.code)}.`);
    case 'CancelRejected':
      return plain(fact, 'cancel rejected', `The cancel changed nothing: ${codeText(fact.code)}.`);
    case 'AmendRejected':
      return plain(fact, 'amend rejected', `The amendment changed nothing: ${codeText(fact.code)}.`);
    default:
      return null;
  }
};

const because = (reason: string): string => (reason === '' ? '' : ` (“${reason}”)`);

const traced = (entry: TraceEntry, u: Units): LifeMoment => {
  const side = (levels: TraceEntry['bids']): [number, number][] => levels.map(([ticks, lots]) => [u.price(ticks), u.quantity(lots)]);
  return {
    ts: entry.ts,
    from: 'venue',
    event: entry.event,
    quantity: Number.isNaN(entry.lots) ? null : u.quantity(entry.lots),
    price: Number.isNaN(entry.price) ? null : u.price(entry.price),
    text: entry.text,
    // A place in a queue is an estimate: more digits than a hundredth of a lot say nothing.
    ahead: Number.isNaN(entry.ahead) ? null : u.quantity(Math.round(100 * entry.ahead)) / 100,
    book: entry.bids.length + entry.asks.length === 0 ? null : { bids: side(entry.bids), asks: side(entry.asks) },
  };
};

/** An order of a run, found by its id or by the strategy's name for it. */
export interface NamedOrder {
  readonly orderId: string;
  readonly symbol: Symbol;
}

/** Orders of a run that go by this id or name, in order of approval. */
export const ordersNamed = (facts: readonly Fact[], wanted: string): NamedOrder[] => {
  const named = new Set(facts.flatMap(fact => (fact.type === 'OrderRequested' && fact.name === wanted ? [fact.seq] : [])));
  return facts.flatMap(fact =>
    fact.type === 'OrderApproved' && (fact.ticket.orderId === wanted || named.has(fact.correlationId) || named.has(fact.causationId))
      ? [{ orderId: fact.ticket.orderId, symbol: fact.ticket.symbol }]
      : [],
  );
};

/** Everything that is known of an order, in order of time: what the facts say and what the venue saw. */
export const orderLife = (
  facts: readonly Fact[],
  trace: readonly TraceEntry[],
  { orderId }: NamedOrder,
  instrument: Instrument,
): LifeMoment[] => {
  const u = units(instrument);
  const approved = facts.find(fact => fact.type === 'OrderApproved' && fact.ticket.orderId === orderId);
  const intents = new Set([approved?.correlationId ?? NaN, approved?.causationId ?? NaN]);
  const told = facts.flatMap(fact => momentOf(fact, orderId, u, intents) ?? []);
  const seen = trace.filter(entry => entry.orderId === orderId).map(entry => traced(entry, u));
  // What the venue saw of a moment comes before what it said of it; sorting is stable.
  return [...seen, ...told].sort((a, b) => a.ts - b.ts || stage(a) - stage(b));
};

const FIRST: Readonly<Record<string, number>> = { intent: 0, approved: 1, sent: 2 };

const stage = ({ from, event }: LifeMoment): number => (from === 'venue' ? 3 : (FIRST[event] ?? 4));
