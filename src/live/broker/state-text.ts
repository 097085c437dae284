import type { Instrument } from '../../market/instrument.js';
import { bookOf, initialState, isKept, venueKey, type BrokerState } from './broker-state.js';
import type { OrderRecord } from './order-record.js';
import type { StreamBook } from './stream-book.js';

const sorted = <V>(map: Iterable<[string, V]>): [string, V][] => [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Keys in order, numbers as shortest decimals, so that equal states are equal texts. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`)
      .join(',')}}`;
  // Minus nought is nought in the books.
  return value === 0 ? '0' : JSON.stringify(value);
};

const bookJson = (state: BrokerState, { account, cash, realised, fees, funding, held }: StreamBook) => ({
  cash: sorted(cash),
  total: account.cash,
  realised,
  fees,
  funding,
  positions: state.instruments
    .flatMap((_, i) => (state.hedge ? [i, i + state.instruments.length] : [i]))
    .flatMap(slot => {
      const lots = account.lots[slot] ?? 0;
      const changes = held.get(slot) ?? [];
      return lots === 0 && changes.length === 0
        ? []
        : [
            [
              account.symbols[account.symbolOf(slot)] ?? '',
              account.legOf(slot) ?? '',
              lots,
              account.cost[slot] ?? 0,
              changes.map(c => [c.ts, c.lots]),
            ],
          ];
    }),
});

const isEmpty = ({ cash, held }: StreamBook): boolean => cash.size === 0 && held.size === 0;

const keptOrders = (state: BrokerState): [string, OrderRecord][] =>
  sorted(state.orders).filter(([, record]) => record.ended === null || isKept(state, record.ended.ts));

/** The whole state as one text: equal states give equal bytes, and `restoreState` reads it back. For snapshots, and to compare a live state with the fold of its journal. */
export const canonicalState = (state: BrokerState): string =>
  canonical({
    orders: keptOrders(state).map(([, record]) => record),
    books: sorted(state.books).flatMap(([strategy, book]) => (isEmpty(book) ? [] : [[strategy, bookJson(state, book)]])),
    executions: sorted(state.executions).flatMap(([key, { ts, lots, price }]) => (isKept(state, ts) ? [[key, ts, lots, price]] : [])),
    executedTo: sorted(state.executedTo),
    income: sorted(state.income).flatMap(([key, { ts, amount }]) => (isKept(state, ts) ? [[key, ts, amount]] : [])),
    incomeTo: state.incomeTo,
    openedAt: Number.isNaN(state.openedAt) ? null : state.openedAt,
    reconciledAt: Number.isNaN(state.reconciledAt) ? null : state.reconciledAt,
    isReconciled: state.isReconciled,
    provenAt: Number.isNaN(state.provenAt) ? null : state.provenAt,
    adoptedLots: sorted(state.adoptedLots),
    adoptedCash: sorted(state.adoptedCash),
    risk: sorted(state.risk),
    alarms: sorted(state.alarms),
    epoch: state.epoch,
    now: state.now,
  });

/**
 * What the broker itself must agree on with the journal: orders with what filled, positions, money, executions and income booked. Left out is what reaches the one before the other: times of sending, cancel
 * requests, risk states, alarms.
 */
export const canonicalBooks = (state: BrokerState): string =>
  canonical({
    orders: keptOrders(state).map(([orderId, { status, venueOrderId, filled, lots, limit, stop, ended }]) => [
      orderId,
      status === 'approved' ? 'submitted' : status,
      venueOrderId,
      filled,
      lots,
      limit,
      stop,
      ended === null ? null : [ended.how, ended.code],
    ]),
    books: sorted(state.books).flatMap(([strategy, book]) => (isEmpty(book) ? [] : [[strategy, bookJson(state, book)]])),
    executions: sorted(state.executions).map(([key, { lots }]) => [key, lots]),
    income: sorted(state.income).map(([key, { amount }]) => [key, amount]),
  });

interface BookText {
  readonly cash: readonly [string, number][];
  readonly total: number;
  readonly realised: number;
  readonly fees: number;
  readonly funding: number;
  readonly positions: readonly [
    symbol: string,
    leg: '' | 'long' | 'short',
    lots: number,
    cost: number,
    held: readonly [number, number][],
  ][];
}

interface StateText {
  readonly orders: readonly OrderRecord[];
  readonly books: readonly [string, BookText][];
  readonly executions: readonly [string, number, number, number][];
  readonly executedTo: readonly [string, number][];
  readonly income: readonly [string, number, number][];
  readonly incomeTo: number;
  readonly openedAt: number | null;
  readonly reconciledAt: number | null;
  readonly isReconciled: boolean;
  readonly provenAt: number | null;
  readonly adoptedLots: readonly [string, number][];
  readonly adoptedCash: readonly [string, number][];
  readonly risk: readonly [string, 'ACTIVE' | 'REDUCING' | 'HALTED'][];
  readonly alarms: readonly [string, 'warning' | 'critical'][];
  readonly epoch: number;
  readonly now: number;
}

/** The state that `canonicalState` wrote. The instruments are those of the journal. Throws a SyntaxError on what is no such text. */
export const restoreState = (text: string, instruments: readonly Instrument[], options: { readonly hedge?: boolean } = {}): BrokerState => {
  const from = JSON.parse(text) as StateText;
  const state = initialState(instruments, options);
  for (const record of from.orders) {
    state.orders.set(record.ticket.orderId, record);
    if (record.status !== 'ended') state.open.set(record.ticket.orderId, record);
    if (record.venueOrderId !== null) state.byVenue.set(venueKey(record.ticket.symbol, record.venueOrderId), record.ticket.orderId);
  }
  for (const [strategy, text] of from.books) {
    const book = bookOf(state, strategy);
    const { account } = book;
    for (const [asset, amount] of text.cash) book.cash.set(asset, amount);
    book.realised = text.realised;
    book.fees = text.fees;
    book.funding = text.funding;
    account.cash = text.total;
    for (const [symbol, leg, lots, cost, held] of text.positions) {
      const slot = account.slot(account.indexOf(symbol), leg === '' ? undefined : leg);
      account.lots[slot] = lots;
      account.cost[slot] = cost;
      if (lots !== 0) account.open++;
      book.held.set(
        slot,
        held.map(([ts, lots]) => ({ ts, lots })),
      );
    }
  }
  for (const [key, ts, lots, price] of from.executions) state.executions.set(key, { ts, lots, price });
  for (const [symbol, ts] of from.executedTo) state.executedTo.set(symbol, ts);
  for (const [key, ts, amount] of from.income) state.income.set(key, { ts, amount });
  for (const [symbol, lots] of from.adoptedLots) state.adoptedLots.set(symbol, lots);
  for (const [asset, amount] of from.adoptedCash) state.adoptedCash.set(asset, amount);
  for (const [stream, level] of from.risk) state.risk.set(stream, level);
  for (const [code, severity] of from.alarms) state.alarms.set(code, severity);
  state.incomeTo = from.incomeTo;
  state.openedAt = from.openedAt ?? NaN;
  state.reconciledAt = from.reconciledAt ?? NaN;
  state.isReconciled = from.isReconciled;
  state.provenAt = from.provenAt ?? NaN;
  state.epoch = from.epoch;
  state.now = from.now;
  return state;
};
