// %% [markdown]
// # 5 · Read the evidence
//
// A result is an estimate: from so many trades, after so many tries, in such markets. This notebook asks what is left of it.

// %%
import { query, reportChart, run, show, table } from 'quantai-trad/notebook';

const MARKET = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', '--from', '2024-01-01'];
const WINDOWS = ['--train', '180d', '--test', '60d', '--points', '3'];
const { runId } = await run<{ runId: string }>('walkforward', 'sma-cross', ...MARKET, ...WINDOWS);

// %%
interface Estimate {
  value: number | null;
  reason: string | null;
}
interface Evidence {
  grade: string;
  sentence: string;
  reasons: { says: 'for' | 'against'; sentence: string }[];
  judged: { returns: number; trades: number };
  tried: { run: number; total: number };
  sharpe: {
    annual: Estimate;
    low: number | null;
    high: number | null;
    dsr: Estimate;
    lucky: Estimate;
    corrected: Estimate;
  };
  intervals: { metric: string; estimate: number | null; low: number | null; high: number | null }[];
  regimes: { label: string; days: number; trades: number; totalReturn: number }[];
  checks: { id: string; family: string; verdict: string; sentence: string }[];
  untested: { what: string; why: string }[];
}
const evidence = await run<Evidence>('evidence', runId, '--quick');
console.log(`${evidence.grade}: ${evidence.sentence}`);
table(evidence.reasons);

// %% [markdown]
// The data is synthetic, so the grade is `none` whatever comes below. The rest is read as if it were not.
//
// ## How much of the Sharpe ratio is luck?
//
// `lucky` is what the best of so many worthless configurations would show. `corrected` is the Sharpe ratio less that, and `dsr` the probability that something is left.

// %%
const { annual, low, high, lucky, corrected, dsr } = evidence.sharpe;
table([
  {
    trials: evidence.tried.total,
    sharpe: annual.value,
    low,
    high,
    lucky: lucky.value,
    corrected: corrected.value,
    dsr: dsr.value,
  },
]);

// %%
await show({
  title: {
    text: 'The Sharpe ratio, and what luck would show',
    subtitle: 'Annual, with the 95 % interval of a block bootstrap',
  },
  width: 560,
  height: 90,
  data: { values: [{ low, high, sharpe: annual.value, lucky: lucky.value }] },
  layer: [
    {
      mark: { type: 'rule', strokeWidth: 2, color: { expr: 'accent' } },
      encoding: {
        x: { field: 'low', type: 'quantitative', title: 'Sharpe', scale: { zero: true } },
        x2: { field: 'high' },
      },
    },
    {
      mark: { type: 'point', size: 120, color: { expr: 'accent' } },
      encoding: { x: { field: 'sharpe', type: 'quantitative' } },
    },
    {
      mark: { type: 'rule', strokeDash: [4, 3], color: { expr: 'loss' } },
      encoding: { x: { field: 'lucky', type: 'quantitative' } },
    },
    {
      mark: { type: 'text', dy: -38, color: { expr: 'loss' } },
      encoding: {
        x: { field: 'lucky', type: 'quantitative' },
        text: { value: 'luck of the best' },
      },
    },
  ],
});

// %% [markdown]
// ## Intervals
//
// Figures without an interval invite belief. Where the interval of the return holds zero, nothing has been shown.

// %%
table(evidence.intervals);

// %% [markdown]
// ## Which trials?
//
// The Sharpe ratios of everything that was ever tried with this strategy on this data. The choice is one of these points, and it was not drawn at random.

// %%
await show(await reportChart(runId, 'trial-sharpes'));

// %% [markdown]
// ## In which markets was the money made?

// %%
table(evidence.regimes);

// %% [markdown]
// ## Checks, and what was not checked
//
// `leak` looks for knowledge that the strategy could not have, the others for results that stand on one thing. Without `--quick` many more are made: costs, delays, parameters, resampled histories.

// %%
table(evidence.checks, ['id', 'family', 'verdict', 'sentence']);

// %%
table(evidence.untested);

// %% [markdown]
// ## The same, for any run
//
// Everything above is data, so a desk can hold its own list.

// %%
table(
  await query(
    `SELECT run_id, command, strategy, sharpe, max_drawdown, trades FROM runs ORDER BY sharpe DESC NULLS LAST LIMIT 8`,
  ),
);

// %% [markdown]
// Next: [6 · Models and calibration](06-models-and-calibration.ipynb). What evidence is needed for is in [8 · From paper to live](08-from-paper-to-live.ipynb).
