// %% [markdown]
// # 7 · Order-book replay
//
// A limit order in a backtest on bars is filled when the price goes through it. In the market it waits in a queue, and is filled first when it is wrong. With trades and a book the platform matches order by order: this notebook shows what that takes away.
//
// The sample has bars only, so a minute of a book is **made up** here and imported like a recording of your own. The price moves by a tick every second or so, and always through whoever rests at the touch.

// %%
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  bookImbalance,
  markouts,
  microprice,
  microstructureColumns,
  spread,
  tradeFlowImbalance,
  units,
} from 'quantai-trad';
import { history, query, run, show, table } from 'quantai-trad/notebook';

/** A small generator of our own, so that every run of this notebook sees the same market. */
let state = 7;
const draw = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
};

const TICK = 0.1;
const LEVELS = 5;
const START = Date.UTC(2024, 7, 9);
const SECONDS = 120;
const book = ['ts,kind,first_id,last_id,side,price,qty'];
const trades = ['ts,side,price,qty'];
const quotes = ['ts,bid,bid_qty,ask,ask_qty'];
/** Lots of 0.001 at the best bid and ask. */
const touch: [number, number] = [1_000, 1_000];
let now = START;
let bid = 600_000;
let id = 0;

const say = (): void => {
  id++;
  for (let k = 0; k < LEVELS; k++)
    for (const side of ['bid', 'ask'] as const) {
      const tick = side === 'bid' ? bid - k : bid + 1 + k;
      const lots = k > 0 ? 5_000 : touch[side === 'bid' ? 0 : 1];
      book.push([now, 'snapshot', id, id, side, (tick * TICK).toFixed(1), lots / 1_000].join(','));
    }
  quotes.push(
    [
      now,
      (bid * TICK).toFixed(1),
      touch[0] / 1_000,
      ((bid + 1) * TICK).toFixed(1),
      touch[1] / 1_000,
    ].join(','),
  );
};
const trade = (isBuy: boolean, lots: number): void => {
  trades.push(
    [now, isBuy ? 'buy' : 'sell', ((isBuy ? bid + 1 : bid) * TICK).toFixed(1), lots / 1_000].join(
      ',',
    ),
  );
  touch[isBuy ? 1 : 0] -= lots;
};
while (now < START + SECONDS * 1_000) {
  touch[0] = 500 + draw(2_000);
  touch[1] = 500 + draw(2_000);
  say();
  for (let quiet = draw(12); quiet > 0; quiet--) {
    now += 20 + draw(80);
    const isBuy = draw(2) === 1;
    trade(isBuy, Math.min(1 + draw(150), touch[isBuy ? 1 : 0] - 20));
    const side = draw(2) === 1 ? 1 : 0;
    touch[side] = Math.max(200, touch[side] + draw(1_600) - 900);
    say();
  }
  // Takers eat what shows at the touch, and the touch moves on their way.
  now += 20 + draw(80);
  const isUp = draw(2) === 1;
  trade(isUp, touch[isUp ? 1 : 0]);
  bid += isUp ? 1 : -1;
}
console.log(`${id} states of the book, ${trades.length - 1} trades in ${SECONDS} s`);

// %% [markdown]
// ## Import it
//
// Three files, one dataset, and one-second bars out of the trades.

// %%
const folder = join(process.env['QUANTAI_HOME'] ?? '.', 'recordings');
await mkdir(folder, { recursive: true });
const instrument = [
  '--exchange',
  'binance',
  '--symbol',
  'BTC/USDT:USDT',
  '--tick',
  '0.1',
  '--lot',
  '0.001',
  '--min-notional',
  '5',
];
for (const [kind, lines] of Object.entries({ book, trades, quotes })) {
  const csv = join(folder, `${kind}.csv`);
  await writeFile(csv, `${lines.join('\n')}\n`);
  await run('data', 'import', csv, '--kind', kind, '--dataset', 'made-up-book', ...instrument);
}
await run('data', 'bars', 'made-up-book', '--timeframe', '1s');
table(
  await query(
    `SELECT count(*) AS trades, min(ts) AS first, max(ts) AS last, sum(quantity) AS volume FROM market_trades WHERE dataset = 'made-up-book'`,
  ),
);

// %% [markdown]
// ## What the book says beyond its prices
//
// A feature of the microstructure is a fold over events, in whole ticks and lots. Sampled every second, each sample knows what happened at or before it and nothing else.

// %%
const place = { dataset: 'made-up-book', symbol: 'BTC/USDT:USDT' } as const;
const recorded = {
  quotes: await history({ ...place, kind: 'quotes' }),
  trades: await history({ ...place, kind: 'trades' }),
};
const features = [microprice(), bookImbalance(), tradeFlowImbalance({ ms: 2_000 }), spread()];
const sampled = microstructureColumns(
  { quotes: [recorded.quotes], trades: [recorded.trades] },
  features,
  units({ tickSize: TICK, lotSize: 0.001 }),
  1_000,
);
const seconds = Array.from(sampled['ts']!, (ts, i) => ({
  second: (ts - START) / 1_000,
  ...Object.fromEntries(features.map(({ key }) => [key, sampled[key]![i]!])),
}));
table(seconds.slice(5, 11));

// %%
await show({
  title: {
    text: 'Where the size is',
    subtitle: 'Imbalance of the best bid and ask each second, −1 to 1, made up',
  },
  height: 160,
  data: {
    values: Array.from(sampled['ts']!, (ts, i) => ({
      second: (ts - START) / 1_000,
      imbalance: sampled[bookImbalance().key]![i]!,
    })),
  },
  mark: { type: 'area', line: true, opacity: 0.35 },
  encoding: {
    x: { field: 'second', type: 'quantitative', title: 'Second' },
    y: { field: 'imbalance', type: 'quantitative', title: 'Imbalance', scale: { domain: [-1, 1] } },
  },
});

// %% [markdown]
// ## The same strategy at three depths
//
// It bids at each close and offers at each close, for one second. Only the matching differs: bars know where the price went, trades know what was traded through, the book knows who stood in front.

// %%
const file = join(process.env['QUANTAI_HOME'] ?? '.', 'strategies', 'touch.ts');
await mkdir(dirname(file), { recursive: true });
await writeFile(
  file,
  `import { defineStrategy, order } from 'quantai-trad';

export default defineStrategy({
  name: 'touch',
  params: {},
  decide: ({ symbol, openTime, ts, close }) => {
    const ticket = { symbol, quantity: 0.01, limit: close, goodTill: ts + (ts - openTime), postOnly: true };
    return [order({ ...ticket, side: 'buy' }), order({ ...ticket, side: 'sell' })];
  },
});
`,
);
interface Outcome {
  runId: string;
  finalEquity: number;
  costs: { fees: number };
}
const DEPTHS = ['bars', 'trades', 'book'] as const;
const outcomes: { depth: string; outcome: Outcome }[] = [];
for (const depth of DEPTHS)
  outcomes.push({
    depth,
    outcome: await run<Outcome>(
      'backtest',
      file,
      '--dataset',
      'made-up-book',
      '--timeframe',
      '1s',
      '--funding',
      'none',
      '--depth',
      depth,
    ),
  });

// %%
interface Fill {
  depth: string;
  ms: number;
  price: number;
  quantity: number;
  side: string;
}
const fills: Fill[] = [];
for (const { depth, outcome } of outcomes)
  fills.push(
    ...(await query<Fill>(`
      SELECT '${depth}' AS depth, epoch_ms(ts) AS ms, price, quantity, side FROM fills WHERE run_id = '${outcome.runId}' AND liquidity = 'maker' ORDER BY ts`)),
  );
table(
  outcomes.map(({ depth, outcome }) => ({
    depth,
    fills: fills.filter(fill => fill.depth === depth).length,
    'profit before fees': outcome.finalEquity - 100_000 + outcome.costs.fees,
  })),
);

// %% [markdown]
// ## Markouts: were we filled because we were wrong?
//
// The mid so long after each fill, seen from the side of the fill, in basis points. Below zero the market ran over the order. What the cheap depth earns more was never there.

// %%
const mids = {
  ts: recorded.quotes.ts.slice(0, recorded.quotes.rows),
  mid: Float64Array.from(
    { length: recorded.quotes.rows },
    (_, i) => (recorded.quotes.columns[0]![i]! + recorded.quotes.columns[2]![i]!) / 2,
  ),
};
const after = DEPTHS.flatMap(depth => {
  const own = fills.filter(fill => fill.depth === depth);
  const column = (value: (fill: Fill) => number): Float64Array => Float64Array.from(own, value);
  const made = {
    ts: column(({ ms }) => ms),
    price: column(({ price }) => price),
    quantity: column(({ quantity }) => quantity),
    side: column(({ side }) => (side === 'buy' ? 1 : -1)),
  };
  return markouts(made, mids, [100, 1_000, 5_000]).map(({ horizonMs, fills: n, bps, error }) => ({
    depth,
    'after, ms': horizonMs,
    fills: n,
    bps,
    error,
  }));
});
table(after);

// %%
await show({
  title: {
    text: 'Markout of maker fills by depth of matching',
    subtitle: 'Basis points, seen from the side of the fill, made up',
  },
  width: 560,
  data: { values: after },
  mark: 'bar',
  encoding: {
    x: {
      field: 'after, ms',
      type: 'ordinal',
      title: 'Milliseconds after the fill',
      axis: { labelAngle: 0 },
    },
    xOffset: { field: 'depth', sort: [...DEPTHS] },
    y: { field: 'bps', type: 'quantitative', title: 'bps' },
    color: { field: 'depth', type: 'nominal', sort: [...DEPTHS] },
  },
});

// %% [markdown]
// With a recording of your own the commands are the same: `quantai data import` reads the files of venues and vendors, and `quantai data capture` what a session of yours received.
//
// Next: [8 · From paper to live](08-from-paper-to-live.ipynb).
