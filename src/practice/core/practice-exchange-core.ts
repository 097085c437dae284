import { usageError } from '../../errors.js';
import { TimeQueue } from '../../events/time-queue.js';
import { RANK } from '../../execution/venue.js';
import type { MarketMessage } from '../../live/venue-transport.js';
import type { Symbol } from '../../market/instrument.js';
import { timeframeMs } from '../../market/timeframe.js';
import { toAmount, units } from '../../market/units.js';
import type { PracticeEvent, PracticeExchange } from '../practice-exchange.js';
import { accountDesk, type AccountDesk } from './account-desk.js';
import { barHistory } from './bar-history.js';
import { barPoints } from './bar-points.js';
import { bookLadder } from './book-ladder.js';
import type { DeskHost } from './desk-host.js';
import { practiceConfig, type PracticeOptions } from './exchange-options.js';
import { fundingBoard } from './funding-board.js';
import { marketTape } from './market-tape.js';
import { refuse } from './order-filters.js';
import { isAlive, orderView } from './order-record.js';
import { priceView } from './price-view.js';
import { symbolState, type SymbolState } from './symbol-state.js';
import { venueIds } from './venue-ids.js';
import { within } from './within.js';

type Kind = MarketMessage['kind'];
const KINDS: readonly Kind[] = ['mark', 'book', 'quote', 'trade', 'funding', 'funding-estimate', 'bar'];
const NO_KINDS: ReadonlySet<Kind> = new Set();

/** The larger step must be a multiple of the smaller one, or what was made with one cannot be stated in the other. */
const finer = (was: number, wanted: number, what: string): number => {
  const small = Math.min(was, wanted);
  const times = Math.max(was, wanted) / small;
  if (Math.abs(times - Math.round(times)) > 1e-6)
    throw usageError('bad-steps', `A ${what} of ${wanted} does not go together with ${was}.`, 'Choose a multiple or a part of it.');
  return small;
};

/**
 * A practice exchange over recorded data: one simulated exchange an account on one market time, so that orders match as they do in a backtest with these assumptions, and the market data that is told is the path
 * that they match on. Throws usage and bad-data errors for data that cannot be practised on.
 */
export const practiceExchange = (options: PracticeOptions): PracticeExchange => {
  const config = practiceConfig(options);
  const states = [...options.instruments]
    .sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
    .map((each, i) => symbolState(i, each, options.chunks));
  if (states.length === 0) throw usageError('no-symbols', 'A practice exchange needs at least one symbol.', 'Name one.');
  const start = options.start ?? Math.min(...states.map(({ bars }) => bars.ts[0]!));
  const end = Math.max(...states.map(({ bars, barMs }) => bars.ts[bars.rows - 1]! + barMs));
  const time = Float64Array.of(start);
  const ids = venueIds(config.hugeIdEvery);

  const outbox: PracticeEvent[] = [];
  const listeners = new Map<(event: PracticeEvent) => void, ReadonlySet<Kind>>();
  let isTelling = false;
  let isAdvancing = false;
  const say = (event: PracticeEvent): void => {
    if (listeners.size > 0) outbox.push(event);
  };
  /** Tell what has happened, once everything is in order. */
  const tell = (): void => {
    if (isTelling) return;
    isTelling = true;
    try {
      for (let i = 0; i < outbox.length; i++) {
        const event = outbox[i]!;
        for (const [listener, kinds] of listeners) if (event.event !== 'market' || kinds.has(event.message.kind)) listener(event);
      }
    } finally {
      outbox.length = 0;
      isTelling = false;
    }
  };

  const lines = states.map(state => {
    const points = barPoints(state, config.fills.path, config.tradesPerBar);
    const prices = priceView(state, points);
    const history = barHistory(state, points, prices);
    const funding = fundingBoard(state);
    const ladder = bookLadder(state, config);
    const timeframes = [state.timeframe, ...config.timeframes.filter(each => each !== state.timeframe)];
    for (const each of timeframes)
      if (timeframeMs(each) % state.barMs !== 0)
        throw usageError('bad-timeframe', `Bars of ${each} cannot be made of bars of ${state.timeframe}.`, 'Choose a multiple.');
    const tape = marketTape({ state, points, prices, history, ladder, funding, timeframes, levels: config.levels }, message =>
      say({ event: 'market', message }),
    );
    return { state, prices, history, funding, tape };
  });
  const timers = new TimeQueue<() => void>();
  const host: DeskHost = {
    states,
    config,
    ids,
    now: () => time[0]!,
    last: i => lines[i]!.prices.last(time[0]!),
    mark: i => lines[i]!.prices.mark(time[0]!),
    say,
    disturbance: (i, at) => lines[i]!.funding.disturbance(at),
    later: (at, action) => timers.push(Math.max(at, time[0]!), action),
  };
  const desks = new Map<string, AccountDesk>();
  /** By account and symbol: when all plain orders are cancelled. */
  const deadlines = new Map<string, number>();

  const deskOf = (account: string): AccountDesk => {
    const desk = desks.get(account);
    if (desk === undefined) throw usageError('no-account', `There is no account "${account}" here.`, 'Open it first.');
    return desk;
  };
  const lineOf = (symbol: Symbol): (typeof lines)[number] => {
    const line = lines.find(({ state }) => state.instrument.symbol === symbol);
    return line ?? refuse('unknown-symbol', `${symbol} is not offered here.`);
  };
  const indexOf = (symbol: Symbol): number => lineOf(symbol).state.index;
  /** Do something to an account, and then tell of it. */
  const doing = <T>(action: () => T): T => {
    try {
      return action();
    } finally {
      if (!isAdvancing) tell();
    }
  };
  /** Where all orders have one id space, the conditional ones are those that wait for their trigger. */
  const cancelOrders = (desk: AccountDesk, symbol: number, conditional: boolean): void => {
    for (const record of desk.table.alive(symbol, conditional ? null : false))
      if (isAlive(record) && (conditional || record.status === 'open')) desk.drop(record, 'requested');
  };
  const requireIdle = (desk: AccountDesk, symbols: readonly SymbolState[]): void => {
    for (const { index } of symbols)
      if (desk.holds(index) || desk.table.alive(index, null).length > 0) refuse('settings', 'There are orders or a position.');
  };
  const wanted = (): ReadonlySet<Kind> => {
    const all = new Set<Kind>();
    for (const kinds of listeners.values()) for (const kind of kinds) all.add(kind);
    return all.size === 0 ? NO_KINDS : all;
  };
  const rewire = (): void => {
    const kinds = wanted();
    for (const { tape } of lines) tape.want(kinds, time[0]!);
  };

  const advance = (to: number): void => {
    if (isAdvancing) throw new RangeError('the practice exchange is asked to advance while it advances');
    if (to < time[0]!) throw new RangeError(`market time cannot go back from ${time[0]!} to ${to}`);
    isAdvancing = true;
    try {
      for (;;) {
        // In order of time, then rank; accounts in the order in which they were opened, then what was set for a time, then the market data.
        let at = Infinity;
        let rank = Infinity;
        let next: { step(): void } | null = null;
        for (const desk of desks.values())
          if (desk.nextAt < at || (desk.nextAt === at && desk.nextRank < rank)) {
            at = desk.nextAt;
            rank = desk.nextRank;
            next = desk;
          }
        const isTimer = timers.nextAt < at || (timers.nextAt === at && RANK.timers < rank);
        if (isTimer) {
          at = timers.nextAt;
          rank = RANK.timers;
        }
        for (const { tape } of lines)
          if (tape.nextAt < at || (tape.nextAt === at && tape.nextRank < rank)) {
            at = tape.nextAt;
            rank = tape.nextRank;
            next = tape;
          }
        if (at > to || (at === to && rank === RANK.open) || at === Infinity) break;
        time[0] = at;
        if (isTimer && rank === RANK.timers) timers.pop()();
        else next?.step();
        if (outbox.length > 0) tell();
      }
      time[0] = to;
    } finally {
      isAdvancing = false;
    }
  };

  return {
    get now() {
      return time[0]!;
    },
    end,
    advance,
    listen: (listener, kinds = KINDS) => {
      listeners.set(listener, new Set(kinds));
      rewire();
      return () => {
        listeners.delete(listener);
        rewire();
      };
    },
    openAccount: (account, wallet) => {
      if (desks.has(account)) throw usageError('account-exists', `The account "${account}" is open already.`, 'Choose another name.');
      desks.set(account, accountDesk(account, wallet, host));
    },
    markets: () =>
      states.map(({ instrument, trading, minQuantity, maxQuantity }) => ({
        instrument,
        trading,
        minQuantity,
        maxQuantity,
        makerFee: config.fees.maker,
        takerFee: config.fees.taker,
      })),
    place: (account, request) => doing(() => deskOf(account).place(request)),
    cancel: (account, ref) => doing(() => deskOf(account).drop(deskOf(account).table.find(ref), 'requested')),
    amend: (account, ref, change) => doing(() => deskOf(account).amend(ref, change)),
    cancelAll: (account, symbol, conditional) => doing(() => cancelOrders(deskOf(account), indexOf(symbol), conditional)),
    cancelAllAt: (account, symbol, at) => {
      const desk = deskOf(account);
      const index = indexOf(symbol);
      const key = `${account}/${symbol}`;
      deadlines.set(key, at);
      if (at === Infinity) return;
      host.later(at, () => {
        if (deadlines.get(key) !== at) return;
        deadlines.delete(key);
        cancelOrders(desk, index, false);
      });
    },
    order: (account, ref) => orderView(deskOf(account).table.find(ref)),
    openOrders: (account, symbol, conditional) =>
      deskOf(account)
        .table.alive(symbol === null ? -1 : indexOf(symbol), conditional)
        .map(orderView),
    allOrders: account => deskOf(account).table.all.map(orderView),
    executions: (account, symbol, from, to) =>
      within(deskOf(account).executions, from, to).filter(each => symbol === null || each.symbol === symbol),
    positions: account => deskOf(account).positions(),
    balances: account => deskOf(account).balances(),
    income: (account, from, to) => deskOf(account).ledger.between(from, to),
    leverage: (account, symbol) => {
      const desk = deskOf(account);
      const i = indexOf(symbol);
      return { leverage: desk.leverage[i]!, marginMode: desk.marginModes[i]! };
    },
    setLeverage: (account, symbol, leverage) =>
      doing(() => {
        const desk = deskOf(account);
        const { state } = lineOf(symbol);
        if (!Number.isInteger(leverage) || leverage < 1 || leverage > state.instrument.maxLeverage)
          refuse('leverage', `The leverage must be whole and from 1 to ${state.instrument.maxLeverage}.`);
        desk.leverage[state.index] = leverage;
        say({ event: 'settings', account, symbol, leverage });
      }),
    setMarginMode: (account, symbol, mode) => {
      const desk = deskOf(account);
      const { state } = lineOf(symbol);
      if (desk.marginModes[state.index] === mode) refuse('unchanged', 'The margin mode is so already.');
      requireIdle(desk, [state]);
      desk.marginModes[state.index] = mode;
      doing(() => desk.renew());
    },
    hedge: account => deskOf(account).hedge,
    setHedge: (account, hedge) => {
      const desk = deskOf(account);
      if (desk.hedge === hedge) refuse('unchanged', 'The position mode is so already.');
      requireIdle(desk, states);
      doing(() => desk.setHedge(hedge));
    },
    bars: (symbol, timeframe, from, to, limit, newest) =>
      lineOf(symbol).history.between(timeframeMs(timeframe), from, to, time[0]!, limit, newest),
    funding: (symbol, from, to, limit) => {
      const { funding, prices } = lineOf(symbol);
      return funding.between(from, to, time[0]!, limit).map(({ ts, rate }) => [ts, rate, prices.mark(ts)] as const);
    },
    trades: (symbol, from, limit) => lineOf(symbol).tape.trades(from, time[0]!, limit),
    nextFunding: symbol => lineOf(symbol).funding.next(time[0]!),
    depth: (symbol, levels) => lineOf(symbol).tape.depth(time[0]!, levels),
    lastPrice: symbol => host.last(indexOf(symbol)),
    markPrice: symbol => host.mark(indexOf(symbol)),
    manualTrade: (account, symbol, side, quantity) => doing(() => deskOf(account).manualTrade(indexOf(symbol), side, quantity)),
    liquidate: (account, symbol) => doing(() => deskOf(account).closeAtMark(indexOf(symbol), Infinity, 'liquidation')),
    deleverage: (account, symbol, quantity) => doing(() => deskOf(account).closeAtMark(indexOf(symbol), quantity, 'adl')),
    transfer: (account, amount, kind) =>
      doing(() =>
        deskOf(account).move(-1, toAmount(amount), kind, kind === 'deposit' ? 'DEPOSIT' : kind === 'withdrawal' ? 'WITHDRAW' : 'TRANSFER'),
      ),
    correctFee: (account, symbol, amount) =>
      doing(() => deskOf(account).move(indexOf(symbol), toAmount(amount), amount > 0 ? 'rebate' : 'fee', 'ADJUSTMENT')),
    expire: (account, ref) => doing(() => void deskOf(account).drop(deskOf(account).table.find(ref), 'expired')),
    setSteps: (symbol, tickSize, lotSize) => {
      const { state } = lineOf(symbol);
      const { matched } = state;
      state.matched = {
        ...matched,
        tickSize: finer(matched.tickSize, tickSize, 'tick size'),
        lotSize: finer(matched.lotSize, lotSize, 'lot size'),
      };
      state.instrument = { ...state.instrument, tickSize, lotSize };
      state.units = units(state.instrument);
      state.minQuantity = Math.max(lotSize, Math.ceil(state.minQuantity / lotSize - 1e-9) * lotSize);
      doing(() => desks.forEach(desk => desk.renew()));
    },
    setTrading: (symbol, trading) => {
      lineOf(symbol).state.trading = trading;
    },
    disturbFunding: (symbol, at, change) => {
      const { funding, tape } = lineOf(symbol);
      funding.disturb(at, change);
      tape.replan(time[0]!);
    },
  };
};
