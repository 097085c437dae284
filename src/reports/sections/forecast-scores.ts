import { BASELINE } from '../../models/recipe.js';
import { ENSEMBLE } from '../charts/model-colour.js';
import { count, decimal, NONE, percent, signedPercent } from '../number-text.js';
import type { Block } from '../document.js';
import type { Skill } from '../../models/scores/skill.js';
import type { ScoreRow } from '../rows/forecast-skill-rows.js';

/** What an interval of skill lets one say. */
export const skillVerdict = (skill: Skill | null): 'better than climatology' | 'no better' | 'worse' | 'not enough samples' => {
  if (skill === null || !Number.isFinite(skill.low) || !Number.isFinite(skill.high)) return 'not enough samples';
  return skill.low > 0 ? 'better than climatology' : skill.high < 0 ? 'worse' : 'no better';
};

const intervalText = ({ low, high }: Skill): string => `${signedPercent(low, 2)} to ${signedPercent(high, 2)}`;

/** One honest sentence: did the ensemble beat climatology, by how much, with what interval, over how many forecasts. */
export const skillSentence = (rows: readonly ScoreRow[], symbols: number): string => {
  const ensemble = rows.find(row => row.model === ENSEMBLE);
  const n = ensemble?.count ?? 0;
  const over = `${count(n)} out-of-sample forecast${n === 1 ? '' : 's'} of ${symbols === 1 ? 'one symbol' : `${count(symbols)} symbols`}`;
  const skill = ensemble?.skill ?? null;
  const verdict = skillVerdict(skill);
  if (skill === null || verdict === 'not enough samples')
    return `Not enough samples to say whether the ensemble beats climatology. ${(ensemble?.reason ?? '').replace(/^(?=\d)/, 'There are ')}`.trimEnd();
  const size = percent(Math.abs(skill.estimate), 2);
  const direction = skill.estimate >= 0 ? 'below' : 'above';
  const by = `its log loss was ${size} ${direction} that of climatology`;
  const interval = `95% interval of the skill ${intervalText(skill)}, over ${over}`;
  if (verdict === 'better than climatology') return `The ensemble beat climatology: ${by} (${interval}).`;
  if (verdict === 'worse') return `The ensemble was worse than climatology: ${by} (${interval}).`;
  return `The ensemble did not beat climatology beyond chance: ${by} (${interval}).`;
};

/** Every model's scores in one table, the ensemble first. */
export const scoreTable = (rows: readonly ScoreRow[]): Block => ({
  kind: 'table',
  id: 'forecast-scores',
  caption: 'Scores of the ensemble and its models',
  columns: [
    { title: 'Model', kind: 'text' },
    { title: 'Forecasts', kind: 'number' },
    { title: 'Log loss, nats', kind: 'number' },
    { title: 'Brier', kind: 'number' },
    { title: 'AUC', kind: 'number' },
    { title: 'CRPS, bps', kind: 'number' },
    { title: 'Calibration error', kind: 'number' },
    { title: 'Skill', kind: 'number', signed: true },
    { title: '95% interval', kind: 'number' },
    { title: 'Against climatology', kind: 'text', wide: true },
  ],
  rows: rows.map(({ model, count: n, logLoss, brier, auc, crps, ece, skill }) => [
    model,
    count(n),
    decimal(logLoss ?? NaN, 4),
    decimal(brier ?? NaN, 4),
    decimal(auc ?? NaN, 3),
    decimal((crps ?? NaN) * 10_000, 1),
    percent(ece ?? NaN, 1),
    model === BASELINE || skill === null ? NONE : signedPercent(skill.estimate, 2),
    model === BASELINE || skill === null ? NONE : intervalText(skill),
    model === BASELINE ? 'the baseline' : skillVerdict(skill),
  ]),
  empty: 'No model gave a forecast.',
});
