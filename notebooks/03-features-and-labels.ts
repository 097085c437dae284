// %% [markdown]
// # 3 · Features and labels
//
// A model learns from rows: **features** that were known at a bar's close, and a **label** that says what came of it later. Both are folds over bars, and the same fold runs in a live session, so a column of research and a number in production agree to the last bit.

// %%
import {
  computeColumns,
  costBand,
  featureSetByName,
  fixedHorizon,
  rsi,
  sma,
  tripleBarrier,
  zScore,
} from 'quantai-trad';
import type { Bar, Label, MaturedLabel } from 'quantai-trad';
import { history, run, show, table } from 'quantai-trad/notebook';

const SYMBOL = 'BTC/USDT:USDT';
const TIMEFRAME = '1h';
const HOUR = 3_600_000;
const HALF = { from: '2024-01-01', to: '2024-07-01' };
const chunk = await history({ dataset: 'sample', symbol: SYMBOL, timeframe: TIMEFRAME, ...HALF });

// %% [markdown]
// ## A feature is a fold
//
// `warmup` bars pass before it says anything; until then it is NaN, and never a guess.

// %%
const features = [sma(24), rsi(14), zScore(48)];
const columns = features.map(feature => computeColumns(feature, chunk)[0]!);
table(
  features.map(({ key, warmup }, k) => ({
    feature: key,
    warmup,
    missing: columns[k]!.filter(Number.isNaN).length,
    last: columns[k]!.at(-1)!,
  })),
);

// %% [markdown]
// ## A label says what came of it
//
// Two ways to ask the same thing. **Fixed horizon**: up, flat or down after 24 bars, where flat means that the move would not have paid its costs. **Triple barrier**: which came first, a gain of so many standard deviations, a loss, or the end of patience.

// %%
const bars: Bar[] = Array.from({ length: chunk.rows }, (_, i) => {
  const [open, high, low, close, volume] = chunk.columns.map(column => column[i]!);
  const openTime = chunk.ts[i]!;
  return {
    symbol: SYMBOL,
    timeframe: TIMEFRAME,
    openTime,
    ts: openTime + HOUR,
    open: open!,
    high: high!,
    low: low!,
    close: close!,
    volume: volume!,
  };
});

/** Standard deviation of a bar's return over the last 48, as known at each bar. */
const sigmas = bars.map((_, i) => {
  if (i < 48) return NaN;
  const returns = bars
    .slice(i - 47, i + 1)
    .map((bar, k) => Math.log(bar.close / bars[i - 48 + k]!.close));
  return Math.sqrt(returns.reduce((sum, r) => sum + r * r, 0) / 48);
});

const labelled = (label: Label): MaturedLabel[] => {
  const matured: MaturedLabel[] = [];
  const labeller = label.create(each => matured.push(each));
  bars.forEach((bar, i) => labeller.push(bar, sigmas[i]!));
  return matured;
};

const labels = [
  fixedHorizon({ horizon: 24, band: { kind: 'fraction', value: 0.0014 } }),
  tripleBarrier({ horizon: 24, takeProfit: 1, stopLoss: 1 }),
];
const share = (matured: readonly MaturedLabel[], outcome: number): number =>
  matured.filter(({ label }) => label === outcome).length / matured.length;
table(
  labels.map(label => {
    const matured = labelled(label);
    const span = matured.reduce((sum, each) => sum + each.bars, 0) / matured.length;
    return {
      label: label.key,
      rows: matured.length,
      down: share(matured, 0),
      flat: share(matured, 1),
      up: share(matured, 2),
      'mean bars': span,
    };
  }),
);

// %% [markdown]
// A label of 24 bars is known 24 bars late, and two neighbouring rows share 23 of them. So rows must be **purged** before a test, and 4,000 rows are nearer to 180 independent ones. The platform does both: a training takes only labels that had matured, each weighted by how little it overlaps with others.

// %% [markdown]
// ## Does a feature tell anything?
//
// The z-score in five equal groups, and what the 24 hours after did. The bars are a standard error that counts independent spans, not rows.

// %%
const outcomes = labelled(labels[0]!);
const ranked = outcomes
  .map(({ row, outcome }) => ({ z: columns[2]![row]!, outcome }))
  .filter(({ z }) => !Number.isNaN(z))
  .sort((a, b) => a.z - b.z);
const groups = Array.from({ length: 5 }, (_, k) => {
  const edge = (fifth: number): number => Math.floor((fifth * ranked.length) / 5);
  const group = ranked.slice(edge(k), edge(k + 1)).map(({ outcome }) => outcome);
  const mean = group.reduce((sum, r) => sum + r, 0) / group.length;
  const sd = Math.sqrt(group.reduce((sum, r) => sum + (r - mean) * (r - mean), 0) / group.length);
  const error = sd / Math.sqrt(group.length / 24);
  return { group: `${k + 1}`, mean, low: mean - 2 * error, high: mean + 2 * error };
});
await show({
  title: {
    text: 'Return of the next 24 hours by z-score(48)',
    subtitle: 'Lowest fifth to highest, mean and two standard errors, synthetic',
  },
  data: { values: groups },
  width: 480,
  encoding: { x: { field: 'group', type: 'nominal', title: 'Fifth', axis: { labelAngle: 0 } } },
  layer: [
    {
      mark: { type: 'rule', color: { expr: 'muted' } },
      encoding: {
        y: { field: 'low', type: 'quantitative', axis: { format: '.1%' }, title: 'Return' },
        y2: { field: 'high' },
      },
    },
    { mark: { type: 'point', size: 80 }, encoding: { y: { field: 'mean', type: 'quantitative' } } },
  ],
});

// %% [markdown]
// ## All columns of a set at once
//
// `quantai features` writes the table as Parquet and a report. `ic` is the mean rank correlation with the outcome within a month. `chance` is how often a history that was turned against itself gives as much, and `familyChance` how often the best of all columns does: with twelve of them, one at 5 % is what chance gives.

// %%
const set = featureSetByName('small');
console.log(`${set.name}@${set.version}, ${set.description}`);

interface Study {
  rows: number;
  label: string;
  columns: { name: string; family: string; information: Record<string, unknown> }[];
  report: string;
}
const PERIOD = ['--from', HALF.from, '--to', HALF.to];
const study = await run<Study>(
  'features',
  'small',
  '--dataset',
  'sample',
  '--symbols',
  SYMBOL,
  ...PERIOD,
  '--horizon',
  '24',
);
const { columns: studied } = study;
table(
  studied.map(({ name, family, information }) => ({ name, family, ...information })),
  ['name', 'family', 'ic', 'icT', 'chance', 'familyChance'],
);

// %% [markdown]
// The band of a flat label can follow the costs of a run, which is what the strategies of the platform do:

// %%
table([
  { label: fixedHorizon({ horizon: 24, band: costBand({ taker: 0.0005, slippageBps: 2 }) }).key },
]);

// %% [markdown]
// Next: [4 · Walk-forward](04-walk-forward.ipynb), or [6 · Models and calibration](06-models-and-calibration.ipynb) to learn from these rows.
