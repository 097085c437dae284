// %% [markdown]
// # 4 · Walk-forward
//
// A backtest on the history on which its numbers were chosen says little. A walk-forward chooses on one window, trades the next one with that choice, moves on, and joins only the stretches that were traded blind.

// %%
import { query, reportChart, run, show, table } from 'quantai-trad/notebook';

interface Metrics {
  totalReturn: number;
  sharpe: number | null;
  maxDrawdown: number;
  trades: number;
}
interface WalkForward {
  runId: string;
  trials: number;
  outOfSample: Metrics;
  decay: { inSample: number | null; outOfSample: number | null };
  folds: {
    params: Record<string, number> | null;
    flatReason: string | null;
    inSample: Metrics | null;
    outOfSample: Metrics | null;
  }[];
}
const MARKET = ['--dataset', 'sample', '--symbols', 'BTC/USDT:USDT', '--from', '2023-11-01'];
const WINDOWS = ['--train', '180d', '--test', '60d', '--points', '3'];
const walk = await run<WalkForward>('walkforward', 'sma-cross', ...MARKET, ...WINDOWS);
table(
  [{ ...walk.outOfSample, trials: walk.trials }],
  ['totalReturn', 'sharpe', 'maxDrawdown', 'trades', 'trials'],
);

// %% [markdown]
// ## What was traded blind
//
// Every day of this curve lies outside the window on which its parameters were chosen.

// %%
await show(await reportChart(walk.runId, 'stitched-equity'));

// %%
await show(await reportChart(walk.runId, 'fold-timeline'));

// %% [markdown]
// ## Fold by fold
//
// Three questions: does the choice stay where it was, does the score survive the step out of sample, and is it one fold that carries all of it?

// %%
interface Fold {
  fold: number;
  test: string;
  params: string;
  chosen: number | null;
  blind: number | null;
}
const folds = await query<Fold>(`
  SELECT fold, strftime(test_from, '%Y-%m-%d') AS test, params,
    objective_in_sample AS chosen, objective_out_of_sample AS blind
  FROM folds WHERE run_id = '${walk.runId}' ORDER BY fold`);
table(folds);

// %%
await show({
  title: {
    text: 'Sharpe ratio where it was chosen, and where it was traded',
    subtitle: 'One pair a fold, annual, synthetic',
  },
  width: 560,
  data: {
    values: folds.flatMap(({ test, chosen, blind }) => [
      { test, sharpe: chosen, where: 'chosen on' },
      { test, sharpe: blind, where: 'traded' },
    ]),
  },
  mark: 'bar',
  encoding: {
    x: { field: 'test', type: 'ordinal', title: 'Test from', axis: { labelAngle: 0 } },
    xOffset: { field: 'where' },
    y: { field: 'sharpe', type: 'quantitative', title: 'Sharpe' },
    color: {
      field: 'where',
      type: 'nominal',
      scale: { range: [{ expr: 'benchmark' }, { expr: 'accent' }] },
    },
  },
});

// %% [markdown]
// ## Is the choice a plateau or a peak?
//
// The score over all configurations. A choice whose neighbours are as good can be wrong by a step; a peak cannot.

// %%
await show(await reportChart(walk.runId, 'surface'));

// %% [markdown]
// ## What it cost to look
//
// Every configuration of every fold is on the ledger of trials, and stays there. The next notebook takes the luck of the best of so many off the result.

// %%
table(
  await query(`SELECT strategy, role, count(*) AS trials FROM trials GROUP BY ALL ORDER BY ALL`),
);

// %% [markdown]
// Next: [5 · Read the evidence](05-read-the-evidence.ipynb).
