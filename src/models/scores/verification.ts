import { normalQuantile } from '../../statistics/normal.js';
import { OUTCOMES } from '../forecast.js';
import type { ForecastRecord } from '../forecast-record.js';
import { BASELINE } from '../recipe.js';
import { auc } from './auc.js';
import { brierDecomposition, type BrierDecomposition } from './brier-decomposition.js';
import { classwiseCalibrationError } from './calibration-error.js';
import { classColumns } from './class-columns.js';
import { coverageOf, type Coverage } from './coverage.js';
import { forecastRows, type ForecastFilter, type ForecastRows, type Speaker } from './forecast-rows.js';
import { independentRows } from './independent-rows.js';
import { uniformityTest, type FitTest } from './kolmogorov-smirnov.js';
import { modelLosses, type ModelLosses } from './model-losses.js';
import { pinballLoss } from './pinball.js';
import { pitValues } from './pit.js';
import { rankedProbabilityScores } from './ranked-probability.js';
import { scoreMean } from './score-mean.js';
import { skillOver, type LossPair, type Skill } from './skill.js';

/** How much evidence a figure needs, and how intervals are drawn. */
export interface VerifyOptions {
  /** Resamples of an interval; 400 when left out. */
  readonly samples?: number;
  readonly seed?: number | string;
  /** Level of the skill intervals; 0.95 when left out. */
  readonly level?: number;
  /** Matured rows without which a figure is null; 200 when left out. */
  readonly minimumRows?: number;
  /** Spans that do not overlap without which intervals and tests are null; 30 when left out. */
  readonly minimumSpans?: number;
}

/** Verification of one model's forecasts. A figure is null where the evidence does not carry it; `missing` says why, by the figure's name. */
export interface ModelScores {
  readonly model: string;
  /** Matured rows that it spoke on, and spans among them that do not overlap. */
  readonly rows: number;
  readonly spans: number;
  /** Nats; ln 3 is knowing nothing. */
  readonly logLoss: number | null;
  readonly brier: BrierDecomposition | null;
  readonly rps: number | null;
  /** Mean of up against the rest and down against the rest. */
  readonly auc: number | null;
  /** Of the normal law with the forecast's mean and standard deviation, a fraction of price. */
  readonly crps: number | null;
  /** Of that law's quantiles, a fraction of price. */
  readonly pinball: readonly { readonly level: number; readonly loss: number }[] | null;
  /** Class-wise, over ten groups of equal count. */
  readonly ece: number | null;
  /** Kolmogorov–Smirnov test that the normal law's transforms are uniform, on one row a span. */
  readonly pit: FitTest | null;
  /** Of the conformal interval, which only the ensemble has. */
  readonly coverage: Coverage | null;
  /** Over climatology, on the rows where both spoke. */
  readonly skill: { readonly logLoss: Skill | null; readonly brier: Skill | null; readonly crps: Skill | null };
  readonly missing: Readonly<Record<string, string>>;
}

/** Verification of all forecasts of a run, or of some of its rows. */
export interface ForecastScores {
  readonly horizon: number;
  readonly label: string;
  /** Matured rows looked at, the first and the last by when they were made, epoch ms; null for none. */
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly ensemble: ModelScores;
  /** The ensemble before its last calibration: what that calibration is worth. */
  readonly uncalibrated: ModelScores;
  readonly models: readonly ModelScores[];
}

/** Quantiles that the pinball loss is taken at. */
const LEVELS = [0.05, 0.5, 0.95] as const;

type Rules = Required<VerifyOptions>;

const SKILLS = ['logLoss', 'brier', 'crps'] as const;

/** Skill by each score that both have evidence for; the reasons for the others go into `missing`. */
const skillOf = (
  speaker: Speaker,
  own: ModelLosses,
  baseline: ModelLosses | null,
  { ts, maturedAt }: ForecastRows,
  horizon: number,
  { minimumRows, minimumSpans, samples, seed, level }: Rules,
  missing: Record<string, string>,
): ModelScores['skill'] => {
  const pairs: Record<string, LossPair> = {};
  for (const name of SKILLS) {
    const key = `skill.${name}`;
    if (speaker.model === BASELINE) missing[key] = 'It is the baseline itself.';
    else if (!baseline) missing[key] = `No model named ${BASELINE} was among the members.`;
    else {
      const both = own[name].map((l, i) => l + baseline[name][i]!);
      const rows = scoreMean(both).count;
      const spans = independentRows(ts, maturedAt, both).length;
      if (rows < minimumRows) missing[key] = `${rows} matured rows on which both spoke; ${minimumRows} are needed.`;
      else if (spans < minimumSpans) missing[key] = `${spans} spans that do not overlap; ${minimumSpans} are needed.`;
      else if (!(scoreMean(baseline[name]).mean > 0)) missing[key] = 'The baseline has no loss to be better than.';
      else pairs[name] = { losses: own[name], baseline: baseline[name] };
    }
  }
  const found = Object.keys(pairs).length > 0 ? skillOver(pairs, { ts, horizon, seed, samples, level }) : {};
  return { logLoss: found['logLoss'] ?? null, brier: found['brier'] ?? null, crps: found['crps'] ?? null };
};

const scoresOf = (
  speaker: Speaker,
  rows: ForecastRows,
  baseline: ModelLosses | null,
  { horizon, coverage: nominal }: ForecastRecord,
  rules: Rules,
): ModelScores => {
  const { probability, mean, sd } = speaker;
  const { ts, maturedAt, outcome, realised, low, high } = rows;
  const { minimumRows, minimumSpans } = rules;
  const missing: Record<string, string> = {};
  const losses = modelLosses(speaker, rows);
  const logLoss = scoreMean(losses.logLoss);
  const crps = scoreMean(losses.crps);
  const spans = independentRows(ts, maturedAt, losses.logLoss).length;
  const pit = pitValues(mean, sd, realised);
  const separate = independentRows(ts, maturedAt, pit);

  const enough = (count: number, least: number, what: string, figures: readonly string[]): boolean => {
    for (const figure of figures) if (count < least) missing[figure] = `${count} ${what}; ${least} are needed.`;
    return count >= least;
  };
  const byClass = enough(logLoss.count, minimumRows, 'matured rows', ['logLoss', 'brier', 'rps', 'auc', 'ece']);
  const byLaw = enough(crps.count, minimumRows, 'matured rows with a mean and a standard deviation', ['crps', 'pinball']);
  const tested = enough(separate.length, minimumSpans, 'spans that do not overlap', ['pit']);

  const pairwise = [2, 0].map(of => {
    const { forecast, happened } = classColumns(probability, outcome, OUTCOMES, of);
    return auc(forecast, happened);
  });
  const ranking = scoreMean(pairwise);
  if (byClass && ranking.count < 2) missing['auc'] = 'Not every direction both came and failed to come.';

  let coverage: Coverage | null = null;
  if (speaker === rows.ensemble) {
    const width = high.map((h, i) => h - low[i]! + realised[i]!);
    const covered = scoreMean(width).count;
    if (enough(covered, minimumRows, 'matured rows with an interval', ['coverage']))
      coverage = coverageOf({ low, high, value: realised, nominal, independence: independentRows(ts, maturedAt, width).length / covered });
  } else missing['coverage'] = 'Only the ensemble has an interval.';

  return {
    model: speaker.model,
    rows: logLoss.count,
    spans,
    logLoss: byClass ? logLoss.mean : null,
    brier: byClass ? brierDecomposition(probability, outcome) : null,
    rps: byClass ? scoreMean(rankedProbabilityScores(probability, outcome)).mean : null,
    auc: byClass && ranking.count === 2 ? ranking.mean : null,
    crps: byLaw ? crps.mean : null,
    pinball: byLaw
      ? LEVELS.map(level => {
          const z = normalQuantile(level);
          return { level, loss: scoreMean(realised.map((y, i) => pinballLoss(mean[i]! + z * sd[i]!, y, level))).mean };
        })
      : null,
    ece: byClass ? classwiseCalibrationError(probability, outcome) : null,
    pit: tested ? uniformityTest(Float64Array.from(separate, i => pit[i]!)) : null,
    coverage,
    skill: skillOf(speaker, losses, baseline, rows, horizon, rules, missing),
    missing,
  };
};

/**
 * Verifies forecasts against what came: how probable it was held, how far probabilities mean what they say, how well they tell occasions apart, and whether any of it
 * beats the climatology, with intervals that allow for overlapping horizons and for symbols that move together. Rows whose label has not matured and rows on which a
 * model did not speak do not count. Only skill compares like with like; other figures of two models may be of different rows. Throws a usage error for an unknown symbol.
 */
export const verify = (record: ForecastRecord, filter: ForecastFilter = {}, options: VerifyOptions = {}): ForecastScores => {
  const rules: Rules = { samples: 400, seed: 'verification', level: 0.95, minimumRows: 200, minimumSpans: 30, ...options };
  const rows = forecastRows(record, filter);
  const climatology = rows.models.find(({ model }) => model === BASELINE);
  const baseline = climatology ? modelLosses(climatology, rows) : null;
  const of = (speaker: Speaker): ModelScores => scoresOf(speaker, rows, baseline, record, rules);
  return {
    horizon: record.horizon,
    label: record.label,
    rows: rows.ts.length,
    from: rows.ts[0] ?? null,
    to: rows.ts.at(-1) ?? null,
    ensemble: of(rows.ensemble),
    uncalibrated: of(rows.uncalibrated),
    models: rows.models.map(of),
  };
};
