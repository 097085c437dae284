import type { Fact } from '../../events/fact.js';
import type { JournalVerdict } from '../../journal/journal.js';
import { clientIdOf, orderIdIn } from '../../live/broker/client-id.js';
import type { Instrument } from '../../market/instrument.js';
import { toAmount, units, type Amount, type Lots, type Units } from '../../market/units.js';
import type { Truth } from './truth.js';

/** The seven laws of the oracle, and one of good manners, that hold after every scenario and seed. */
export const LAWS = {
  o1: 'engine fills are the exchange’s fills, each exactly once',
  o2: 'no venue order without a durable intent before it, and at most one order per intent',
  o3: 'positions, cash, fees and funding are equal, to the unit',
  o4: 'folding the journal from empty gives the live state, byte for byte',
  o5: 'the hash chain verifies',
  o6: 'no position without its protective order for longer than the bound, else HALTED and an alarm',
  o7: 'once the faults stop, converged within the bound',
  ban: 'no request while the venue has banned us',
} as const;
export type Law = keyof typeof LAWS;

/** A law that does not hold, and where. */
export interface Violation {
  readonly law: Law;
  readonly text: string;
}

/** What the oracle compares. */
export interface Evidence {
  readonly instruments: readonly Instrument[];
  /** Every durable fact. */
  readonly facts: readonly Fact[];
  readonly verdict: JournalVerdict;
  readonly truth: Truth;
  /** State of the live session, and of a fold of its journal from empty, as text. Null where no session is left to ask. */
  readonly live: string | null;
  readonly folded: string | null;
  /** What was seen while the world ran: O2 at receipt, O6, O7, requests in a ban. */
  readonly seen: readonly Violation[];
}

/** Market time from which on the account is the journal's: what happened before is in its opening balance and positions. */
const openedAt = ({ facts }: Evidence): number =>
  facts.find(fact => fact.type === 'CashMoved' && fact.kind === 'opening' && fact.strategy === '')?.ts ?? -Infinity;

const firstDifference = (a: string, b: string): string => {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return `live …${a.slice(Math.max(0, i - 80), i + 60)}… folded …${b.slice(Math.max(0, i - 20), i + 60)}…`;
};

/** Lots and fee of an execution; of several strategies on one account each may have booked its part. */
interface Booked {
  lots: Lots;
  fee: Amount;
}

const fills = (evidence: Evidence, unitsOf: (symbol: string) => Units): Violation[] => {
  const { facts, truth } = evidence;
  const opened = openedAt(evidence);
  const booked = new Map<string, Booked>();
  const violations: Violation[] = [];
  const keyOf = (symbol: string, id: string, side: string, price: number): string => `${symbol} #${id} ${side} at ${price} ticks`;
  for (const fact of facts) {
    if (fact.type !== 'OrderFilled' && fact.type !== 'ExternalFilled') continue;
    if (fact.execution === undefined) {
      violations.push({ law: 'o1', text: `a fill of ${fact.lots} lots names no execution` });
      continue;
    }
    const key = keyOf(fact.symbol, fact.execution, fact.side, fact.price);
    const part = booked.get(key) ?? { lots: 0, fee: 0 };
    booked.set(key, { lots: part.lots + fact.lots, fee: part.fee + fact.fee });
  }
  for (const each of truth.executions) {
    const u = unitsOf(each.symbol);
    const key = keyOf(each.symbol, each.id, each.side, u.ticks(each.price));
    // Told while the account was being opened it may be booked by itself, and is not in the opening balance then.
    if (each.ts < opened && !booked.has(key)) continue;
    const { lots, fee } = booked.get(key) ?? { lots: 0, fee: 0 };
    const [wanted, paid] = [u.lots(Math.abs(each.quantity)), toAmount(each.fee)];
    if (lots !== wanted || fee !== paid)
      violations.push({
        law: 'o1',
        text: `${key} of ${each.clientId}, ${each.cause}: ${lots} lots and fee ${fee} booked of ${wanted} and ${paid}`,
      });
    booked.delete(key);
  }
  for (const [key, { lots }] of booked) violations.push({ law: 'o1', text: `${key}: ${lots} lots booked, and unknown to the exchange` });
  return violations;
};

/** An order that was said to be over is over: a fill after that means that its end was concluded from nothing. */
const ends = ({ facts }: Evidence): Violation[] => {
  const ended = new Map<string, string>();
  const violations: Violation[] = [];
  for (const fact of facts)
    switch (fact.type) {
      case 'OrderRejected':
      case 'OrderCancelled':
      case 'OrderExpired':
        ended.set(fact.orderId, `${fact.type} (${fact.code})`);
        break;
      case 'OrderAccepted':
      case 'OrderFilled': {
        const end = ended.get(fact.orderId);
        if (end !== undefined) violations.push({ law: 'o1', text: `${fact.orderId} was ${end} and then ${fact.type}` });
        break;
      }
      default:
    }
  return violations;
};

const intents = ({ facts, truth }: Evidence): Violation[] => {
  const violations: Violation[] = [];
  const submitted = new Set<string>();
  for (const fact of facts) if (fact.type === 'OrderSubmitted') submitted.add(clientIdOf(fact.orderId));
  const times = new Map<string, number>();
  for (const order of truth.orders) {
    if (orderIdIn(order.clientId) === null || order.spawnedBy !== null) continue;
    times.set(order.clientId, (times.get(order.clientId) ?? 0) + 1);
    if (!submitted.has(order.clientId)) violations.push({ law: 'o2', text: `${order.clientId} is at the exchange and not in the journal` });
  }
  for (const [clientId, n] of times) if (n > 1) violations.push({ law: 'o2', text: `${clientId} is at the exchange ${n} times` });
  return violations;
};

/** An order at work at one of the two is at work at the other: nobody closes one from nothing, and nobody forgets one that has ended. */
const standing = ({ facts, truth }: Evidence): Violation[] => {
  const ended = new Map<string, string>();
  const submitted = new Set<string>();
  const accepted = new Set<string>();
  for (const fact of facts)
    if (fact.type === 'OrderSubmitted') submitted.add(fact.orderId);
    else if (fact.type === 'OrderAccepted') accepted.add(fact.orderId);
    else if (fact.type === 'OrderRejected' || fact.type === 'OrderCancelled' || fact.type === 'OrderExpired')
      ended.set(fact.orderId, `${fact.type} (${fact.code})`);
  const violations: Violation[] = [];
  const known = new Set<string>();
  for (const { clientId, spawnedBy, status } of truth.orders) {
    const orderId = orderIdIn(clientId);
    if (orderId === null || spawnedBy !== null) continue;
    known.add(orderId);
    const end = ended.get(orderId);
    if (status === 'open' || status === 'untriggered') {
      if (end !== undefined) violations.push({ law: 'o1', text: `${orderId} was ${end} and is still at work at the exchange` });
    } else if (status !== 'filled' && end === undefined && submitted.has(orderId))
      violations.push({ law: 'o7', text: `${orderId} is ${status} at the exchange and at work in the journal` });
  }
  for (const orderId of submitted) {
    if (known.has(orderId)) continue;
    if (accepted.has(orderId)) violations.push({ law: 'o2', text: `${orderId} was accepted and is unknown to the exchange` });
    else if (!ended.has(orderId)) violations.push({ law: 'o7', text: `${orderId} is at work in the journal and unknown to the exchange` });
  }
  return violations;
};

const books = (evidence: Evidence, unitsOf: (symbol: string) => Units): Violation[] => {
  const { facts, truth, instruments } = evidence;
  const opened = openedAt(evidence);
  const lots = new Map<string, Lots>();
  let [fees, funding, moved, fillFlow, given] = [0, 0, 0, 0, 0];
  const book = (symbol: string, signed: Lots, price: number): void => {
    lots.set(symbol, (lots.get(symbol) ?? 0) + signed);
    fillFlow -= unitsOf(symbol).notional(price, signed);
  };
  for (const fact of facts)
    switch (fact.type) {
      case 'OrderFilled':
      case 'ExternalFilled':
        book(fact.symbol, fact.side === 'buy' ? fact.lots : -fact.lots, fact.price);
        fees += fact.fee;
        break;
      case 'PositionAdopted':
        book(fact.symbol, fact.after - fact.before, fact.price);
        break;
      case 'FundingSettled':
        funding += fact.amount;
        break;
      case 'CashMoved':
        moved += fact.amount;
        // What a strategy is given comes out of the account: its opening, and a transfer that no ledger of the venue names.
        if (fact.strategy === '' ? fact.kind === 'transfer' && fact.income === '' : fact.kind === 'opening') given += fact.amount;
        break;
      case 'PositionLiquidated':
        fees += fact.fee;
        moved += fact.insurance;
        break;
      default:
    }
  const violations: Violation[] = [];
  const differs = (what: string, ours: number, theirs: number): void => {
    if (ours !== theirs) violations.push({ law: 'o3', text: `${what}: ${ours} in the journal, ${theirs} at the exchange` });
  };
  for (const { symbol } of instruments) {
    const u = unitsOf(symbol);
    const quantity = truth.positions.get(symbol) ?? 0;
    differs(`lots of ${symbol}`, lots.get(symbol) ?? 0, quantity < 0 ? -u.lots(-quantity) : u.lots(quantity));
  }
  const named = new Set(
    facts.flatMap(fact => (fact.type === 'OrderFilled' || fact.type === 'ExternalFilled' ? [`${fact.symbol} ${fact.execution}`] : [])),
  );
  const feesBefore = truth.executions.reduce(
    (sum, each) => (each.ts < opened && !named.has(`${each.symbol} ${each.id}`) ? sum + toAmount(each.fee) : sum),
    0,
  );
  differs('fees', fees, truth.fees - feesBefore);
  differs('funding', funding, truth.funding);
  if (given !== 0) violations.push({ law: 'o3', text: `${given} was given to strategies and not taken from the account` });
  // The opening balance and every movement since: both begin from nothing.
  differs('cash moved', moved, truth.moved - feesBefore);
  // What trading brought in or paid out, positions at no value: free of any convention about average prices.
  let venueFlow = 0;
  for (const each of truth.executions) {
    const u = unitsOf(each.symbol);
    const signed = Math.abs(u.lots(each.quantity)) * (each.side === 'buy' ? 1 : -1);
    venueFlow -= u.notional(u.ticks(each.price), signed);
  }
  // What was adopted from outside has a price of its own; parts that are closed against each other come to nothing.
  if (!facts.some(fact => fact.type === 'PositionAdopted' && fact.code !== 'netted')) differs('cash from trades', fillFlow, venueFlow);
  return violations;
};

/** The laws that do not hold. Empty: all of them do. */
export const oracle = (evidence: Evidence): readonly Violation[] => {
  const table = new Map(evidence.instruments.map(each => [each.symbol, units(each)]));
  const unitsOf = (symbol: string): Units => {
    const found = table.get(symbol);
    if (found === undefined) throw new RangeError(`${symbol} is no instrument of this world`);
    return found;
  };
  const violations: Violation[] = [
    ...fills(evidence, unitsOf),
    ...ends(evidence),
    ...intents(evidence),
    ...standing(evidence),
    ...books(evidence, unitsOf),
  ];
  const { live, folded, verdict } = evidence;
  if (live !== null && folded !== null && live !== folded) violations.push({ law: 'o4', text: firstDifference(live, folded) });
  if (!verdict.ok) violations.push({ law: 'o5', text: verdict.fault ?? 'the journal does not verify' });
  // No journal verifies too.
  else if (evidence.facts.length === 0) violations.push({ law: 'o5', text: 'the journal is empty' });
  return [...violations, ...evidence.seen];
};
