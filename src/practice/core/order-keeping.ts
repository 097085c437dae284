import type { VenueEvent } from '../../execution/venue.js';
import type { VenueOrderRequest, VenueOrderStatus } from '../../live/venue-transport.js';
import { toMoney, type Lots } from '../../market/units.js';
import { hasLimit, hasTrigger } from '../../sim/matching/trigger.js';
import type { PracticeExecution, PracticeOrderChange } from '../practice-exchange.js';
import type { AccountExchange } from './account-exchange.js';
import type { AccountWallet } from './account-wallet.js';
import { stamp, type DeskHost } from './desk-host.js';
import { orderView, type OrderRecord } from './order-record.js';
import { orderTable, type OrderTable } from './order-table.js';

/** Keeps the orders and executions of an account by what its exchange says, and tells of each change. */
interface OrderKeeping {
  readonly table: OrderTable;
  readonly executions: readonly PracticeExecution[];
  /** The order at work that is matched under this name. */
  working(matchId: string): OrderRecord | undefined;
  /** A new order, told of. */
  open(symbol: number, request: VenueOrderRequest, given?: Partial<OrderRecord>): OrderRecord;
  amended(record: OrderRecord, ts: number): void;
  triggered(record: OrderRecord, ts: number): void;
  filled(record: OrderRecord, event: Extract<VenueEvent, { type: 'OrderFilled' }>): void;
  ended(record: OrderRecord, status: VenueOrderStatus, code: string, ts: number): void;
}

export const orderKeeping = (account: string, host: DeskHost, wallet: AccountWallet, current: () => AccountExchange): OrderKeeping => {
  const { config, ids } = host;
  const table = orderTable(config.conditionalSpace ? 2 : 1);
  const executions: PracticeExecution[] = [];
  const working = new Map<string, OrderRecord>();

  const tell = (order: OrderRecord, change: PracticeOrderChange, execution: PracticeExecution | null = null): void =>
    host.say({ event: 'order', account, order: orderView(order), execution, change });
  /** Lots held, without sign, of the position that an order acts on. */
  const heldBy = ({ symbol, request: { positionSide } }: OrderRecord): Lots => {
    const books = current().venue.account;
    return Math.abs(books.lots[books.slot(symbol, positionSide ?? undefined)]!);
  };

  const make = (symbol: number, request: VenueOrderRequest, given: Partial<OrderRecord>): OrderRecord => {
    const now = stamp(host.now());
    const isConditional = config.conditionalSpace && hasTrigger(request.type);
    const venueId = isConditional ? ids.conditional() : ids.order();
    const { units } = current().markets[symbol]!;
    return {
      venueId,
      matchId: isConditional ? `c/${venueId}` : venueId,
      request: request.clientId === '' ? { ...request, clientId: ids.client('web_') } : request,
      symbol,
      conditional: isConditional,
      createdAt: now,
      cause: 'order',
      parent: null,
      type: request.type,
      units,
      lots: request.closePosition ? 0 : units.lots(request.quantity),
      filled: 0,
      carried: 0,
      price: request.price,
      stopPrice: request.stopPrice,
      status: hasTrigger(request.type) ? 'untriggered' : 'open',
      quote: 0,
      updatedAt: now,
      triggeredAt: null,
      child: null,
      code: '',
      ...given,
    };
  };
  const enlist = (record: OrderRecord): void => {
    table.add(record);
    working.set(record.matchId, record);
    tell(record, 'new');
  };
  const finish = (record: OrderRecord, status: VenueOrderStatus, code: string, ts: number): void => {
    record.status = status;
    record.code = code;
    record.updatedAt = stamp(ts);
    table.ended(record);
    working.delete(record.matchId);
  };
  /** A conditional order has come to what its plain one has come to. */
  const finishParent = ({ parent, status, code, filled, lots, quote }: OrderRecord, ts: number): void => {
    if (parent === null) return;
    parent.lots = lots;
    parent.filled = filled;
    parent.quote = quote;
    finish(parent, status, code, ts);
    tell(parent, 'ended');
  };

  return {
    table,
    executions,
    working: matchId => working.get(matchId),
    open: (symbol, request, given = {}) => {
      const record = make(symbol, request, given);
      enlist(record);
      return record;
    },
    amended: (record, ts) => {
      record.updatedAt = stamp(ts);
      tell(record, 'amended');
    },
    triggered: (record, ts) => {
      const { request, units, type, symbol, matchId, stopPrice } = record;
      record.triggeredAt = stamp(ts);
      record.updatedAt = stamp(ts);
      record.status = 'open';
      const lots = request.closePosition ? heldBy(record) : record.lots;
      if (!config.conditionalSpace) {
        record.lots = lots;
        return tell(record, 'triggered');
      }
      const plain = { ...request, type: hasLimit(type) ? ('limit' as const) : ('market' as const) };
      record.child = make(symbol, plain, { matchId, parent: record, lots, units, stopPrice });
      tell(record, 'triggered');
      enlist(record.child);
    },
    filled: (record, { lots, ts, side, fee, realised, liquidity, positionSide, price: ticks }) => {
      const { units, request, symbol } = record;
      const price = units.price(ticks);
      const quantity = units.quantity(lots);
      record.filled += lots;
      // What closes a position is as large as the position still is.
      record.lots = request.closePosition ? record.filled + heldBy(record) : Math.max(record.lots, record.filled);
      record.quote += quantity * price;
      record.updatedAt = stamp(ts);
      const execution: PracticeExecution = {
        id: ids.execution(symbol),
        venueOrderId: record.venueId,
        clientId: request.clientId,
        symbol: request.symbol,
        side,
        price,
        quantity,
        fee: toMoney(fee),
        feeAsset: wallet.asset,
        maker: liquidity === 'maker',
        ts: stamp(ts),
        cause: record.cause,
        positionSide: positionSide ?? null,
        realised: toMoney(realised),
      };
      executions.push(execution);
      if (record.filled >= record.lots) finish(record, 'filled', '', ts);
      wallet.traded(symbol, realised, fee, execution.id, ts);
      tell(record, 'trade', execution);
      if (record.status === 'filled') finishParent(record, ts);
    },
    ended: (record, status, code, ts) => {
      finish(record, status, code, ts);
      tell(record, 'ended');
      finishParent(record, ts);
    },
  };
};
