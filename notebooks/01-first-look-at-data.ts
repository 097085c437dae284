// %% [markdown]
// # 1 · First look at data
//
// Before any idea is tested: what is there, is it whole, and what does a move of the market look like next to what a trade costs?
//
// The dataset `sample` comes with the platform. It is **synthetic**: what is found in it says how to look, and nothing about a market.

// %%
import { history, query, run, show, table } from 'quantai-trad/notebook';

// %%
table(
  await query(`
    SELECT symbol, timeframe, count(*) AS bars, min(ts)::DATE AS first, max(ts)::DATE AS last,
      any_value(synthetic) AS synthetic
    FROM market_data WHERE dataset = 'sample' GROUP BY ALL ORDER BY symbol`),
);

// %% [markdown]
// Files are compared with their hashes, and everything that a loader found is kept with the data. `planted-truth` says what was put into a synthetic series.

// %%
interface Checked {
  ok: boolean;
  findings: { severity: string; code: string; symbol: string; count: number; message: string }[];
}
const checked = await run<Checked>('data', 'check', 'sample');
table(
  checked.findings.map(({ message, ...rest }) => ({ ...rest, message: message.slice(0, 90) })),
  ['severity', 'code', 'symbol', 'count', 'message'],
);

// %% [markdown]
// ## Prices
//
// Each series starts at 1. The axis is logarithmic, so that a doubling is the same height everywhere.

// %%
interface Day {
  day: string;
  symbol: string;
  level: number;
}
const days = await query<Day>(`
  WITH days AS (
    SELECT symbol, strftime(ts, '%Y-%m-%d') AS day, last(close ORDER BY ts) AS close
    FROM market_data WHERE dataset = 'sample' GROUP BY ALL
  )
  SELECT day, symbol, close / first(close) OVER (PARTITION BY symbol ORDER BY day) AS level FROM days ORDER BY day`);
await show({
  title: {
    text: 'Three synthetic perpetuals',
    subtitle: 'Close of the day, first day = 1, logarithmic',
  },
  data: { values: days },
  mark: 'line',
  encoding: {
    x: { field: 'day', type: 'temporal', title: null },
    y: { field: 'level', type: 'quantitative', scale: { type: 'log' }, title: 'Level' },
    color: { field: 'symbol', type: 'nominal' },
  },
});

// %% [markdown]
// ## How large is a move, and how large is a cost?
//
// A round trip as taker costs about 14 basis points here: twice 5 of fee and twice 2 of half a spread. A bar whose usual move is smaller than that cannot be traded for its own sake.

// %%
const chunk = await history({ dataset: 'sample', symbol: 'BTC/USDT:USDT', timeframe: '1h' });
const closes = [...chunk.columns[3]!.subarray(0, chunk.rows)];
const ROUND_TRIP = 0.0014;

/** Median absolute return over so many bars, a fraction. */
const typicalMove = (bars: number): number => {
  const moves = closes.slice(bars).map((close, i) => Math.abs(close / closes[i]! - 1));
  return moves.sort((a, b) => a - b)[Math.floor(moves.length / 2)]!;
};
table(
  [1, 4, 12, 24, 72, 168].map(hours => {
    const move = typicalMove(hours);
    return { hours, move, 'moves per cost': move / ROUND_TRIP };
  }),
);

// %% [markdown]
// ## Tails
//
// Returns of an hour are not normal: extreme ones come far more often than a normal distribution of the same spread would have them. Stops, sizes and margins have to allow for the row at the bottom.

// %%
const returns = closes.slice(1).map((close, i) => Math.log(close / closes[i]!));
const mean = returns.reduce((sum, r) => sum + r, 0) / returns.length;
const sd = Math.sqrt(returns.reduce((sum, r) => sum + (r - mean) * (r - mean), 0) / returns.length);
const beyond = (k: number): number => returns.filter(r => Math.abs(r - mean) > k * sd).length;
/** Two-sided tail of the normal distribution. */
const NORMAL = new Map([
  [2, 0.0455],
  [3, 0.0027],
  [4, 0.0000633],
  [5, 0.000000573],
]);
table(
  [...NORMAL].map(([k, share]) => {
    const expected = Math.round(share * returns.length);
    return { 'beyond, sd': k, seen: beyond(k), 'if normal': expected };
  }),
);

// %%
await show({
  title: { text: 'Returns of an hour', subtitle: 'BTC/USDT:USDT (synthetic), standard deviations' },
  data: { values: returns.map(r => ({ z: Math.max(-8, Math.min(8, (r - mean) / sd)) })) },
  mark: 'bar',
  encoding: {
    x: {
      field: 'z',
      type: 'quantitative',
      bin: { step: 0.5 },
      axis: { values: [-8, -6, -4, -2, 0, 2, 4, 6, 8], format: 'd' },
      title: 'Standard deviations',
    },
    y: {
      aggregate: 'count',
      type: 'quantitative',
      scale: { type: 'symlog' },
      axis: { values: [0, 1, 10, 100, 1000] },
      title: 'Hours, logarithmic',
    },
  },
});

// %% [markdown]
// ## What holding costs
//
// Longs pay the funding rate to shorts every eight hours, and receive it when it is negative. Summed over two years it is larger than most edges.

// %%
const funding = await query<{ ts: string; symbol: string; paid: number }>(`
  SELECT ts, symbol, sum(rate) OVER (PARTITION BY symbol ORDER BY ts) AS paid
  FROM funding_rates WHERE dataset = 'sample'
  QUALIFY row_number() OVER (PARTITION BY symbol ORDER BY ts) % 9 = 0 ORDER BY ts`);
await show({
  title: {
    text: 'Funding paid by a long position',
    subtitle: 'Summed, share of notional, synthetic',
  },
  data: { values: funding },
  mark: 'line',
  encoding: {
    x: { field: 'ts', type: 'temporal', title: null },
    y: { field: 'paid', type: 'quantitative', axis: { format: '.0%' }, title: 'Paid' },
    color: { field: 'symbol', type: 'nominal' },
  },
});

// %% [markdown]
// ## Do they move together?
//
// Three correlated series are less than three opinions: risk limits count them as one position (`correlated-exposure` in `docs/risk.md`).

// %%
table(
  await query(`
    WITH r AS (
      SELECT symbol, ts, ln(close / lag(close) OVER (PARTITION BY symbol ORDER BY ts)) AS r
      FROM market_data WHERE dataset = 'sample'
    )
    SELECT a.symbol AS left, b.symbol AS right, corr(a.r, b.r) AS correlation
    FROM r a JOIN r b ON a.ts = b.ts AND a.symbol < b.symbol GROUP BY ALL ORDER BY ALL`),
);

// %% [markdown]
// Next: [2 · Write a strategy](02-write-a-strategy.ipynb).
