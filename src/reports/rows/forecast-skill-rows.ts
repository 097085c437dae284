import { BASELINE } from '../../models/recipe.js';
import { forecastRows } from '../../models/scores/forecast-rows.js';
import { independentRows } from '../../models/scores/independent-rows.js';
import { logLosses } from '../../models/scores/log-loss.js';
import { scoreMean } from '../../models/scores/score-mean.js';
import { skillOver } from '../../models/scores/skill.js';
import { verify } from '../../models/scores/verification.js';
import { WEEK } from '../../time.js';
import { ENSEMBLE, UNCALIBRATED } from '../charts/model-colour.js';
import { MONTHS } from '../charts/monthly-heatmap.js';
import { lastCalibrated } from './forecast-score-rows.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { ForecastRows, Speaker } from '../../models/scores/forecast-rows.js';
import type { Skill } from '../../models/scores/skill.js';
import type { ModelScores } from '../../models/scores/verification.js';
import type { RegimeSkillRow } from '../charts/skill-by-regime.js';
import type { SkillRow } from '../charts/skill-over-time.js';
import type { Stretch } from '../charts/time.js';

/** Scores of one model; null where there are not enough samples. */
export interface ScoreRow {
  readonly model: string;
  /** Forecasts whose outcome is known. */
  readonly count: number;
  readonly logLoss: number | null;
  readonly brier: number | null;
  readonly auc: number | null;
  /** A fraction of price. */
  readonly crps: number | null;
  readonly ece: number | null;
  /** Against climatology in log loss. */
  readonly skill: Skill | null;
  /** Why there is no skill, as a sentence. */
  readonly reason: string | null;
}

const REGIMES = ['Calm', 'Middling', 'Wild'];
/** Resamples of intervals that only go into a picture. */
const SAMPLES = 200;
/** Stretches of a chart at most. */
const MOST_STRETCHES = 60;
/** Rows and spans without overlap that an interval needs, as in verification. */
const LEAST_ROWS = 200;
const LEAST_SPANS = 30;

const scoreRow = (model: string, { rows, logLoss, brier, auc, crps, ece, skill, missing }: ModelScores): ScoreRow => ({
  model,
  count: rows,
  logLoss,
  brier: brier?.score ?? null,
  auc,
  crps,
  ece,
  skill: skill.logLoss,
  reason: missing['skill.logLoss'] ?? null,
});

/** Scores of the ensemble, of itself before calibration where that differs, and of every model. */
export const scoreRows = (record: ForecastRecord, seed: number): ScoreRow[] => {
  const { ensemble, uncalibrated, models } = verify(record, {}, { seed });
  return [
    scoreRow(ENSEMBLE, ensemble),
    ...(lastCalibrated(record) ? [scoreRow(UNCALIBRATED, uncalibrated)] : []),
    ...models.map(scores => scoreRow(scores.model, scores)),
  ];
};

/** Forecasts of one speaker whose outcome is known, and its skill in log loss where there is the evidence that verification asks for. */
const skillOf = (
  speaker: Speaker,
  { models, ts, maturedAt, outcome }: ForecastRows,
  horizon: number,
  seed: number,
): Pick<SkillRow, 'skill' | 'low' | 'high' | 'count'> => {
  const losses = logLosses(speaker.probability, outcome);
  const { count } = scoreMean(losses);
  const baseline = models.find(({ model }) => model === BASELINE);
  const against = baseline ? logLosses(baseline.probability, outcome) : losses.map(() => NaN);
  const both = losses.map((loss, i) => loss + against[i]!);
  if (scoreMean(both).count < LEAST_ROWS || independentRows(ts, maturedAt, both).length < LEAST_SPANS)
    return { skill: null, low: null, high: null, count };
  const { estimate, low, high } = skillOver({ logLoss: { losses, baseline: against } }, { ts, horizon, seed, samples: SAMPLES }).logLoss;
  return { skill: estimate, low, high, count };
};

/** Skill of the ensemble and of every model but climatology by tercile of volatility. */
export const regimeSkillRows = (record: ForecastRecord, seed: number): RegimeSkillRow[] =>
  REGIMES.flatMap((name, regime) => {
    const rows = forecastRows(record, { regime });
    return [{ ...rows.ensemble, model: ENSEMBLE }, ...rows.models.filter(({ model }) => model !== BASELINE)].map(speaker => ({
      regime: name,
      model: speaker.model,
      ...skillOf(speaker, rows, record.horizon, seed),
    }));
  });

/** Months of the calendar (UTC), or quarters or years where months would be too many or too short for 30 spans of the horizon. */
export const calendarStretches = ({ ts, maturedAt, length }: ForecastRecord): { readonly unit: string; readonly stretches: Stretch[] } => {
  if (length === 0) return { unit: 'month', stretches: [] };
  const first = new Date(ts[0]!);
  const last = ts[length - 1]!;
  const known = maturedAt.findIndex(moment => !Number.isNaN(moment));
  const horizon = known < 0 ? 0 : maturedAt[known]! - ts[known]!;
  const start = first.getUTCFullYear() * 12 + first.getUTCMonth();
  const end = new Date(last).getUTCFullYear() * 12 + new Date(last).getUTCMonth();
  const fits = (months: number): boolean => months * 4 * WEEK >= LEAST_SPANS * horizon && (end - start) / months < MOST_STRETCHES - 1;
  const months = [1, 3].find(fits) ?? 12;
  const stretches: Stretch[] = [];
  for (let month = start - (start % months); month <= end; month += months) {
    const year = Math.floor(month / 12);
    const name =
      months === 1 ? `${MONTHS[month % 12]!} ${year}` : months === 3 ? `Q${Math.floor((month % 12) / 3) + 1} ${year}` : String(year);
    const from = Date.UTC(year, month % 12);
    stretches.push({ from, to: Date.UTC(year, (month % 12) + months), label: name });
  }
  return { unit: months === 1 ? 'month' : months === 3 ? 'quarter' : 'year', stretches };
};

/** Skill of the ensemble against climatology in log loss on each stretch, by when forecasts were made. */
export const skillRows = (record: ForecastRecord, seed: number, stretches: readonly Stretch[]): SkillRow[] => {
  const last = record.ts[record.length - 1] ?? -Infinity;
  return stretches.map(({ from, to, label }) => {
    const rows = forecastRows(record, { from, to });
    return {
      from: Math.max(from, record.ts[0] ?? from),
      to: Math.min(to, Math.max(last, from)),
      label,
      ...skillOf(rows.ensemble, rows, record.horizon, seed),
    };
  });
};
