import { RunConfig } from '../../src/engine/run-config.js';
import { random } from '../../src/random.js';
import { DAY, HOUR } from '../../src/time.js';
import type { Finding } from '../../src/datasets/series.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Fill, FundingPayment, RoundTrip } from '../../src/portfolio/fill.js';
import type { Closes } from '../../src/reports/outcome.js';
import type { ReportFold } from '../../src/reports/rows/fold-rows.js';
import type { TearsheetInput } from '../../src/reports/tearsheet.js';
import type { WalkForwardReportInput } from '../../src/reports/walk-forward.js';

export const START = Date.UTC(2022, 0, 1);
const SYMBOL = 'BTC/USDT:USDT';

/** A market with changing drift and volatility. */
export const walk = (bars: number, step: number, seed: number): Closes => {
  const draw = random(seed);
  const ts = new Float64Array(bars);
  const close = new Float64Array(bars);
  let price = 40_000;
  let drift = 0;
  let deviation = 0.6;
  for (let i = 0; i < bars; i++) {
    if (draw.next() < 1 / 900) {
      drift = 1.4 * draw.normal();
      deviation = 0.35 + 0.7 * draw.next();
    }
    const years = step / (365 * DAY);
    price *= Math.exp(drift * years + deviation * Math.sqrt(years) * draw.normal());
    ts[i] = START + (i + 1) * step;
    close[i] = price;
  }
  return { ts, close };
};

/** A run that is long or short by two moving averages, with fees, slippage and funding booked as a venue would. */
export const crossover = ({ ts, close }: Closes, fast: number, slow: number, capital = 100_000): RunResult => {
  const n = ts.length;
  const equity = new Float64Array(n);
  const exposure = new Float64Array(n);
  const gross = new Float64Array(n);
  const fastLine = new Float64Array(n);
  const slowLine = new Float64Array(n);
  const fills: Fill[] = [];
  const roundTrips: RoundTrip[] = [];
  const funding: FundingPayment[] = [];
  let cash = capital;
  let held = 0;
  let entry = { ts: 0, price: 0, fees: 0, slippage: 0, funding: 0 };
  const trade = (i: number, quantity: number, reason: string): { fee: number; slip: number; price: number } => {
    const slip = Math.abs(quantity) * close[i]! * 0.0002;
    const price = close[i]! * (1 + 0.0002 * Math.sign(quantity));
    const fee = Math.abs(quantity) * price * 0.00055;
    cash -= quantity * price + fee;
    fills.push({
      seq: fills.length,
      ts: ts[i]!,
      symbol: SYMBOL,
      orderId: `o${fills.length}`,
      side: quantity > 0 ? 'buy' : 'sell',
      price,
      quantity: Math.abs(quantity),
      fee,
      slippage: slip,
      liquidity: 'taker',
      realised: 0,
      reason,
    });
    return { fee, slip, price };
  };
  let a = close[0] ?? 0;
  let b = a;
  for (let i = 0; i < n; i++) {
    a += (close[i]! - a) * (2 / (fast + 1));
    b += (close[i]! - b) * (2 / (slow + 1));
    fastLine[i] = a;
    slowLine[i] = b;
    if (held !== 0 && ts[i]! % (8 * HOUR) === 0) {
      const amount = -held * close[i]! * 0.0001;
      cash += amount;
      entry.funding += amount;
      funding.push({ ts: ts[i]!, symbol: SYMBOL, rate: 0.0001, quantity: held, markPrice: close[i]!, amount });
    }
    const side = i < slow ? 0 : a > b * 1.002 ? 1 : a < b * 0.998 ? -1 : Math.sign(held);
    if (side !== Math.sign(held)) {
      const now = cash + held * close[i]!;
      if (held !== 0) {
        const { fee, slip, price } = trade(i, -held, 'averages crossed');
        const fees = entry.fees + fee;
        const grossPnl = held * (price - entry.price);
        const netPnl = grossPnl - fees + entry.funding;
        roundTrips.push({
          symbol: SYMBOL,
          side: held > 0 ? 'long' : 'short',
          entryTs: entry.ts,
          exitTs: ts[i]!,
          entryPrice: entry.price,
          exitPrice: price,
          quantity: Math.abs(held),
          grossPnl,
          fees,
          slippage: entry.slippage + slip,
          funding: entry.funding,
          netPnl,
          netReturn: netPnl / (entry.price * Math.abs(held)),
          entryReason: 'fast against slow',
          exitReason: 'averages crossed',
        });
        held = 0;
      }
      if (side !== 0) {
        held = (side * now * 0.95) / close[i]!;
        const { fee, slip, price } = trade(i, held, 'fast against slow');
        entry = { ts: ts[i]!, price, fees: fee, slippage: slip, funding: 0 };
      }
    }
    equity[i] = cash + held * close[i]!;
    exposure[i] = (held * close[i]!) / equity[i]!;
    gross[i] = Math.abs(exposure[i]!);
  }
  return {
    manifest: {
      platform: 'quantai-trad 0.1.0',
      strategy: { name: 'sma-cross', bundle: 'builtin:sma-cross' },
      params: { fast, slow },
      config: RunConfig.parse({
        from: START,
        to: ts[n - 1] ?? START,
        symbols: [SYMBOL],
        timeframe: '1h',
        seed: 7,
        capital,
        leverage: 3,
        fees: { kind: 'maker-taker', maker: 0.0002, taker: 0.00055 },
        slippage: { kind: 'fixed-bps', bps: 2 },
        latency: { kind: 'constant', order: 250, cancel: 250, report: 250 },
        funding: { kind: 'settled' },
        fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: 0.05 },
        risk: { maxOrderNotional: null, maxLeverage: 3, maxExposure: null, priceCollar: 0.05, maxDrawdown: null },
        delays: { bars: 0, funding: 0, mark: 0 },
        rebalanceBand: null,
        atEnd: 'mark',
      }),
      instruments: [],
      inputs: [
        {
          dataset: 'btc',
          version: '9f2c4e7a1b3d',
          kind: 'bars',
          symbol: SYMBOL,
          timeframe: '1h',
          from: START,
          to: ts[n - 1] ?? START,
          rows: n,
          synthetic: false,
        },
        {
          dataset: 'btc',
          version: '9f2c4e7a1b3d',
          kind: 'funding',
          symbol: SYMBOL,
          from: START,
          to: ts[n - 1] ?? START,
          rows: Math.floor(n / 8),
          synthetic: false,
        },
      ],
    },
    fingerprint: '5b1f0c7e92d3a4186f0e5d2c7b9a8e31f4c6d5b0a7e8f9123c4d5e6f708192a3',
    bars: n,
    events: n * 4,
    initialCapital: capital,
    finalEquity: equity[n - 1] ?? capital,
    curve: { length: n, ts, equity, exposure, gross },
    fills,
    roundTrips,
    funding,
    liquidations: [],
    refusals: { 'warming-up': slow, 'below-minimum-notional': 3 },
    halted: null,
    assumptions: [
      { topic: 'Fees', text: 'Maker 2.0 bps, taker 5.5 bps of notional.', source: 'Bybit linear, non-VIP, 2024-11' },
      { topic: 'Slippage', text: 'Every taker fill is 2 bps worse than the path.', source: 'chosen by the user' },
      { topic: 'Path inside a bar', text: 'Pessimistic: the extreme that hurts the open position comes first.', source: 'default' },
      { topic: 'Funding', text: 'Settled every 8 hours at the recorded rate on the recorded mark price.', source: 'dataset btc' },
      { topic: 'Liquidity', text: 'At most 5% of a bar’s volume fills our orders.', source: 'default' },
    ],
    plots:
      n === 0
        ? []
        : [
            { name: 'fast average', symbol: SYMBOL, ts, value: fastLine },
            {
              name: 'spread of the averages, %',
              symbol: SYMBOL,
              ts,
              value: Float64Array.from(fastLine, (v, i) => (100 * v) / slowLine[i]! - 100),
            },
          ],
    forecasts: null,
    notes: n === 0 ? [] : [{ ts: ts[Math.floor(n / 2)]!, text: 'Half of the bars are done; <b>nothing</b> unusual.' }],
    facts: [],
  };
};

const FINDINGS: readonly Finding[] = [
  {
    code: 'gap',
    severity: 'warning',
    file: 'btc.csv.gz',
    symbol: SYMBOL,
    kind: 'bars',
    row: 4211,
    ts: START + 175 * DAY,
    count: 5,
    message: '5 bars of 1h are missing from 2022-06-25 00:00.',
  },
  {
    code: 'gap',
    severity: 'warning',
    file: 'btc.csv.gz',
    symbol: SYMBOL,
    kind: 'bars',
    row: 9100,
    ts: START + 380 * DAY,
    count: 2,
    message: '2 bars of 1h are missing from 2023-01-16 00:00.',
  },
  {
    code: 'duplicate',
    severity: 'error',
    file: 'btc.csv.gz',
    symbol: SYMBOL,
    kind: 'bars',
    row: 12,
    ts: START + 60 * DAY,
    count: 24,
    message: '24 rows repeat an earlier time with the same values.',
    repaired: 'the first of each was kept',
  },
  {
    code: 'zero-volume',
    severity: 'info',
    file: 'btc.csv.gz',
    symbol: SYMBOL,
    kind: 'bars',
    ts: START + 500 * DAY,
    count: 7,
    message: '7 bars traded nothing.',
  },
];

export const tearsheetInput = (bars = 17_520, step = HOUR): TearsheetInput => {
  const market = walk(bars, step, 21);
  return {
    title: 'sma-cross on BTC/USDT',
    result: crossover(market, 40, 160),
    ...(bars > 0 && { benchmark: { name: 'BTC buy and hold', ts: market.ts, price: market.close } }),
    prices: { [SYMBOL]: market },
    findings: bars > 0 ? FINDINGS : [],
    command: 'quantai backtest sma-cross --dataset btc --param fast=40 --param slow=160 --from 2022-01-01 --to 2024-01-01 --seed 7',
    synthetic: false,
  };
};

export const walkForwardInput = (foldCount = 8): WalkForwardReportInput => {
  const market = walk(17_520, HOUR, 21);
  const result = crossover(market, 40, 160);
  const draw = random(3);
  const first = 180 * DAY;
  const length = 60 * DAY;
  const from = START + first;
  const keep = market.ts.findIndex(t => t > from);
  const end = market.ts.findIndex(t => t > from + foldCount * length);
  const last = end < 0 ? market.ts.length : end;
  const cut = (column: Float64Array): Float64Array => column.subarray(keep, last);
  const folds = Array.from({ length: foldCount }, (_, index): ReportFold => {
    const candidates = [10, 20, 30, 40, 50, 60].flatMap(fast =>
      [80, 120, 160, 200, 240].map(slow => ({
        params: { fast, slow },
        objective:
          draw.next() < 0.05 ? null : 0.7 - Math.abs(fast - 30 - 3 * index) / 40 - Math.abs(slow - 160) / 200 + 0.4 * draw.normal(),
      })),
    );
    const best = candidates.reduce((a, b) => ((b.objective ?? -9) > (a.objective ?? -9) ? b : a));
    const outcome = 0.4 * (best.objective ?? 0) + 0.9 * draw.normal();
    return {
      index,
      train: { from: from + index * length - first, to: from + index * length },
      test: { from: from + index * length, to: from + (index + 1) * length },
      params: best.params,
      inSample: { sharpe: best.objective, totalReturn: (best.objective ?? 0) * 0.12, maxDrawdown: -0.11, trades: 44 },
      outOfSample: { sharpe: outcome, totalReturn: outcome * 0.05, maxDrawdown: -0.08 - 0.03 * draw.next(), trades: 15 },
      candidates,
    };
  });
  const stitched = {
    ...result,
    initialCapital: result.curve.equity[Math.max(0, keep - 1)] ?? result.initialCapital,
    curve: {
      length: last - keep,
      ts: cut(result.curve.ts),
      equity: cut(result.curve.equity),
      exposure: cut(result.curve.exposure),
      gross: cut(result.curve.gross),
    },
    fills: result.fills.filter(fill => fill.ts > from),
    roundTrips: result.roundTrips.filter(trip => trip.entryTs > from),
    funding: result.funding.filter(payment => payment.ts > from),
  };
  return {
    title: 'sma-cross on BTC/USDT, walked forward',
    manifest: result.manifest,
    folds,
    stitched,
    overfitting: { psr: 0.83, dsr: 0.41, pbo: null, reasons: { pbo: 'fewer than 16 blocks of returns' } },
    trials: 240,
    objective: 'sharpe',
    scheme: { kind: 'rolling', train: '180d', test: '60d', purge: '0d', embargo: '1d', search: 'grid, 30 a fold' },
    benchmark: { name: 'BTC buy and hold', ts: market.ts, price: market.close },
    prices: { [SYMBOL]: { ts: cut(market.ts), close: cut(market.close) } },
    findings: FINDINGS,
    fingerprint: result.fingerprint,
    command: 'quantai walkforward sma-cross --dataset btc --train 180d --test 60d --objective sharpe --seed 7',
    synthetic: false,
  };
};
