// %% [markdown]
// # 2 · Write a strategy
//
// A strategy is a file with one exported value. It says which numbers it looks at and, bar by bar, what it wants to hold; the platform turns that into orders, fees, funding and a journal of everything that happened.
//
// A file and not a cell, because the file is what runs in a backtest, in a walk-forward and later in a session: byte for byte the same.

// %%
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { query, reportChart, run, show, table } from 'quantai-trad/notebook';

const file = join(process.env['QUANTAI_HOME'] ?? '.', 'strategies', 'breakout.ts');
await mkdir(dirname(file), { recursive: true });
await writeFile(
  file,
  `import { atr, defineStrategy, highest, int, lowest, target } from 'quantai-trad';

export default defineStrategy({
  name: 'breakout',
  description: 'Long above the highest close of some days, flat below the lowest of half as many.',
  params: { days: int(3, 30, { default: 10 }) },
  indicators: ({ days }) => ({ top: highest(24 * days), bottom: lowest(12 * days), range: atr(24) }),
  decide: ({ symbol, close }, { top, bottom, range }, { position }) => {
    // A move of one average range costs a tenth of a percent of equity; never more than once the equity.
    const size = Math.min(1, (0.001 * close) / range);
    if (position(symbol).quantity === 0) return close >= top ? target(symbol, size, { reason: 'new high' }) : undefined;
    return close <= bottom ? target(symbol, 0, { reason: 'new low' }) : undefined;
  },
});
`,
);

// %% [markdown]
// ## Run it
//
// `run` gives a command as on the command line and returns the document of `--json`. Types of the strategy are checked first: a wrong name in it ends here.

// %%
interface Backtest {
  runId: string;
  fingerprint: string;
  metrics: {
    totalReturn: number;
    sharpe: number | null;
    maxDrawdown: number;
    trades: number;
    costShare: number | null;
  };
  costs: { fees: number; slippage: number; funding: number };
  trialsEver: number;
}
const MARKET = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT'];
const backtest = (...more: string[]): Promise<Backtest> =>
  run<Backtest>('backtest', file, ...MARKET, '--to', '2024-01-01', ...more);
const first = await backtest();
const COLUMNS = [
  'totalReturn',
  'sharpe',
  'maxDrawdown',
  'trades',
  'costShare',
  'fees',
  'slippage',
  'funding',
];
table([{ ...first.metrics, ...first.costs }], COLUMNS);

// %%
await show(await reportChart(first.runId, 'equity-drawdown'));

// %% [markdown]
// ## Where did the money go?
//
// Gross profit, then everything that was taken from it. Most ideas die between the first bar of this chart and the last.

// %%
await show(await reportChart(first.runId, 'costs'));

// %%
table(
  await query(`
    SELECT entry_ts, exit_ts, side, gross_pnl, fees, slippage, funding, net_pnl, entry_reason, exit_reason
    FROM trades WHERE run_id = '${first.runId}' ORDER BY net_pnl DESC LIMIT 5`),
);

// %% [markdown]
// ## Why did this order happen?
//
// Every order has a chain of causes, from the bar to the fill. The same question works in a live session months later.

// %%
const [order] = await query<{ order_id: string }>(
  `SELECT order_id FROM orders WHERE run_id = '${first.runId}' AND ended = 'filled' ORDER BY submitted_ts LIMIT 1`,
);
interface Why {
  causes: { steps: { stage: string; text: string }[] };
}
if (order)
  table((await run<Why>('why', order.order_id, '--run', first.runId)).causes.steps, [
    'stage',
    'text',
  ]);

// %% [markdown]
// ## Does it look ahead?
//
// The future after some moments is replaced by another one. A decision before that moment may not change.

// %%
const causality = await run<{ ok: boolean }>(
  'verify',
  'causality',
  file,
  ...MARKET,
  '--to',
  '2023-06-01',
);
table([{ causal: causality.ok }]);

// %% [markdown]
// ## Other numbers, and what that costs
//
// Each configuration that is looked at counts as a trial, and the best of many is partly luck. Here the curve over `days` is the point, not its maximum: an edge that stands on one number is none.

// %%
const tried: { days: number; sharpe: number | null; trades: number }[] = [];
for (const days of [5, 20]) {
  const { metrics } = await backtest('--param', `days=${days}`);
  tried.push({ days, sharpe: metrics.sharpe, trades: metrics.trades });
}
tried.push({ days: 10, sharpe: first.metrics.sharpe, trades: first.metrics.trades });
table(tried);

// %% [markdown]
// Next: [3 · Features and labels](03-features-and-labels.ipynb), or straight on to [4 · Walk-forward](04-walk-forward.ipynb).
