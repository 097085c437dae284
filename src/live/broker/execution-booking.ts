import type { OrderId } from '../../events/order.js';
import { settlementAsset } from '../../market/instrument.js';
import { toAmount, type Amount, type Lots, type Ticks } from '../../market/units.js';
import type { VenueExecution } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { bookOf, executionKey, isTellable, venueKey } from './broker-state.js';
import { orderIdIn, orderNameOf } from './client-id.js';
import { sharesOf, splitAmount } from './holders.js';
import { isOwn, type OrderRecord } from './order-record.js';
import { realisedBy } from './stream-book.js';

/** What became of an execution. `orphan`: the venue has not said whose order it was; it must be asked. `doubtful`: its price cannot be vouched for; the venue's own list must say the same. */
export type Booking = 'booked' | 'seen' | 'orphan' | 'doubtful' | 'kept-aside';

interface Parsed {
  readonly price: Ticks;
  readonly lots: Lots;
  readonly fee: Amount;
  readonly feePaid: { readonly asset: string; readonly amount: Amount } | undefined;
  readonly ts: number;
}

const isNumber = (x: number): boolean => Number.isFinite(x);

/** Books executions, each once, wherever it comes from. */
export interface ExecutionBooking {
  /** `bookedTo`: for one of the venue's own list, the latest of the symbol that was booked when the list was asked for; null for what the stream told. */
  book(execution: VenueExecution, bookedTo: number | null): Booking;
  /** The venue said whose order this id of its own is. */
  name(symbol: string, venueOrderId: string, orderId: OrderId | null): void;
}

export const executionBooking = (core: BrokerCore): ExecutionBooking => {
  const { state, config } = core;
  const keptAside = new Set<string>();

  const aside = (execution: VenueExecution, code: string): Booking => {
    const { id, symbol, price, quantity, fee } = execution;
    const said = `${code}|${symbol}|${id}|${price}|${quantity}|${fee}`;
    if (keptAside.has(said)) return 'kept-aside';
    keptAside.add(said);
    void core.record([
      {
        type: 'DataQuarantined',
        ts: core.now(),
        channel: 'private',
        symbol,
        code,
        text: `execution ${id} of ${quantity} at ${price}, fee ${fee}`,
      },
    ]);
    return 'kept-aside';
  };

  const parse = (execution: VenueExecution): Parsed | string => {
    const { symbol, price, quantity, fee, feeAsset, ts, id } = execution;
    const u = core.unitsOf(symbol);
    if (!u) return 'unknown-symbol';
    if (config.defences.validateNumbers) {
      if (!(price > 0) || !isNumber(price) || !(quantity > 0) || !isNumber(quantity) || !isNumber(fee)) return 'bad-number';
      // Beyond what can be booked exactly.
      if (Math.abs(fee) > 9e7 || price / u.tickSize > 9e15 || Math.abs(u.notionalOf(quantity, price)) > 9e7) return 'bad-number';
      if (!(ts > 0) || !isNumber(ts) || id === '') return 'bad-execution';
      const last = core.ports.lastPrice(symbol);
      if (last > 0 && (price > last * 5 || price < last / 5)) return 'price-jump';
    }
    const lots = u.lots(quantity);
    if (!Number.isSafeInteger(lots) || lots === 0 || Math.abs(u.quantity(lots) - quantity) > u.lotSize * 1e-6) return 'odd-lot';
    const settles = settlementAsset(symbol);
    const own = feeAsset === '' || feeAsset === settles;
    const worth = own ? 1 : symbol.startsWith(`${feeAsset}/`) ? price : core.priceOf(feeAsset) / core.priceOf(settles);
    if (!own && !(worth > 0) && fee !== 0)
      core.alarm(
        'fee-price',
        true,
        `fees of ${symbol} were taken in ${feeAsset}, which has no stated price: they count as 0 in the equity`,
      );
    return {
      price: u.ticks(price),
      lots,
      fee: toAmount(worth > 0 ? fee * worth : 0),
      feePaid: own || fee === 0 ? undefined : { asset: feeAsset, amount: toAmount(fee) },
      ts: Math.min(ts, core.now()),
    };
  };

  /**
   * Whether a price may be booked on the stream's word: a limit order never fills worse than its limit, and no order far from the last price, or from the one at which it left or its limit where none is known now.
   */
  const isPlausible = ({ price, side, symbol }: VenueExecution, record: OrderRecord | null): boolean => {
    const u = core.unitsOf(symbol);
    if (!u || !config.defences.validateNumbers || !config.defences.pollExecutions) return true;
    if (record !== null && record.limit !== null && record.amending === 0) {
      const limit = u.price(record.limit);
      if (side === 'buy' ? price > limit + u.tickSize / 2 : price < limit - u.tickSize / 2) return false;
    }
    const last = core.ports.lastPrice(symbol);
    const left = record === null ? NaN : (core.priceAt.get(record.ticket.orderId) ?? NaN);
    const limit = record === null || record.limit === null ? NaN : u.price(record.limit);
    const reference = last > 0 ? last : left > 0 ? left : limit;
    return Math.abs(price - reference) <= config.executionBand * reference;
  };

  const doubt = (execution: VenueExecution): Booking => {
    aside(execution, 'execution-price');
    return 'doubtful';
  };

  /** One that is booked already: the venue's own list must say what the stream said. */
  const compare = ({ id, symbol, price }: VenueExecution, parsed: Parsed, key: string, isAnswer: boolean): Booking => {
    const booked = state.executions.get(key);
    if (!isAnswer || !booked || (booked.price === parsed.price && booked.lots === parsed.lots)) return 'seen';
    const u = core.unitsOf(symbol);
    core.alarm(
      'execution-disagrees',
      true,
      `execution ${id} of ${symbol} was booked as ${u?.quantity(booked.lots)} at ${u?.price(booked.price)}, and the venue lists ${u?.quantity(parsed.lots)} at ${price}: the comparison of cash and positions corrects it`,
      'critical',
    );
    core.onDisagreement();
    return 'seen';
  };

  const ownerOf = ({ clientId, symbol, venueOrderId }: VenueExecution): OrderRecord | null | undefined => {
    const ours = orderIdIn(clientId);
    if (ours !== null) return state.orders.get(ours) ?? undefined;
    if (clientId !== '') return null;
    const known = state.byVenue.get(venueKey(symbol, venueOrderId)) ?? core.named.get(venueKey(symbol, venueOrderId));
    return known === undefined ? undefined : known === null ? null : state.orders.get(known);
  };

  const accept = (record: OrderRecord, venueOrderId: string, ts: number): void => {
    if (record.status === 'working' || record.status === 'ended') {
      if (record.venueOrderId !== null) return;
      if (record.status === 'ended') return;
    }
    core.say(record.strategy, { type: 'OrderAccepted', ts, orderId: record.ticket.orderId, symbol: record.ticket.symbol, venueOrderId });
  };

  const external = (
    execution: VenueExecution,
    parsed: Parsed,
    venueOrderId: string,
    isAnswer: boolean,
    record: OrderRecord | null = null,
  ): Booking => {
    const { symbol, side, cause, id, positionSide } = execution;
    const key = executionKey(symbol, id, venueOrderId);
    const seen = config.defences.dedupeExecutions ? (state.executions.get(key)?.lots ?? 0) : 0;
    const lots = parsed.lots - seen;
    if (lots <= 0) return compare(execution, parsed, key, isAnswer);
    if (!isAnswer && !isPlausible(execution, record)) return doubt(execution);
    const shares = sharesOf(state, symbol, side, lots, positionSide ?? undefined);
    const fees = splitAmount(
      parsed.lots === lots ? parsed.fee : Math.round((parsed.fee * lots) / parsed.lots),
      shares.map(share => share.lots),
    );
    shares.forEach((share, k) => {
      const book = bookOf(state, share.strategy);
      const slot = book.account.slot(book.account.indexOf(symbol), positionSide ?? undefined);
      core.say(share.strategy, {
        type: 'ExternalFilled',
        ts: parsed.ts,
        symbol,
        side,
        price: parsed.price,
        lots: share.lots,
        fee: fees[k] ?? 0,
        realised: realisedBy(book, slot, parsed.price, side === 'buy' ? share.lots : -share.lots),
        cause: cause === 'order' ? 'manual' : cause,
        execution: id,
        venueOrderId,
        ...(positionSide === null ? {} : { positionSide }),
      });
    });
    return 'booked';
  };

  const ours = (execution: VenueExecution, parsed: Parsed, record: OrderRecord, isAnswer: boolean): Booking => {
    const { symbol, side, id, venueOrderId, maker, positionSide } = execution;
    const { orderId } = record.ticket;
    const key = executionKey(symbol, id, orderId);
    if (config.defences.dedupeExecutions && state.executions.has(key)) return compare(execution, parsed, key, isAnswer);
    if (!isAnswer && !isPlausible(execution, record)) return doubt(execution);
    accept(record, venueOrderId, parsed.ts);
    if (record.status === 'ended')
      core.alarm(
        'fill-after-end',
        true,
        `order ${orderId} filled after it had ended (${record.ended?.how ?? ''} ${record.ended?.code ?? ''})`,
        'critical',
      );
    const book = bookOf(state, record.strategy);
    const slot = book.account.slot(book.account.indexOf(symbol), positionSide ?? undefined);
    core.say(record.strategy, {
      type: 'OrderFilled',
      ts: parsed.ts,
      orderId,
      symbol,
      side,
      price: parsed.price,
      lots: parsed.lots,
      fee: parsed.fee,
      liquidity: maker ? 'maker' : 'taker',
      slippage: 0,
      realised: realisedBy(book, slot, parsed.price, side === 'buy' ? parsed.lots : -parsed.lots),
      execution: id,
      ...(parsed.feePaid === undefined ? {} : { feePaid: parsed.feePaid }),
      ...(positionSide === null ? {} : { positionSide }),
    });
    return 'booked';
  };

  return {
    name: (symbol, venueOrderId, orderId) => void core.named.set(venueKey(symbol, venueOrderId), orderId),
    book: (execution, bookedTo) => {
      const isAnswer = bookedTo !== null;
      // What happened before the account was taken over is in its opening balance.
      if (execution.ts < state.openedAt) return 'seen';
      if (!isTellable(state, execution.ts, bookedTo ?? Infinity)) return 'seen';
      const parsed = parse(execution);
      if (typeof parsed === 'string') {
        if (parsed === 'unknown-symbol') {
          core.alarm('foreign-symbol', true, `the account trades ${execution.symbol}, which no session of ours does: it is left alone`);
          return 'seen';
        }
        return aside(execution, parsed);
      }
      const record = ownerOf(execution);
      if (record) {
        if (!isOwn(record)) return ours(execution, parsed, record, isAnswer);
        // An order of the broker's own acts on the strategies' positions: they are told as of a trade from outside.
        if (isAnswer || isPlausible(execution, record)) accept(record, execution.venueOrderId, parsed.ts);
        return external(execution, parsed, record.venueOrderId ?? execution.venueOrderId, isAnswer, record);
      }
      const name = orderIdIn(execution.clientId);
      if (name !== null) {
        core.fence(
          `order ${name} traded on the account, and the journal does not know it (epoch ${orderNameOf(name)?.epoch ?? '?'}, ours is ${core.ports.epoch})`,
        );
        return 'kept-aside';
      }
      if (record === undefined && execution.cause === 'order') {
        const key = executionKey(execution.symbol, execution.id, execution.venueOrderId);
        const isBooked = (state.executions.get(key)?.lots ?? 0) >= parsed.lots;
        return isBooked && config.defences.dedupeExecutions ? 'seen' : 'orphan';
      }
      return external(execution, parsed, execution.venueOrderId, isAnswer);
    },
  };
};
