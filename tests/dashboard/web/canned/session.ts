import type { AccountLine, AccountView, BarColumns, FactLine, FillView, MarketView } from '../../../../src/dashboard/api/accounts-api.js';
import type { MarketTick } from '../../../../src/dashboard/api/stream.js';
import { FACT_LAG, factText } from './fact-text.js';
import { draws, walkBars } from './walk.js';

export const HOUR = 3_600_000;
/** Market time when the fake session is first looked at. */
export const BEGIN = Date.UTC(2025, 1, 14, 9, 30);
export const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'] as const;
const PRICES: Readonly<Record<string, number>> = { 'BTC/USDT:USDT': 96_500, 'ETH/USDT:USDT': 2680, 'SOL/USDT:USDT': 194 };

/** A session that trades by script: each `tick` moves prices, marks positions to them, and now and then writes facts. */
export interface FakeSession {
  readonly tick: () => void;
  readonly account: (name?: string) => AccountView;
  readonly lines: () => AccountLine[];
  readonly market: (symbol: string, bars: number) => MarketView;
  readonly marketTick: (symbol: string) => MarketTick;
  readonly facts: readonly FactLine[];
  readonly fills: readonly FillView[];
  readonly marketTime: () => number;
  readonly command: (command: string, reason: string) => void;
}

const digitsOf = (price: number): number => (price > 1000 ? 1 : 2);

/** Opens a fake session; `heard` is told of new facts. */
export const fakeSession = (): FakeSession => {
  const draw = draws(7);
  let ticks = 0;
  let time = BEGIN;
  let risk: AccountView['risk'] = 'ACTIVE';
  let riskCode: string | null = null;
  let riskText: string | null = null;
  const price: Record<string, number> = { ...PRICES };
  const history = new Map<string, BarColumns>();
  const barsOf = (symbol: string): BarColumns => {
    let bars = history.get(symbol);
    if (bars === undefined) {
      bars = walkBars(
        SYMBOLS.indexOf(symbol as (typeof SYMBOLS)[number]) + 11,
        1500,
        Math.floor(BEGIN / HOUR) * HOUR,
        HOUR,
        PRICES[symbol] ?? 100,
      );
      history.set(symbol, bars);
      price[symbol] = bars.close.at(-1)!;
    }
    return bars;
  };
  SYMBOLS.forEach(barsOf);
  /** Prices when the session is first looked at: what positions were entered near. */
  const entered = { ...price };

  const facts: FactLine[] = [];
  const fills: FillView[] = [];
  const streams = new Map<string, number>();
  const say = (type: string, strategy: string, payload: unknown, causationId: number | null = null): number => {
    const position = facts.length + 1;
    const seq = streams.get(strategy) ?? 0;
    streams.set(strategy, seq + 1);
    const ts = time + (FACT_LAG[type] ?? 0);
    facts.push({
      position,
      seq,
      strategy,
      type,
      ts,
      knownAt: type === 'OrderAccepted' || type === 'OrderFilled' ? ts + 3 : ts,
      correlationId: causationId ?? seq,
      causationId: causationId ?? -1,
      text: factText(type, payload),
      payload,
    });
    return seq;
  };
  say('SessionStarted', '', { account: 'main', venue: 'practice', epoch: 1 });

  let orders = 0;
  const trade = (symbol: string, strategy: string, side: 'buy' | 'sell', quantity: number, at: number, rate: number): void => {
    time = at;
    const target = say('TargetSet', strategy, { symbol, exposure: side === 'buy' ? 0.5 : 0, reason: 'fast against slow' });
    const orderId = `a.1.${++orders}`;
    const approved = say(
      'OrderApproved',
      strategy,
      { ticket: { orderId, symbol, side, type: 'market', lots: Math.round(quantity * 1000) } },
      target,
    );
    const submitted = say('OrderSubmitted', strategy, { orderId, symbol }, approved);
    const accepted = say('OrderAccepted', strategy, { orderId, symbol, venueOrderId: `v${9000 + orders}` }, submitted);
    const seq = say('OrderFilled', strategy, { orderId, symbol, side, price: rate, quantity, liquidity: 'taker' }, accepted);
    const fee = Number((rate * quantity * 0.00055).toFixed(4));
    const realised = side === 'sell' ? Number((rate * quantity * 0.004 * (draw() - 0.35)).toFixed(2)) : 0;
    fills.push({
      seq,
      ts: at,
      strategy,
      orderId,
      symbol,
      side,
      price: rate,
      quantity,
      fee,
      realised,
      liquidity: draw() > 0.4 ? 'taker' : 'maker',
      cause: 'strategy',
    });
  };
  const QUANTITY: Readonly<Record<string, number>> = { 'BTC/USDT:USDT': 0.25, 'ETH/USDT:USDT': 4.2, 'SOL/USDT:USDT': 60 };
  for (let at = 0; at < 36; at++) {
    const symbol = SYMBOLS[at % 3]!;
    const bars = barsOf(symbol);
    const bar = bars.ts.length - 1 - (36 - at) * 5;
    trade(
      symbol,
      at % 3 === 2 ? 'breakout' : 'sma-cross',
      at % 6 < 3 ? 'buy' : 'sell',
      QUANTITY[symbol]!,
      bars.ts[bar]! + HOUR,
      bars.close[bar]!,
    );
    if (at % 7 === 3)
      say('IntentDenied', 'breakout', { symbol, code: 'max-exposure', text: 'exposure would be 1.24, above the limit of 1' });
    if (at % 9 === 4) say('FundingSettled', 'sma-cross', { symbol, rate: 0.0001, amount: -2.41 });
  }
  time = BEGIN;

  const alarms = (): AccountView['alarms'] =>
    risk === 'HALTED'
      ? [{ code: 'halted', text: `The account is halted: ${riskText ?? ''}`, since: time, critical: true }]
      : [{ code: 'late-data', text: 'SOL/USDT:USDT has had no trade for 41 s.', since: BEGIN - 41_000, critical: false }];

  const position = (strategy: string, symbol: string, quantity: number, entry: number): AccountView['positions'][number] => {
    const last = price[symbol]!;
    return {
      strategy,
      symbol,
      quantity,
      entryPrice: entry,
      lastPrice: last,
      markPrice: Number((last * 1.0001).toFixed(2)),
      notional: quantity * last,
      exposure: (quantity * last) / 104_000,
      unrealised: quantity * (last - entry),
      liquidationPrice: quantity > 0 ? entry * 0.72 : entry * 1.31,
      stop: quantity > 0 ? entry * 0.965 : entry * 1.03,
      target: quantity > 0 ? entry * 1.06 : null,
    };
  };

  const account = (name = 'main'): AccountView => {
    const isMain = name === 'main';
    const positions = isMain
      ? [
          position('sma-cross', 'BTC/USDT:USDT', 0.25, entered['BTC/USDT:USDT']! * 0.995),
          position('sma-cross', 'ETH/USDT:USDT', -4.2, entered['ETH/USDT:USDT']! * 1.004),
          position('breakout', 'SOL/USDT:USDT', 60, entered['SOL/USDT:USDT']! * 0.98),
        ]
      : [];
    const open = positions.reduce((sum, each) => sum + each.unrealised!, 0);
    const equity = (isMain ? 103_820 : 50_000) + open;
    const gross = positions.reduce((sum, each) => sum + Math.abs(each.notional!), 0) / equity;
    const net = positions.reduce((sum, each) => sum + each.notional!, 0) / equity;
    const strategyOf = (strategy: string, cash: number, today: number): AccountView['strategies'][number] => {
      const unrealised = positions.filter(each => each.strategy === strategy).reduce((sum, each) => sum + each.unrealised!, 0);
      return {
        name: strategy,
        phase: risk === 'HALTED' ? 'halted' : 'trading',
        failure: null,
        risk,
        equity: cash + unrealised,
        cash,
        realised: cash - 50_000,
        unrealised,
        fees: 214.6,
        funding: -31.2,
        today: today + unrealised,
        promotion: null,
      };
    };
    return {
      account: name,
      venue: 'practice',
      mode: isMain ? 'live' : 'paper',
      practice: true,
      sandbox: false,
      rehearsal: true,
      running: isMain,
      notice: isMain ? null : 'The session has stopped.',
      epoch: 1,
      phase: isMain ? 'trading' : 'stopped',
      risk: isMain ? risk : 'ACTIVE',
      riskCode,
      riskText,
      ready: isMain && risk === 'ACTIVE',
      because: isMain ? riskText : 'The session has stopped.',
      marketTime: isMain ? time : BEGIN - 26 * HOUR,
      position: facts.length,
      equity,
      today: isMain ? 318.4 + open : null,
      exposure: net,
      gross,
      drawdown: isMain ? -0.0123 - Math.max(0, -open / equity) : 0,
      asset: 'USDT',
      symbols: [...SYMBOLS],
      timeframe: '1h',
      alarms: isMain ? alarms() : [],
      strategies: isMain ? [strategyOf('sma-cross', 52_910, 201.4), strategyOf('breakout', 50_910, 117)] : [],
      positions,
      openOrders: isMain
        ? positions.map((each, at) => ({
            seq: 100 + at,
            orderId: `a.1.s${at}`,
            strategy: each.strategy,
            symbol: each.symbol,
            side: each.quantity > 0 ? ('sell' as const) : ('buy' as const),
            type: 'stop',
            quantity: Math.abs(each.quantity),
            filled: 0,
            limit: null,
            stop: each.stop,
            tif: 'gtc',
            reduceOnly: true,
            postOnly: false,
            state: 'accepted',
            code: null,
            reason: 'protective stop',
            submittedAt: BEGIN - 5 * HOUR,
            acceptedAt: BEGIN - 5 * HOUR + 42,
            endedAt: null,
            averagePrice: null,
            fee: 0,
          }))
        : [],
      limits: isMain
        ? [
            { path: 'maxGross', scope: '', title: 'Gross notional', unit: 'fraction', limit: 1.5, used: gross, use: gross / 1.5, of: null },
            { path: 'maxDailyLoss', scope: '', title: 'Loss of a day', unit: 'fraction', limit: 0.03, used: 0.004, use: 0.13, of: null },
            { path: 'maxDrawdown', scope: '', title: 'Drawdown', unit: 'fraction', limit: 0.1, used: 0.0123, use: 0.123, of: null },
            {
              path: 'maxExposure',
              scope: 'sma-cross',
              title: 'Exposure of a symbol',
              unit: 'fraction',
              limit: 0.3,
              used: 0.25,
              use: 0.83,
              of: 'BTC/USDT:USDT',
            },
            { path: 'maxOpenOrders', scope: '', title: 'Orders at work', unit: 'count', limit: 20, used: 3, use: 0.15, of: null },
            { path: 'maxSpread', scope: '', title: 'Spread', unit: 'bp', limit: null, used: null, use: null, of: null },
          ]
        : [],
    };
  };

  const lineOf = (view: AccountView): AccountLine => ({
    account: view.account,
    venue: view.venue,
    mode: view.mode,
    practice: view.practice,
    sandbox: view.sandbox,
    rehearsal: view.rehearsal,
    running: view.running,
    phase: view.phase,
    risk: view.risk,
    equity: view.equity,
    today: view.today,
    marketTime: view.marketTime,
    alarms: view.alarms.length,
  });

  const cut = (bars: BarColumns, last: number): BarColumns => ({
    ts: bars.ts.slice(-last),
    open: bars.open.slice(-last),
    high: bars.high.slice(-last),
    low: bars.low.slice(-last),
    close: bars.close.slice(-last),
    volume: bars.volume.slice(-last),
  });

  const marketOf = (symbol: string, bars: number): MarketView => {
    const last = price[symbol] ?? 100;
    const unit = last / 20_000;
    const levels = (sign: number): [number, number][] =>
      Array.from({ length: 20 }, (_, at) => [
        Number((last + sign * unit * (at + 0.5)).toFixed(digitsOf(last))),
        Number((((Math.sin(ticks / 9 + at * sign) + 1.3) * 40_000) / last).toFixed(3)),
      ]);
    const all =
      bars > 1500
        ? walkBars(SYMBOLS.indexOf(symbol as (typeof SYMBOLS)[number]) + 11, bars, Math.floor(BEGIN / HOUR) * HOUR, HOUR, last)
        : cut(barsOf(symbol), bars);
    return {
      symbol,
      timeframe: '1h',
      synthetic: true,
      notice: null,
      bars: all,
      last,
      bid: levels(-1)[0]![0],
      ask: levels(1)[0]![0],
      mark: Number((last * 1.0001).toFixed(digitsOf(last))),
      index: Number((last * 0.9999).toFixed(digitsOf(last))),
      fundingRate: 0.000_102,
      nextFundingAt: Date.UTC(2025, 1, 14, 16),
      at: time,
      book: { bids: levels(-1), asks: levels(1) },
      fills: fills.filter(each => each.symbol === symbol),
      funding: Array.from({ length: 60 }, (_, at) => ({
        ts: Date.UTC(2025, 1, 14, 8) - (59 - at) * 8 * HOUR,
        rate: Number((0.0001 * Math.sin(at / 5) + 0.00005).toFixed(7)),
      })),
    };
  };

  return {
    facts,
    fills,
    marketTime: () => time,
    account,
    lines: () => [lineOf(account()), lineOf(account('paper-b'))],
    market: marketOf,
    marketTick: symbol => {
      const { fills: _fills, funding: _funding, ...tick } = marketOf(symbol, 3);
      return tick;
    },
    command: (command, reason) => {
      risk =
        command === 'halt' || command === 'stop' ? 'HALTED' : command === 'reduce' ? 'REDUCING' : command === 'resume' ? 'ACTIVE' : risk;
      riskCode = risk === 'ACTIVE' ? null : 'operator';
      riskText = risk === 'ACTIVE' ? null : reason || 'a person said so';
      say('OperatorCommanded', '', { command, reason, by: 'ana' });
    },
    tick: () => {
      ticks++;
      time += 1000;
      for (const symbol of SYMBOLS) {
        const bars = barsOf(symbol);
        const before = price[symbol]!;
        const next = Number((before * (1 + (draw() - 0.5) * 0.0006)).toFixed(digitsOf(before)));
        price[symbol] = next;
        const at = bars.ts.length - 1;
        if (time >= bars.ts[at]! + HOUR) {
          bars.ts.push(bars.ts[at]! + HOUR);
          bars.open.push(before);
          bars.high.push(Math.max(before, next));
          bars.low.push(Math.min(before, next));
          bars.close.push(next);
          bars.volume.push(1);
        } else {
          bars.close[at] = next;
          bars.high[at] = Math.max(bars.high[at]!, next);
          bars.low[at] = Math.min(bars.low[at]!, next);
          bars.volume[at] = Number((bars.volume[at]! + 0.02).toFixed(3));
        }
      }
      if (ticks % 40 === 0) {
        const symbol = SYMBOLS[(ticks / 40) % 3]!;
        if ((ticks / 40) % 4 === 3)
          say('IntentDenied', 'breakout', { symbol, code: 'max-exposure', text: 'exposure would be 1.24, above the limit of 1' });
        else trade(symbol, 'sma-cross', (ticks / 40) % 2 === 0 ? 'buy' : 'sell', QUANTITY[symbol]! / 10, time, price[symbol]!);
      }
    },
  };
};
