import { BrokerConfig } from '../../../src/live/broker/broker-config.js';
import { evolve, initialState, type BrokerState } from '../../../src/live/broker/broker-state.js';
import { clientIdOf } from '../../../src/live/broker/client-id.js';
import { createBroker } from '../../../src/live/broker/create-broker.js';
import type { Ownership } from '../../../src/live/broker/ownership.js';
import type { Ticket } from '../../../src/events/order.js';
import type { VenueEvent } from '../../../src/execution/venue.js';
import type { LiveClock } from '../../../src/live/live-clock.js';
import {
  VenueFailure,
  type TransportEvent,
  type VenueExecution,
  type VenueIncome,
  type VenueOrder,
  type VenueOrderRequest,
  type VenueTransport,
} from '../../../src/live/venue-transport.js';
import type { AccountWord } from '../../../src/live/word.js';
import type { Instrument } from '../../../src/market/instrument.js';
import { approve, isDenial } from '../../../src/risk/approve.js';
import { random } from '../../../src/random.js';

export const SYMBOL = 'BTC/USDT:USDT';
export const BTC: Instrument = {
  symbol: SYMBOL,
  exchange: 'practice',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 125,
  maintenanceMarginRate: 0.004,
  source: 'test',
};
export const START = Date.UTC(2024, 0, 1);

/** Time that only the test moves. */
export const scriptedClock = () => {
  let now = 0;
  let step = 0;
  let skew = 0;
  const timers: { at: number; order: number; action: () => void }[] = [];
  const clock: LiveClock = {
    wall: () => START + now + skew,
    monotonic: () => now,
    market: () => START + now,
    speed: 1,
    after: (ms, action) => {
      const timer = { at: now + ms, order: step++, action };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  };
  const quiet = async (): Promise<void> => {
    for (let i = 0; i < 60; i++) await Promise.resolve();
  };
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms;
    for (;;) {
      await quiet();
      const next = timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      timers.splice(timers.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.action();
    }
    now = end;
    await quiet();
  };
  return {
    clock,
    pass,
    quiet,
    setBack: (ms: number) => (skew -= ms),
    /** The process stands still: time goes on and no timer is heard. */
    stall: (ms: number) => (now += ms),
  };
};

export const ticket = (orderId: string, change: Partial<Ticket> = {}): Ticket => ({
  orderId,
  symbol: SYMBOL,
  side: 'buy',
  type: 'limit',
  lots: 10,
  limit: 500_000,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  ...change,
});

/** A venue that keeps orders, executions and cash honestly, and whose answers the test spoils one by one. */
export const scriptedVenue = (clock: LiveClock) => {
  const orders = new Map<string, VenueOrder>();
  const executions: VenueExecution[] = [];
  const income: VenueIncome[] = [];
  const calls: string[] = [];
  const submitted: VenueOrderRequest[] = [];
  let sink: (event: TransportEvent) => void = () => undefined;
  let wallet = 1000;
  let position = 0;
  let cost = 0;
  let count = 0;
  /** Failures to be given instead of answers, by method; `after`: the request takes effect first. */
  const spoiled = new Map<string, { failure: VenueFailure; after: boolean }[]>();
  const state = { last: 50_000, clockOffset: 0, tickSize: 0.1, lotSize: 0.001, isTold: true };

  const spoil = (
    method: string,
    kind: VenueFailure['kind'],
    code = kind as string,
    options: { after?: boolean; until?: number } = {},
  ): void => {
    const failure = new VenueFailure(kind, code, code, options.until ?? null);
    spoiled.set(method, [...(spoiled.get(method) ?? []), { failure, after: options.after === true }]);
  };
  const run = <T>(method: string, act: () => T): Promise<T> => {
    calls.push(method);
    const next = spoiled.get(method)?.shift();
    if (next && !next.after) return Promise.reject(next.failure);
    try {
      const answer = act();
      return next ? Promise.reject(next.failure) : Promise.resolve(answer);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  };
  const tell = (event: TransportEvent): void => {
    if (state.isTold) sink(event);
  };
  const find = (clientId: string | null, venueId: string | null): VenueOrder => {
    const order = (clientId !== null ? orders.get(clientId) : undefined) ?? [...orders.values()].find(o => o.venueId === venueId);
    if (!order) throw new VenueFailure('absent', 'absent', 'no such order');
    return order;
  };
  const set = (order: VenueOrder): VenueOrder => {
    orders.set(order.clientId, order);
    tell({ event: 'order', order });
    return order;
  };
  const trade = (execution: VenueExecution): void => {
    const signed = execution.side === 'buy' ? execution.quantity : -execution.quantity;
    if (position !== 0 && position > 0 !== signed > 0) {
      const closing = Math.min(Math.abs(position), Math.abs(signed));
      const entry = cost / position;
      wallet += (position > 0 ? closing : -closing) * (execution.price - entry);
      cost -= (position > 0 ? closing : -closing) * entry;
      position += position > 0 ? -closing : closing;
      const rest = Math.abs(signed) - closing;
      if (rest > 1e-12) {
        position += signed > 0 ? rest : -rest;
        cost += (signed > 0 ? rest : -rest) * execution.price;
      }
    } else {
      position += signed;
      cost += signed * execution.price;
    }
    position = Math.round(position * 1e6) / 1e6;
    if (position === 0) cost = 0;
    if (execution.feeAsset === 'USDT') wallet -= execution.fee;
    wallet = Math.round(wallet * 1e8) / 1e8;
    executions.push(execution);
    tell({ event: 'execution', execution });
  };
  const fill = (
    clientId: string,
    quantity: number,
    price: number,
    fee = 0,
    options: { status?: VenueOrder['status']; feeAsset?: string } = {},
  ): VenueExecution => {
    const order = find(clientId, null);
    const filled = Math.round((order.filled + quantity) * 1e6) / 1e6;
    const execution: VenueExecution = {
      id: `t${++count}`,
      venueOrderId: order.venueId,
      clientId,
      symbol: SYMBOL,
      side: order.side,
      price,
      quantity,
      fee,
      feeAsset: options.feeAsset ?? 'USDT',
      maker: true,
      ts: clock.market(),
      cause: 'order',
      positionSide: null,
    };
    trade(execution);
    set({
      ...order,
      filled,
      status: options.status ?? (filled >= order.quantity && !order.closePosition ? 'filled' : 'open'),
      updatedAt: clock.market(),
    });
    return execution;
  };

  const transport: VenueTransport = {
    venue: 'scripted',
    receiveWindowMs: 5_000,
    open: hear => {
      sink = hear;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
    markets: () =>
      run('markets', () => [
        {
          instrument: { ...BTC, tickSize: state.tickSize, lotSize: state.lotSize },
          trading: true,
          minQuantity: 0.001,
          maxQuantity: 1000,
          makerFee: null,
          takerFee: null,
        },
      ]),
    serverTime: () => run('serverTime', () => clock.market() + state.clockOffset),
    permissions: () => run('permissions', () => ({ trade: true, withdraw: false, ipRestricted: true })),
    submit: request =>
      run('submit', () => {
        submitted.push(request);
        if (orders.has(request.clientId)) throw new VenueFailure('refused', 'duplicate', 'duplicate');
        return set({
          clientId: request.clientId,
          venueId: `v${++count}`,
          symbol: request.symbol,
          side: request.side,
          type: request.type,
          status: request.stopPrice === null ? 'open' : 'untriggered',
          quantity: request.quantity,
          filled: 0,
          price: request.price,
          stopPrice: request.stopPrice,
          reduceOnly: request.reduceOnly,
          closePosition: request.closePosition,
          conditional: request.stopPrice !== null,
          positionSide: null,
          updatedAt: clock.market(),
        });
      }),
    cancel: ref =>
      run('cancel', () => {
        const order = find(ref.clientId, ref.venueId);
        if (order.status !== 'open' && order.status !== 'untriggered') throw new VenueFailure('absent', 'absent', 'it has ended');
        return set({ ...order, status: 'cancelled' });
      }),
    amend: (ref, change) => run('amend', () => set({ ...find(ref.clientId, ref.venueId), quantity: change.quantity, price: change.price })),
    cancelAll: symbol =>
      run('cancelAll', () => {
        for (const order of orders.values()) if (order.symbol === symbol && order.status === 'open') set({ ...order, status: 'cancelled' });
      }),
    cancelAllAfter: () => run('cancelAllAfter', () => true),
    order: ref => run('order', () => find(ref.clientId, ref.venueId)),
    openOrders: () => run('openOrders', () => [...orders.values()].filter(o => o.status === 'open' || o.status === 'untriggered')),
    executions: (_, since) => run('executions', () => executions.filter(e => e.ts >= since)),
    positions: () =>
      run('positions', () =>
        position === 0
          ? []
          : [
              {
                symbol: SYMBOL,
                quantity: position,
                entryPrice: cost / position,
                markPrice: state.last,
                leverage: 10,
                marginMode: 'cross' as const,
                liquidationPrice: NaN,
                positionSide: null,
              },
            ],
      ),
    balances: () => run('balances', () => [{ asset: 'USDT', wallet, available: wallet }]),
    income: since => run('income', () => income.filter(entry => entry.ts >= since)),
    setLeverage: () => run('setLeverage', () => undefined),
    setMarginMode: () => run('setMarginMode', () => undefined),
    positionMode: () => run('positionMode', () => false),
    setPositionMode: () => run('setPositionMode', () => undefined),
    subscribe: () => undefined,
    resubscribe: () => undefined,
    listen: () => tell({ event: 'stream', channel: 'private', symbol: '', up: true, code: 'open' }),
    history: {
      bars: () => Promise.resolve([]),
      funding: () => Promise.resolve([]),
      openInterest: () => Promise.resolve([]),
      referenceBars: () => Promise.resolve([]),
      trades: () => Promise.resolve([]),
      fundingInterval: () => Promise.resolve(28_800_000),
    },
  };
  return {
    transport,
    state,
    orders,
    calls,
    submitted,
    executions,
    spoil,
    fill,
    set,
    trade,
    send: (event: TransportEvent) => sink(event),
    pay: (entry: VenueIncome) => {
      income.push(entry);
      wallet = Math.round((wallet + entry.amount) * 1e8) / 1e8;
    },
    moveWallet: (amount: number) => (wallet += amount),
    get wallet() {
      return wallet;
    },
    get position() {
      return position;
    },
  };
};

export type ScriptedVenue = ReturnType<typeof scriptedVenue>;

/** A broker that is open on a scripted venue, and a journal of all that it told. */
export const openedBroker = async (
  options: {
    readonly config?: Parameters<typeof BrokerConfig.parse>[0];
    readonly state?: BrokerState;
    readonly prepare?: (venue: ScriptedVenue) => void;
    readonly isOpen?: boolean;
  } = {},
) => {
  const time = scriptedClock();
  const venue = scriptedVenue(time.clock);
  options.prepare?.(venue);
  const told: { strategy: string; event: VenueEvent }[] = [];
  const words: AccountWord[] = [];
  const halts: string[] = [];
  /** Whose the account is by the disk. */
  const owns: { account: Ownership } = { account: 'ours' };
  /** The fold of what was journaled, as a session keeps it. */
  const folded = options.state ?? initialState([BTC]);
  const broker = createBroker(
    {
      transport: venue.transport,
      clock: time.clock,
      random: random(1),
      epoch: 2,
      tell: (strategy, event) => {
        told.push({ strategy, event });
        evolve(folded, { ...event, strategy });
      },
      record: said => {
        words.push(...said);
        for (const word of said) evolve(folded, { ...word, strategy: '' });
        return Promise.resolve();
      },
      owner: () => owns.account,
      lastPrice: () => venue.state.last,
      halt: code => void halts.push(code),
    },
    BrokerConfig.parse({ catastrophe: { enabled: false }, deadManMs: 0, ...(options.config as object) }),
    [BTC],
    [
      { name: 'alpha', tag: 'a', budget: 500 },
      { name: 'beta', tag: 'b', budget: 500 },
    ],
    folded,
  );
  await venue.transport.open(event => broker.handle(event));
  const opened = broker.open();
  opened.catch(() => undefined);
  if (options.isOpen !== false) {
    for (let i = 0; i < 40 && !broker.readiness.ready; i++) await time.pass(500);
    await opened;
  }
  /** What a session does: the intent is journaled, and then it is sent. */
  const submit = (strategy: string, order: Ticket): void => {
    const approved = approve(order, { equity: 1e9 } as Parameters<typeof approve>[1], [], 'ACTIVE');
    if (isDenial(approved)) throw new Error(approved.text);
    evolve(folded, { type: 'OrderApproved', ts: time.clock.market(), strategy, ticket: order });
    evolve(folded, { type: 'OrderSubmitted', ts: time.clock.market(), strategy, orderId: order.orderId, symbol: order.symbol });
    broker.submit(strategy, approved);
  };
  return {
    ...time,
    venue,
    broker,
    told,
    words,
    halts,
    owns,
    folded,
    submit,
    opened,
    typesOf: (orderId: string) => told.flatMap(({ event }) => ('orderId' in event && event.orderId === orderId ? [event.type] : [])),
    calls: (method: string) => venue.calls.filter(call => call === method).length,
    sent: (orderId: string) => venue.submitted.filter(request => request.clientId === clientIdOf(orderId)).length,
  };
};
