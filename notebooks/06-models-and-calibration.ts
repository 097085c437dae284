// %% [markdown]
// # 6 · Models and calibration
//
// A forecast is a probability, and is judged as one: against **climatology**, which says every time how often each outcome has happened lately. A model that does not beat that knows nothing, whatever its trades earned.

// %%
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isotonic, temperature } from 'quantai-trad';
import type { CalibrationSamples, Calibrator } from 'quantai-trad';
import { query, reportChart, run, show, table } from 'quantai-trad/notebook';

const file = join(process.env['QUANTAI_HOME'] ?? '.', 'strategies', 'one-forecast.ts');
await mkdir(dirname(file), { recursive: true });
await writeFile(
  file,
  `import { climatology, defineForecasts, defineStrategy, fixedHorizon, logisticRegression, signal, small } from 'quantai-trad';

export default defineStrategy({
  name: 'one-forecast',
  params: {},
  forecasts: ({ roundTripCost }) =>
    defineForecasts({
      features: small,
      label: fixedHorizon({ horizon: 24, band: { kind: 'larger', value: roundTripCost, multiple: 0.3 } }),
      models: { climatology: climatology(), logistic: logisticRegression() },
      training: { modelRetrainEveryNSteps: 720, historyLimit: 4320 },
    }),
  decide: (bar, _, { forecast }) => {
    const expected = forecast(bar.symbol);
    if (expected === undefined) return undefined;
    const { up, down, mean, sd, novelty, horizon } = expected;
    const direction = up - down > 0.1 ? 'long' : down - up > 0.1 ? 'short' : 'flat';
    return signal({ symbol: bar.symbol, direction, confidence: Math.max(up, down) / (up + down), riskScore: novelty, horizon, mean, sd });
  },
});
`,
);

const MARKET = [
  '--dataset',
  'sample',
  '--symbols',
  'BTC/USDT:USDT',
  '--from',
  '2024-03-01',
  '--to',
  '2024-07-01',
];
const { runId } = await run<{ runId: string }>('backtest', file, ...MARKET);

// %% [markdown]
// ## Who trained when, on what
//
// Every 720 bars, on rows whose labels had matured, and in force only some bars later. A model that was trained at noon does not forecast at noon.

// %%
table(
  await query(`
    SELECT model, requested_ts, ts AS in_force, rows,
      strftime(from_ts, '%Y-%m-%d') AS rows_from, strftime(to_ts, '%Y-%m-%d') AS rows_to
    FROM trainings WHERE run_id = '${runId}' AND model = 'logistic' ORDER BY ts`),
);

// %% [markdown]
// ## Scores
//
// **Skill** is 1 − loss ÷ loss of climatology. Its interval allows for horizons that overlap: 24-hour forecasts every hour are not thousands of independent ones.

// %%
interface Score {
  model: string;
  metric: string;
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}
table(
  await query<Score>(`
    SELECT model, metric, value, low, high, n FROM model_metrics
    WHERE run_id = '${runId}' AND fold IS NULL AND value IS NOT NULL
      AND metric IN ('logLoss', 'skill.logLoss', 'brier.reliability', 'brier.resolution', 'auc')
    ORDER BY metric, model`),
);

// %% [markdown]
// `brier.reliability` is the cost of saying 40 % when it comes to 30 %, and `brier.resolution` the gain from saying different things at different times. A forecast can be reliable and useless.

// %%
await show(await reportChart(runId, 'forecast-reliability'));

// %% [markdown]
// ## Calibration by hand
//
// The raw probabilities of the logistic model are repaired with what came of the first half, and judged on the second. Fitting and judging on the same rows would always look good.

// %%
interface ForecastRow {
  down: number;
  flat: number;
  up: number;
  /** 0 down, 1 flat, 2 up. */
  outcome: number;
}
const rows = await query<ForecastRow>(`
  SELECT down, flat, up, CASE outcome WHEN 'down' THEN 0 WHEN 'flat' THEN 1 ELSE 2 END AS outcome
  FROM forecasts WHERE run_id = '${runId}' AND model = 'logistic' AND outcome IS NOT NULL AND up IS NOT NULL ORDER BY ts`);
const half = Math.floor(rows.length / 2);
const samplesOf = (part: readonly ForecastRow[]): CalibrationSamples => ({
  count: part.length,
  probability: Float64Array.from(part.flatMap(({ down, flat, up }) => [down, flat, up])),
  label: Uint8Array.from(part, ({ outcome }) => outcome),
  weight: new Float64Array(part.length).fill(1),
});
// The span of the last labels of the first half reaches into the second: a day is left out between them.
const [past, later] = [samplesOf(rows.slice(0, half - 24)), samplesOf(rows.slice(half))];

/** Mean −log of the probability that was given to what came. */
const logLoss = ({ count, probability, label }: CalibrationSamples): number => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum -= Math.log(Math.max(1e-9, probability[3 * i + label[i]!]!));
  return sum / count;
};

const repaired = (calibrator: Calibrator): CalibrationSamples | null => {
  const state = calibrator.fit(past);
  if (state === null) return null;
  const probability = later.probability.slice();
  const repair = calibrator.calibration(state);
  for (let i = 0; i < later.count; i++) repair(probability, 3 * i);
  return { ...later, probability };
};

const often = [0, 1, 2].map(
  outcome => past.label.filter(label => label === outcome).length / past.count,
);
const usual: CalibrationSamples = {
  ...later,
  probability: Float64Array.from({ length: 3 * later.count }, (_, i) => often[i % 3]!),
};
const candidates: [string, CalibrationSamples | null][] = [
  ['as the model said', later],
  ['temperature', repaired(temperature())],
  ['isotonic', repaired(isotonic())],
  ['how often it happened', usual],
];
table(
  candidates.map(([forecast, samples]) => ({
    forecast,
    'log loss': samples === null ? null : logLoss(samples),
  })),
);

// %% [markdown]
// If the last row is the best one, the model has nothing to say on this stretch, and the honest forecast is the frequency. In a run the ensemble finds that out by itself: its weights move to climatology, which costs a little and not a lot.

// %%
await show(await reportChart(runId, 'forecast-weights'));

// %% [markdown]
// ## Which features does it use?

// %%
await show(await reportChart(runId, 'forecast-importance-1'));

// %% [markdown]
// Next: [7 · Order-book replay](07-order-book-replay.ipynb).
