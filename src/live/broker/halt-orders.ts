import type { PositionSide } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import { pause } from '../live-clock.js';
import type { BrokerCore } from './broker-core.js';
import { netLots, openRecords } from './broker-state.js';
import type { OrderDesk } from './order-desk.js';
import { isConditional, isOwn, isProtective, type OrderRecord } from './order-record.js';
import { disowned } from './ownership.js';
import type { Protection } from './protection.js';
import { PRIORITY } from './request-budget.js';
import { lotsIn } from './stream-book.js';

/** From so many plain orders of a symbol on, one request takes all of them back. */
const MANY = 4;

/**
 * Takes back the orders that are to go, and closes positions when asked to. The account is halted when this is called: whatever could open something is refused at the moment of sending. It goes on until the
 * venue itself lists nothing of ours that was to go.
 */
export const takeBackAll = async (
  core: BrokerCore,
  desk: OrderDesk,
  protection: Protection,
  { all, flatten }: { readonly all: boolean; readonly flatten: boolean },
): Promise<void> => {
  const { ports, config, state, budget } = core;
  const { transport, clock } = ports;
  const before = new Set(openRecords(state).map(record => record.ticket.orderId));
  const goes = (record: OrderRecord): boolean =>
    (before.has(record.ticket.orderId) || !record.ticket.reduceOnly) &&
    (all || !(isProtective(record.ticket) && isConditional(record.ticket))) &&
    // The broker's own exit may be the very request at whose leaving the halt came up.
    !(isOwn(record) && record.ticket.type === 'market');
  const left = (): OrderRecord[] => openRecords(state).filter(goes);
  let hasForeign = true;

  const round = async (): Promise<void> => {
    const records = left();
    const bySymbol = new Map<Symbol, number>();
    for (const { ticket, status } of records)
      if (!isConditional(ticket) && status === 'working') bySymbol.set(ticket.symbol, (bySymbol.get(ticket.symbol) ?? 0) + 1);
    const cancels = records.map(record => desk.cancel(record));
    // A person's own orders are not ours to take back: all at once only where there are none.
    if (!hasForeign)
      for (const [symbol, n] of bySymbol)
        if (n >= MANY)
          await budget
            .request(
              PRIORITY.cancel,
              1,
              () => transport.cancelAll(symbol, false),
              () => disowned(core, true),
            )
            .catch(() => undefined);
    await Promise.all(cancels);
  };

  const listed = async (): Promise<boolean> => {
    try {
      const { answer: open, askedAt } = await core.ask(PRIORITY.cancel, 40, () => transport.openOrders(null));
      for (const order of open) desk.learn(order, askedAt);
      hasForeign = open.some(order => order.clientId === '' || !order.clientId.startsWith('qt-'));
      return true;
    } catch {
      return false;
    }
  };

  const isOver = (): boolean => core.isClosed || core.isFenced;
  for (let wait = config.queryMs; !isOver(); wait = Math.min(wait * 2, config.queryMaxMs)) {
    await round();
    if (left().length === 0 && (await listed()) && left().length === 0) break;
    if (left().length > 0) await pause(clock, wait);
  }
  if (!flatten) return;
  const legs = state.hedge ? (['long', 'short'] as const) : ([undefined] as const);
  const held = (): { readonly symbol: Symbol; readonly leg: 'long' | 'short' | undefined }[] =>
    core.instruments.flatMap(({ symbol }) => legs.filter(leg => netLots(state, symbol, leg) !== 0).map(leg => ({ symbol, leg })));
  for (let wait = config.queryMs; !isOver() && held().length > 0; wait = Math.min(wait * 2, config.queryMaxMs)) {
    for (const { symbol, leg } of held()) protection.exit(symbol, leg, 'the account is halted');
    await pause(clock, wait);
  }
  if (!isOver()) for (const { symbol } of core.instruments) for (const leg of legs) netOut(core, symbol, leg);
};

/** Strategies whose parts of a flat position cancel out are made flat at the last price: an order of one of them would open the position of the account again. */
const netOut = (core: BrokerCore, symbol: Symbol, leg: PositionSide | undefined): void => {
  const { state } = core;
  const u = core.unitsOf(symbol);
  const parts = [...state.books]
    .map(([strategy, book]) => ({
      strategy,
      lots: lotsIn(book, symbol, leg),
      entry: book.account.entryPrice(book.account.slot(book.account.indexOf(symbol), leg)),
    }))
    .filter(({ lots }) => lots !== 0)
    .sort((a, b) => (a.strategy < b.strategy ? -1 : 1));
  if (!u || parts.length === 0 || netLots(state, symbol, leg) !== 0) return;
  const last = core.ports.lastPrice(symbol);
  const price = u.ticks(last > 0 ? last : (parts[0]?.entry ?? NaN));
  for (const { strategy, lots } of parts)
    core.say(strategy, {
      type: 'PositionAdopted',
      ts: core.now(),
      symbol,
      before: lots,
      after: 0,
      price,
      code: 'netted',
      text: `the account holds no ${symbol}: the parts of its strategies are closed against each other`,
      ...(leg === undefined ? {} : { positionSide: leg }),
    });
};
