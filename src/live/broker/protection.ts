import { CLOSE_ALL, type PositionSide, type Side, type Ticket } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import type { Lots } from '../../market/units.js';
import type { BrokerCore } from './broker-core.js';
import { netLots, openRecords } from './broker-state.js';
import { orderIdOf } from './client-id.js';
import type { OrderDesk } from './order-desk.js';
import { approveProtective, isDenial } from '../../risk/approve.js';
import { accountView } from './account-view.js';
import { isOwn, isProtective, remainingOf, type OrderRecord } from './order-record.js';
import { lotsIn } from './stream-book.js';

/** Looks after positions that nothing at the venue protects. */
export interface Protection {
  /** Compare positions with protective orders, and act. */
  check(): void;
  /** Ask the venue at the next check whether the protective orders stand. */
  verify(): void;
  /** Close what is held of a symbol at the market, by one order at a time; false when nothing is held. */
  exit(symbol: Symbol, leg: PositionSide | undefined, reason: string): boolean;
}

interface Watch {
  /** Monotonic time since which it has been without protection; NaN while it has one. */
  since: number;
  /** Refusals of the broker's stop, and what the venue said last. */
  refused: number;
  exits: number;
  isExiting: boolean;
  isHalted: boolean;
  /** Monotonic time at which the venue was last asked whether the protective orders stand. */
  verifiedAt: number;
  /** The broker's order whose end was looked at already. */
  judged: string;
  /** The venue has no close-position orders: stops have a size. */
  isSized: boolean;
}

/** Refusals after which an exit is given up and the account halted. */
const EXITS = 3;
/** What the venue did not judge: tried again, and not counted as a refusal. */
const UNJUDGED = new Set(['limited', 'banned', 'clock', 'unavailable', 'absent', 'too-late', 'not-sent', 'unauthorised']);

/** Lots of a position that the strategies' own protective orders cover at the venue. */
export const coveredLots = (records: readonly OrderRecord[], held: (strategy: string) => Lots, closing: Side): Lots => {
  const byStrategy = new Map<string, number>();
  for (const record of records) {
    if (record.strategy === '' || record.status !== 'working' || record.ticket.side !== closing || !isProtective(record.ticket)) continue;
    byStrategy.set(record.strategy, (byStrategy.get(record.strategy) ?? 0) + remainingOf(record));
  }
  let covered = 0;
  for (const [strategy, lots] of byStrategy) {
    const own = held(strategy);
    if (own !== 0 && own > 0 === (closing === 'sell')) covered += Math.min(lots, Math.abs(own));
  }
  return covered;
};

export const protection = (core: BrokerCore, desk: OrderDesk): Protection => {
  const { ports, config, state } = core;
  const { clock } = ports;
  const { defences } = config;
  const watches = new Map<string, Watch>();
  let count = 0;

  const watchOf = (key: string): Watch => {
    const found = watches.get(key);
    if (found) return found;
    const made: Watch = {
      since: NaN,
      refused: 0,
      exits: 0,
      isExiting: false,
      isHalted: false,
      verifiedAt: clock.monotonic(),
      judged: '',
      isSized: false,
    };
    watches.set(key, made);
    return made;
  };

  /** Written first, then sent: without a durable intent nothing leaves. */
  const place = async (terms: Omit<Ticket, 'orderId'>): Promise<void> => {
    const ticket: Ticket = { orderId: orderIdOf({ tag: 'x', epoch: ports.epoch, n: ++count }), ...terms };
    const ts = core.now();
    const passed = approveProtective(ticket, accountView(core, ticket.positionSide));
    if (isDenial(passed)) {
      core.alarm('protective-denied', true, passed.text, 'critical');
      return;
    }
    try {
      await core.record([
        { type: 'OrderApproved', ts, ticket: passed },
        { type: 'OrderSubmitted', ts, orderId: ticket.orderId, symbol: ticket.symbol },
      ]);
    } catch {
      return;
    }
    const record = state.orders.get(ticket.orderId);
    if (record && !core.isClosed) desk.send(record);
  };

  const ownOrders = (symbol: Symbol, leg: PositionSide | undefined): OrderRecord[] =>
    openRecords(state).filter(record => isOwn(record) && record.ticket.symbol === symbol && record.ticket.positionSide === leg);

  const exit = (symbol: Symbol, leg: PositionSide | undefined, reason: string): boolean => {
    const net = netLots(state, symbol, leg);
    if (net === 0) return false;
    if (ownOrders(symbol, leg).some(({ ticket }) => ticket.type === 'market')) return true;
    const u = core.unitsOf(symbol);
    const most = core.rules.get(symbol)?.market.maxQuantity ?? 0;
    const lots = u && most > 0 ? Math.min(Math.abs(net), u.lots(most)) : Math.abs(net);
    void core.record([{ type: 'NoteWritten', ts: core.now(), text: `closing ${symbol}: ${reason}` }]);
    void place({
      symbol,
      side: net > 0 ? 'sell' : 'buy',
      type: 'market',
      lots,
      limit: null,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: true,
      ...(leg === undefined ? {} : { positionSide: leg }),
    });
    return true;
  };

  const halt = (watch: Watch, symbol: Symbol, text: string): void => {
    if (watch.isHalted) return;
    watch.isHalted = true;
    core.alarm(`unprotected ${symbol}`, true, text, 'critical');
    ports.halt('unprotected', text);
  };

  /** What became of the broker's last order of this position. */
  const judge = (watch: Watch, symbol: Symbol, leg: PositionSide | undefined): void => {
    let last: OrderRecord | null = null;
    for (let n = count; n > 0 && last === null; n--) {
      const record = state.orders.get(orderIdOf({ tag: 'x', epoch: ports.epoch, n }));
      if (record && record.ticket.symbol === symbol && record.ticket.positionSide === leg) last = record;
    }
    if (last === null || last.ended === null || last.ticket.orderId === watch.judged) return;
    watch.judged = last.ticket.orderId;
    if (last.ended.how !== 'rejected' || UNJUDGED.has(last.ended.code)) return;
    if (last.ticket.type === 'market') {
      watch.exits++;
      return;
    }
    watch.refused++;
    if (last.ended.code === 'unsupported' && !watch.isSized) watch.isSized = true;
    else if (last.ended.code === 'would-trigger') watch.refused = config.protectAttempts;
  };

  const placeStop = (watch: Watch, symbol: Symbol, leg: PositionSide | undefined, net: Lots): void => {
    const u = core.unitsOf(symbol);
    if (!u) return;
    const isLong = net > 0;
    const last = ports.lastPrice(symbol);
    let cost = 0;
    let lots = 0;
    for (const book of state.books.values()) {
      const i = book.account.indexOf(symbol);
      const slot = book.account.slot(i, leg);
      const entry = book.account.entryPrice(slot);
      if (Number.isNaN(entry)) continue;
      cost += entry * Math.abs(book.account.lots[slot] ?? 0);
      lots += Math.abs(book.account.lots[slot] ?? 0);
    }
    const entry = lots > 0 ? cost / lots : last;
    const base = !(last > 0) ? entry : isLong ? Math.min(entry, last) : Math.max(entry, last);
    if (!(base > 0)) return;
    // Nearer with each refusal: venues refuse prices far from the market.
    const distance = config.catastrophe.distance / (1 + watch.refused);
    const stop = isLong ? u.ticksUp(base * (1 - distance)) : u.ticksDown(base * (1 + distance));
    void place({
      symbol,
      side: isLong ? 'sell' : 'buy',
      type: 'stop',
      lots: watch.isSized ? Math.abs(net) : CLOSE_ALL,
      limit: null,
      stop,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: true,
      ...(config.catastrophe.triggerBy === 'mark' ? { triggerBy: 'mark' as const } : {}),
      ...(watch.isSized ? {} : { closePosition: true as const }),
      ...(leg === undefined ? {} : { positionSide: leg }),
    });
  };

  const look = (symbol: Symbol, leg: PositionSide | undefined): void => {
    const watch = watchOf(`${symbol}|${leg ?? ''}`);
    const net = netLots(state, symbol, leg);
    const own = ownOrders(symbol, leg);
    const stops = own.filter(({ ticket }) => ticket.type !== 'market');
    judge(watch, symbol, leg);
    if (net === 0) {
      if (defences.protectionResize) for (const record of stops) if (!record.cancelRequested) void desk.cancel(record);
      Object.assign(watch, { since: NaN, refused: 0, exits: 0, isExiting: false, isHalted: false });
      core.alarm(`unprotected ${symbol}`, false, '');
      return;
    }
    const closing: Side = net > 0 ? 'sell' : 'buy';
    const records = openRecords(state).filter(({ ticket }) => ticket.symbol === symbol && ticket.positionSide === leg);
    const bound = records.filter(({ ticket }) => !core.unbound.has(ticket.orderId));
    const isCovered = coveredLots(bound, strategy => lotsIn(state.books.get(strategy), symbol, leg), closing) >= Math.abs(net);
    const right = stops.filter(
      ({ ticket, lots, filled }) => ticket.side === closing && (ticket.closePosition === true || lots - filled === Math.abs(net)),
    );
    if (defences.protectionResize)
      for (const record of stops)
        // The strategy's own protection has come, or the position has turned or changed its size: never two stops.
        if ((isCovered || !right.includes(record)) && !record.cancelRequested) void desk.cancel(record);
    if (isCovered || right.some(record => record.status === 'working' && !record.cancelRequested)) {
      Object.assign(watch, { since: NaN, refused: 0, isHalted: false });
      core.alarm(`unprotected ${symbol}`, false, '');
      // Venues take protective orders away when a position is closed, and the event may be lost when the next one is open already.
      if (clock.monotonic() - watch.verifiedAt >= config.executionsMs) {
        watch.verifiedAt = clock.monotonic();
        for (const record of [...bound, ...right])
          if (record.status === 'working' && isProtective(record.ticket)) void desk.resolve(record);
      }
      return;
    }
    if (!defences.catastropheStop || !config.catastrophe.enabled) return;
    const now = clock.monotonic();
    if (Number.isNaN(watch.since)) watch.since = now;
    if (now - watch.since > config.protectBoundMs)
      halt(watch, symbol, `${symbol} has been without a protective order for ${Math.round(now - watch.since)} ms`);
    if (now - watch.since < config.protectGraceMs) return;
    if (watch.refused >= config.protectAttempts || watch.isExiting) {
      watch.isExiting = true;
      core.alarm(
        `unprotected ${symbol}`,
        true,
        `the venue takes no protective order for ${symbol}: the position is being closed`,
        'critical',
      );
      if (watch.exits >= EXITS) return halt(watch, symbol, `${symbol} can be neither protected nor closed`);
      exit(symbol, leg, 'no protective order was taken');
      return;
    }
    // One that is on its way, or on its way out, must be known first.
    if (stops.length === 0 && own.length === 0) placeStop(watch, symbol, leg, net);
  };

  return {
    exit,
    verify: () => {
      for (const watch of watches.values()) watch.verifiedAt = -Infinity;
    },
    check: () => {
      if (core.isClosed || core.isFenced) return;
      for (const { symbol, kind } of core.instruments) {
        // Spot holds no position that a venue could close by itself.
        if (kind === 'spot') continue;
        if (state.hedge) {
          look(symbol, 'long');
          look(symbol, 'short');
        } else look(symbol, undefined);
      }
    },
  };
};
