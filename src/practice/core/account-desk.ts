import type { Side } from '../../events/order.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { OrderRef, VenueBalance, VenueIncome, VenueOrderRequest, VenuePosition } from '../../live/venue-transport.js';
import { toAmount, toMoney, type Amount, type Lots } from '../../market/units.js';
import { hasTrigger } from '../../sim/matching/trigger.js';
import { waitsToReduce } from '../../sim/matching/working-order.js';
import { PracticeRefusal, type PracticeExecution, type PracticeOrder } from '../practice-exchange.js';
import { accountExchange, type AccountExchange } from './account-exchange.js';
import type { AccountLedger } from './account-ledger.js';
import { availableMargin, neededMargin, type MarginView } from './account-margin.js';
import { accountWallet } from './account-wallet.js';
import { checkAmendment, type OrderChange } from './amendment-filters.js';
import { stamp, type DeskHost } from './desk-host.js';
import { bookingTicket, carryOrders, carryPositions, carryTrails } from './exchange-renewal.js';
import { marketRequest } from './market-request.js';
import { checkOrder, refuse } from './order-filters.js';
import { orderKeeping } from './order-keeping.js';
import { isAlive, orderView, type OrderRecord } from './order-record.js';
import type { OrderTable } from './order-table.js';
import { orderTicket } from './order-ticket.js';

/** One account at the practice exchange: its orders, executions, positions and ledger over a simulated exchange of its own. Symbols by index. */
export interface AccountDesk {
  readonly nextAt: number;
  readonly nextRank: number;
  step(): void;
  readonly table: OrderTable;
  readonly ledger: AccountLedger;
  readonly executions: readonly PracticeExecution[];
  readonly leverage: number[];
  readonly marginModes: ('cross' | 'isolated')[];
  readonly hedge: boolean;
  /** Whether any position of the symbol is open. */
  holds(symbol: number): boolean;
  place(request: VenueOrderRequest): PracticeOrder;
  amend(ref: OrderRef, change: OrderChange): PracticeOrder;
  /** Takes what is left of an order back; `requested` is its owner's wish, all else the exchange's own reason. */
  drop(record: OrderRecord, code: string): PracticeOrder;
  manualTrade(symbol: number, side: Side, quantity: number): void;
  /** Trades up to so much of a symbol's position away at the mark. */
  closeAtMark(symbol: number, quantity: number, cause: 'liquidation' | 'adl'): void;
  /** Cash comes or goes; `symbol` −1 where it concerns none. */
  move(symbol: number, amount: Amount, kind: VenueIncome['kind'], reason: string): void;
  positions(): readonly VenuePosition[];
  balances(): readonly VenueBalance[];
  setHedge(hedge: boolean): void;
  /** Rules or settings changed on which the matching is built. */
  renew(): void;
}

export const accountDesk = (name: string, opening: number, host: DeskHost): AccountDesk => {
  const { states, config, ids } = host;
  const leverage = states.map(({ instrument }) => Math.min(config.leverage, instrument.maxLeverage));
  const marginModes = states.map((): 'cross' | 'isolated' => 'cross');
  let hedge = false;
  let isMuted = false;
  let isWiped = false;
  /** What the exchange said to an amendment: empty for yes. */
  let amendment = '';

  const mode = (): 'cross' | 'isolated' => (marginModes.every(each => each === 'isolated') ? 'isolated' : 'cross');
  const build = (capital: number): AccountExchange =>
    accountExchange({ states, config, hedge, mode: mode(), leverage, capital }, hear, () => host.now());
  const settle = (): void => {
    current.settle();
    if (isWiped) restart();
  };
  const wallet = accountWallet(name, opening, host, () => current, settle);
  const orders = orderKeeping(name, host, wallet, () => current);
  const { table } = orders;
  const symbolOf = (symbol: string): number => states.findIndex(({ instrument }) => instrument.symbol === symbol);
  const filterPrices = (symbol: number) => ({ last: host.last(symbol), mark: host.mark(symbol), priceBand: config.priceBand });

  /** A closing order that the exchange makes for the account, of the position in a slot. */
  const closingOrder = (slot: number, matchId: string, lots: Lots, cause: 'liquidation' | 'adl'): OrderRecord => {
    const { account } = current.venue;
    const symbol = account.symbolOf(slot);
    const clientId = cause === 'adl' ? 'adl_autoclose' : ids.client(`autoclose-${stamp(host.now())}`);
    const request = marketRequest(
      clientId,
      account.symbols[symbol]!,
      account.lots[slot]! > 0 ? 'sell' : 'buy',
      account.unitsAt(symbol).quantity(lots),
      {
        tif: 'ioc',
        reduceOnly: true,
        positionSide: account.legOf(slot) ?? null,
      },
    );
    return orders.open(symbol, request, { cause, matchId });
  };
  const hearAccepted = (orderId: string, symbol: string): void => {
    if (orders.working(orderId) !== undefined || !orderId.startsWith('liquidation-')) return;
    const { account } = current.venue;
    const i = symbolOf(symbol);
    // The exchange does not say which leg it closes: the one that is held, the long one of two.
    closingOrder(account.hedge && account.lots[i] === 0 ? i + states.length : i, orderId, 0, 'liquidation');
  };
  const hear = (event: VenueEvent): void => {
    if (isMuted) return;
    const record = 'orderId' in event ? orders.working(event.orderId) : undefined;
    switch (event.type) {
      case 'OrderAccepted':
        return hearAccepted(event.orderId, event.symbol);
      case 'OrderFilled':
        if (record !== undefined) orders.filled(record, event);
        return;
      case 'OrderTriggered':
        if (record !== undefined) orders.triggered(record, event.ts);
        return;
      case 'OrderCancelled':
      case 'OrderExpired':
      case 'OrderRejected':
        // The exchange has taken the order in before: what it refuses later has expired.
        if (record !== undefined)
          orders.ended(record, event.type === 'OrderCancelled' && event.code !== 'expired' ? 'cancelled' : 'expired', event.code, event.ts);
        return;
      case 'OrderAmended':
        amendment = '';
        if (record !== undefined) orders.amended(record, event.ts);
        return;
      case 'AmendRejected':
        amendment = event.code;
        return;
      case 'FundingSettled':
        return wallet.funded(event);
      case 'PositionLiquidated':
        if (record !== undefined) orders.ended(record, 'expired', 'no-price', event.ts);
        return wallet.insured(symbolOf(event.symbol), event.insurance - event.fee, event.ts);
      case 'AccountLiquidated':
        isWiped = true;
        return;
      default:
        return;
    }
  };
  let current = build(opening);

  const renew = (): void => {
    const old = current;
    current = build(toMoney(old.venue.account.cash));
    isMuted = true;
    carryPositions(old, current);
    isMuted = false;
    carryOrders(old, current, orders.working);
    settle();
    carryTrails(old, current);
  };
  /** After a total loss the account goes on with what it has: nothing, or what is paid in. */
  const restart = (): void => {
    isWiped = false;
    const { cash } = current.venue.account;
    if (cash < 0) wallet.pay(-1, -cash, 'insurance', 'INSURANCE_CLEAR');
    renew();
  };

  const view = (): MarginView => ({
    account: current.venue.account,
    mode: mode(),
    leverage,
    orders: table.alive(-1, null).filter(({ status }) => status === 'open'),
    mark: host.mark,
    last: host.last,
  });
  const requireMargin = (symbol: number, request: VenueOrderRequest, except: OrderRecord | null): void => {
    const margins = view();
    const fee = request.postOnly ? config.fees.maker : config.fees.taker;
    const needed = neededMargin(margins, symbol, request, request.price ?? host.last(symbol), fee);
    if (needed > 0 && needed > availableMargin(margins, except) * (1 + 1e-9)) refuse('margin', 'Margin is insufficient.');
  };
  const requireAlive = (record: OrderRecord): void => {
    if (!isAlive(record) || record.child !== null) throw new PracticeRefusal('absent', 'absent', 'The order is no longer at work.');
  };

  const place = (request: VenueOrderRequest): PracticeOrder => {
    const symbol = symbolOf(request.symbol);
    const state = states[symbol] ?? refuse('unknown-symbol', `${request.symbol} is not offered here.`);
    const { account } = current.venue;
    const held = account.lots[account.slot(symbol, request.positionSide ?? undefined)]!;
    const reducible = held !== 0 && held < 0 === (request.side === 'buy') ? Math.abs(held) : 0;
    const isConditional = hasTrigger(request.type);
    if (request.clientId !== '' && table.isTaken(request.clientId, isConditional))
      refuse('duplicate', 'An order at work has this client id.');
    checkOrder(state, request, { ...filterPrices(symbol), reducible, hedge });
    if (table.alive(symbol, isConditional && config.conditionalSpace).length >= config.maxOrders)
      refuse('max-orders', 'There are too many orders at work.');
    if (!isConditional) requireMargin(symbol, request, null);
    const record = orders.open(symbol, request);
    current.submit(orderTicket(request, record.matchId, record.units, state.mark !== null));
    settle();
    return orderView(record);
  };
  const amend = (ref: OrderRef, change: OrderChange): PracticeOrder => {
    const record = table.find(ref);
    requireAlive(record);
    const { request, symbol, units, lots, price } = record;
    checkAmendment(states[symbol]!, record, change, filterPrices(symbol));
    const wanted = units.lots(change.quantity);
    const rest = units.quantity(Math.max(0, wanted - record.filled));
    requireMargin(symbol, { ...request, price: change.price, quantity: rest }, record);
    record.lots = wanted;
    record.price = change.price;
    amendment = 'not-working';
    current.amend({ orderId: record.matchId, lots: wanted - record.carried, limit: units.ticks(change.price), stop: null });
    settle();
    if (amendment !== '') {
      record.lots = lots;
      record.price = price;
      refuse(amendment, 'The order cannot be changed so.');
    }
    return orderView(record);
  };

  /** A position that is gone leaves nothing to reduce for the orders that wait to reduce it. */
  const releaseReducers = (symbol: number): void => {
    const { account } = current.venue;
    for (const order of current.markets[symbol]!.working.slice()) {
      const held = account.lots[account.slot(symbol, order.ticket.positionSide)]!;
      if (waitsToReduce(order) && !(held !== 0 && held < 0 === order.buy)) current.drop(symbol, order.ticket.orderId, 'reduce-only');
    }
  };
  /** The liquidation fee as far as there is money for it; a loss beyond all of it is the insurance fund's. */
  const clearLiquidation = (symbol: number, notional: number): void => {
    const { account } = current.venue;
    const fee = Math.min(toAmount(notional * config.liquidationFee), Math.max(0, account.cash));
    wallet.pay(symbol, account.cash < 0 && account.open === 0 ? -account.cash : -fee, 'insurance', 'INSURANCE_CLEAR');
  };
  const closeAtMark = (symbol: number, quantity: number, cause: 'liquidation' | 'adl'): void => {
    const { account } = current.venue;
    const u = current.markets[symbol]!.units;
    const mark = host.mark(symbol);
    if (cause === 'liquidation') for (const record of table.alive(symbol, null)) current.drop(symbol, record.matchId, 'liquidation');
    let left = quantity === Infinity ? Infinity : u.lots(quantity);
    for (let slot = symbol; slot < account.lots.length; slot += states.length) {
      const lots = Math.min(Math.abs(account.lots[slot]!), left);
      if (lots === 0) continue;
      left -= lots;
      const { matchId, request } = closingOrder(slot, `outside-${ids.client('')}`, lots, cause);
      current.book(symbol, bookingTicket(request.symbol, request.side, lots, account.legOf(slot), matchId), u.ticks(mark));
      if (cause === 'liquidation') clearLiquidation(symbol, u.notionalOf(u.quantity(lots), mark));
    }
    releaseReducers(symbol);
    settle();
  };

  const positionIn = (slot: number): VenuePosition => {
    const { account } = current.venue;
    const i = account.symbolOf(slot);
    const symbol = account.symbols[i]!;
    return {
      symbol,
      quantity: account.unitsAt(i).quantity(account.lots[slot]!),
      entryPrice: account.entryPrice(slot),
      markPrice: host.mark(i),
      leverage: leverage[i]!,
      marginMode: marginModes[i]!,
      liquidationPrice: slot < states.length ? current.venue.liquidationPrice(symbol, host.now()) : NaN,
      positionSide: account.legOf(slot) ?? null,
    };
  };

  return {
    get nextAt() {
      return current.venue.nextAt;
    },
    get nextRank() {
      return current.venue.nextRank;
    },
    step: () => {
      current.venue.step();
      if (isWiped) restart();
    },
    table,
    ledger: wallet.ledger,
    executions: orders.executions,
    leverage,
    marginModes,
    get hedge() {
      return hedge;
    },
    holds: symbol => current.venue.account.lots.some((lots, slot) => lots !== 0 && current.venue.account.symbolOf(slot) === symbol),
    place,
    amend,
    drop: (record, code) => {
      requireAlive(record);
      current.drop(record.symbol, record.matchId, code);
      settle();
      return orderView(record);
    },
    manualTrade: (symbol, side, quantity) => {
      const positionSide = hedge ? (side === 'buy' ? 'long' : 'short') : null;
      const given = { tif: 'gtc', reduceOnly: false, positionSide } as const;
      place(marketRequest(ids.client('web_'), states[symbol]!.instrument.symbol, side, quantity, given));
    },
    closeAtMark,
    move: (symbol, amount, kind, reason) => {
      wallet.pay(symbol, amount, kind, reason);
      settle();
    },
    positions: () => [...current.venue.account.lots].flatMap((lots, slot) => (lots === 0 ? [] : [positionIn(slot)])),
    balances: () => [{ asset: wallet.asset, wallet: toMoney(current.venue.account.cash), available: Math.max(0, availableMargin(view())) }],
    setHedge: wanted => {
      hedge = wanted;
      renew();
    },
    renew,
  };
};
