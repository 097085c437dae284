import { PassingMap } from '../../engine/passing-map.js';
import type { OrderId } from '../../events/order.js';
import { settlementAsset, type Instrument, type Symbol } from '../../market/instrument.js';
import type { Amount, Lots, Ticks } from '../../market/units.js';
import { Account } from '../../portfolio/account.js';
import type { Word } from '../word.js';
import { AgedMap } from './aged-map.js';
import { endRecord, evolveRecord, fillRecord, orderRecord, type OrderRecord } from './order-record.js';
import { fillBook, lotsIn, payInto, streamBook, type StreamBook } from './stream-book.js';

/** Ids and ended orders are kept so long beyond the newest fact, market ms; what the venue tells of older ones is before every watermark. */
export const KEPT_MS = 7 * 86_400_000;

/** A fact as far as the fold looks at it. */
export type StateFact = Word & { readonly strategy: string };

/**
 * All that the live journal says, folded: orders, books, what was booked already, and how the session stands. It depends on the facts of each stream in order, and not on how the streams interleave.
 * Folded in place: `evolve` changes it and gives it back.
 */
export interface BrokerState {
  readonly instruments: readonly Instrument[];
  readonly hedge: boolean;
  /** Those that have not ended, and those that ended not long ago. */
  readonly orders: AgedMap<OrderRecord>;
  /** Those of them that have not ended. */
  readonly open: PassingMap<OrderId, OrderRecord>;
  /** Order ids by symbol and the venue's id, `symbol|venue id`. */
  readonly byVenue: AgedMap<OrderId>;
  /** By strategy; the account's own part has the empty name. */
  readonly books: Map<string, StreamBook>;
  /** Lots booked of each execution and their price, by `executionKey`. More than one stream may have had a part of it. */
  readonly executions: AgedMap<{ readonly ts: number; lots: Lots; readonly price: Ticks }>;
  /** Time of the newest execution booked, by symbol. */
  readonly executedTo: Map<Symbol, number>;
  /** Amount booked of each entry of the venue's ledger, by `incomeKey`. */
  readonly income: AgedMap<{ readonly ts: number; amount: Amount }>;
  incomeTo: number;
  /** Market time as of which the account was last compared with the venue, its executions included; NaN before. */
  reconciledAt: number;
  /** That was in this session and not in one before. */
  isReconciled: boolean;
  /**
   * The last comparison but one of a session: NaN before. What strategies are told reaches the journal by way of their engines, after the comparison that found it may be written there: a process that dies between the two
   * leaves a comparison whose fills are lost. Only the next comparison of the same process shows that it lived on.
   */
  provenAt: number;
  /** Market time at which the account was first taken over; NaN before. What happened earlier is in the opening balance. */
  openedAt: number;
  /** Lots and cash that were adopted because nothing explained them, by symbol and by asset. */
  readonly adoptedLots: Map<Symbol, Lots>;
  readonly adoptedCash: Map<string, Amount>;
  /** By strategy; the account's own under the empty name. */
  readonly risk: Map<string, 'ACTIVE' | 'REDUCING' | 'HALTED'>;
  /** Alarms that are up. */
  readonly alarms: Map<string, 'warning' | 'critical'>;
  epoch: number;
  /** Newest `ts` of any fact. */
  now: number;
  /** `now` when the maps that forget by age were last turned. */
  turnedAt: number;
}

export const initialState = (instruments: readonly Instrument[], options: { readonly hedge?: boolean } = {}): BrokerState => ({
  instruments,
  hedge: options.hedge === true,
  orders: new AgedMap(),
  open: new PassingMap(),
  byVenue: new AgedMap(),
  books: new Map(),
  executions: new AgedMap(),
  executedTo: new Map(),
  income: new AgedMap(),
  incomeTo: -1,
  reconciledAt: NaN,
  isReconciled: false,
  provenAt: NaN,
  openedAt: NaN,
  adoptedLots: new Map(),
  adoptedCash: new Map(),
  risk: new Map(),
  alarms: new Map(),
  epoch: 0,
  now: 0,
  turnedAt: 0,
});

/** `order`: ours for an execution of an order of a strategy, the venue's for all others. */
export const executionKey = (symbol: Symbol, execution: string, order: string): string => `${symbol}|${execution}|${order}`;
export const incomeKey = (kind: string, about: string, id: string): string => `${kind}|${about}|${id}`;
export const venueKey = (symbol: Symbol, venueOrderId: string): string => `${symbol}|${venueOrderId}`;

/** The book of a strategy, made when it is first needed. */
export const bookOf = (state: BrokerState, strategy: string): StreamBook => {
  const found = state.books.get(strategy);
  if (found) return found;
  const made = streamBook(state.instruments, state.hedge);
  state.books.set(strategy, made);
  return made;
};

const add = <K>(map: Map<K, number>, key: K, value: number): void => {
  map.set(key, (map.get(key) ?? 0) + value);
};

const executed = (state: BrokerState, key: string, symbol: Symbol, ts: number, lots: Lots, price: Ticks): void => {
  const seen = state.executions.get(key);
  if (seen) seen.lots += lots;
  else state.executions.set(key, { ts, lots, price });
  if (ts > (state.executedTo.get(symbol) ?? -1)) state.executedTo.set(symbol, ts);
};

const received = (state: BrokerState, key: string, ts: number, amount: Amount): void => {
  const seen = state.income.get(key);
  if (seen) seen.amount += amount;
  else state.income.set(key, { ts, amount });
  if (ts > state.incomeTo) state.incomeTo = ts;
};

const closed = (state: BrokerState, record: OrderRecord): void => {
  if (record.status === 'ended') state.open.delete(record.ticket.orderId);
};

/** An order by its id. Nearly every fact is of one that is open, and those are few. */
const orderOf = (state: BrokerState, orderId: OrderId): OrderRecord | undefined => state.open.get(orderId) ?? state.orders.get(orderId);

/** What is put in, and what is open, is kept until the second turn from now: longer than `KEPT_MS` beyond the newest fact. */
const turn = (state: BrokerState): void => {
  state.turnedAt = state.now;
  for (const map of [state.orders, state.byVenue, state.executions, state.income]) map.turn();
  for (const record of state.open.values()) {
    const { orderId, symbol } = record.ticket;
    state.orders.set(orderId, record);
    if (record.venueOrderId !== null) state.byVenue.set(venueKey(symbol, record.venueOrderId), orderId);
  }
};

/** Take one more fact in. Facts of a stream come in order; each exactly once. */
export const evolve = (state: BrokerState, fact: StateFact): BrokerState => {
  if (fact.ts > state.now) state.now = fact.ts;
  if (state.now - state.turnedAt > KEPT_MS) turn(state);
  switch (fact.type) {
    case 'OrderApproved':
      if (!state.orders.has(fact.ticket.orderId)) {
        const record = orderRecord(fact.strategy, fact.ticket);
        state.orders.set(fact.ticket.orderId, record);
        state.open.set(fact.ticket.orderId, record);
      }
      break;
    case 'OrderAccepted': {
      const record = orderOf(state, fact.orderId);
      if (!record) break;
      evolveRecord(record, fact);
      if (fact.venueOrderId !== undefined) state.byVenue.set(venueKey(fact.symbol, fact.venueOrderId), fact.orderId);
      break;
    }
    case 'OrderFilled': {
      const book = bookOf(state, fact.strategy);
      const i = book.account.indexOf(fact.symbol);
      if (i < 0) break;
      const asset = settlementAsset(fact.symbol);
      const signed = fact.side === 'buy' ? fact.lots : -fact.lots;
      const realised = fillBook(book, book.account.slot(i, fact.positionSide), fact.price, signed, fact.fee, fact.ts);
      payInto(book, asset, fact.feePaid === undefined ? realised - fact.fee : realised);
      if (fact.feePaid !== undefined) payInto(book, fact.feePaid.asset, -fact.feePaid.amount);
      if (fact.execution !== undefined)
        executed(state, executionKey(fact.symbol, fact.execution, fact.orderId), fact.symbol, fact.ts, fact.lots, fact.price);
      const record = orderOf(state, fact.orderId);
      if (record) {
        fillRecord(record, fact.lots, fact.ts);
        closed(state, record);
      }
      break;
    }
    case 'ExternalFilled': {
      const book = bookOf(state, fact.strategy);
      const i = book.account.indexOf(fact.symbol);
      if (i < 0) break;
      const signed = fact.side === 'buy' ? fact.lots : -fact.lots;
      const realised = fillBook(book, book.account.slot(i, fact.positionSide), fact.price, signed, fact.fee, fact.ts);
      payInto(book, settlementAsset(fact.symbol), realised - fact.fee);
      executed(state, executionKey(fact.symbol, fact.execution, fact.venueOrderId), fact.symbol, fact.ts, fact.lots, fact.price);
      const ours = state.byVenue.get(venueKey(fact.symbol, fact.venueOrderId));
      const record = ours === undefined ? undefined : state.orders.get(ours);
      if (record) {
        fillRecord(record, fact.lots, fact.ts);
        closed(state, record);
      }
      break;
    }
    case 'PositionAdopted': {
      const book = bookOf(state, fact.strategy);
      const i = book.account.indexOf(fact.symbol);
      if (i < 0 || fact.after === fact.before) break;
      const realised = fillBook(book, book.account.slot(i, fact.positionSide), fact.price, fact.after - fact.before, 0, fact.ts);
      payInto(book, settlementAsset(fact.symbol), realised);
      add(state.adoptedLots, fact.symbol, fact.after - fact.before);
      break;
    }
    case 'PositionLiquidated': {
      const book = bookOf(state, fact.strategy);
      payInto(book, settlementAsset(fact.symbol), fact.insurance - fact.fee);
      book.account.pay(fact.insurance - fact.fee);
      // What the fund takes over is so much less lost.
      book.realised += fact.insurance;
      book.fees += fact.fee;
      break;
    }
    case 'FundingSettled': {
      const book = bookOf(state, fact.strategy);
      payInto(book, settlementAsset(fact.symbol), fact.amount);
      book.funding += fact.amount;
      book.account.pay(fact.amount);
      if (fact.income !== undefined) received(state, incomeKey('funding', fact.symbol, fact.income), fact.ts, fact.amount);
      break;
    }
    case 'CashMoved': {
      const book = bookOf(state, fact.strategy);
      const amount = fact.moved?.amount ?? fact.amount;
      payInto(book, fact.moved?.asset ?? '', amount);
      book.account.pay(fact.amount);
      // Strategies have an opening too: their budget out of what the account has.
      if (fact.kind === 'opening' && fact.strategy === '' && !(fact.ts >= state.openedAt)) state.openedAt = fact.ts;
      if (fact.kind === 'adopted') add(state.adoptedCash, fact.moved?.asset ?? '', amount);
      if (fact.income !== '') received(state, incomeKey(fact.kind, fact.moved?.asset ?? '', fact.income), fact.ts, amount);
      break;
    }
    case 'RiskStateChanged':
      state.risk.set(fact.strategy, fact.state);
      break;
    case 'Reconciled':
      if (state.isReconciled) state.provenAt = state.reconciledAt;
      if (!(fact.ts < state.reconciledAt)) state.reconciledAt = fact.ts;
      state.isReconciled = true;
      break;
    case 'SessionStarted':
      state.isReconciled = false;
      state.epoch = Math.max(state.epoch, fact.epoch);
      break;
    case 'AlarmRaised':
      state.alarms.set(fact.code, fact.severity);
      break;
    case 'AlarmCleared':
      state.alarms.delete(fact.code);
      break;
    case 'OrderSubmitted':
    case 'OrderUnknown':
    case 'OrderTriggered':
    case 'OrderRejected':
    case 'OrderCancelled':
    case 'OrderExpired':
    case 'CancelRequested':
    case 'CancelRejected':
    case 'AmendRequested':
    case 'AmendRejected':
    case 'OrderAmended': {
      const record = orderOf(state, fact.orderId);
      if (!record) break;
      evolveRecord(record, fact);
      closed(state, record);
      break;
    }
    case 'AccountLiquidated':
      for (const record of state.open.values())
        if (record.strategy === fact.strategy) {
          endRecord(record, 'cancelled', 'liquidation', fact.ts);
          closed(state, record);
        }
      break;
    default:
      break;
  }
  return state;
};

/** Orders that have not ended, by id. */
export const openRecords = (state: BrokerState): OrderRecord[] =>
  [...state.open.values()].sort((a, b) => (a.ticket.orderId < b.ticket.orderId ? -1 : 1));

/** Signed lots of a symbol over all streams, or of one leg. */
export const netLots = (state: BrokerState, symbol: Symbol, leg?: 'long' | 'short'): Lots => {
  let sum = 0;
  for (const { account } of state.books.values()) {
    const i = account.indexOf(symbol);
    if (i >= 0) sum += leg === undefined ? account.net(i) : (account.lots[account.slot(i, leg)] ?? 0);
  }
  return sum;
};

/** Signed lots of a symbol that a strategy holds, and gross lots that all others do. */
export const lotsOfStreams = (
  state: BrokerState,
  symbol: Symbol,
  strategy: string,
  leg?: 'long' | 'short',
): { readonly own: Lots; readonly others: Lots } => {
  let own = 0;
  let others = 0;
  for (const [name, book] of state.books) {
    const lots = lotsIn(book, symbol, leg);
    if (name === strategy) own = lots;
    else others += Math.abs(lots);
  }
  return { own, others };
};

/** Positions of streams as those of one account, without its cash; of all streams unless they are named. */
export const heldTogether = (state: BrokerState, streams: Iterable<string> = state.books.keys()): Account => {
  const whole = new Account(state.instruments, 0, { hedge: state.hedge });
  const lots = [...whole.lots];
  const cost = [...whole.cost];
  for (const stream of streams) {
    const account = state.books.get(stream)?.account;
    account?.lots.forEach((n, slot) => (lots[slot]! += n));
    account?.cost.forEach((n, slot) => (cost[slot]! += n));
  }
  whole.restore({ cash: 0, lots, cost });
  return whole;
};

/** Whether an entry is recent enough to be kept. */
export const isKept = (state: BrokerState, ts: number): boolean => ts >= state.now - KEPT_MS;

/**
 * Whether the state can tell if something that happened at `ts` was booked already: it is recent enough to be kept, or later than all that was booked when the venue was asked. The second is what a pause of
 * more than a week leaves to be booked. Of two executions of one millisecond, of which the pause came after the first, the second is left to the comparison of positions.
 */
export const isTellable = (state: BrokerState, ts: number, bookedTo: number): boolean => isKept(state, ts) || ts > bookedTo;
