import { forecastDistribution } from '../charts/forecast-distribution.js';
import { ENSEMBLE } from '../charts/model-colour.js';
import { pitHistogram } from '../charts/pit-histogram.js';
import { reliabilityDiagram } from '../charts/reliability-diagram.js';
import { skillByRegime } from '../charts/skill-by-regime.js';
import { count, dateText, percent } from '../number-text.js';
import { probabilityBins } from '../rows/forecast-rows.js';
import { pitRows, reliabilityPoints } from '../rows/forecast-score-rows.js';
import { regimeSkillRows, scoreRows } from '../rows/forecast-skill-rows.js';
import { modelsSection } from './forecast-models.js';
import { scoreTable, skillSentence } from './forecast-scores.js';
import { stabilitySection } from './forecast-stability.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { Block, Section } from '../document.js';
import type { Stretch } from '../charts/time.js';

/** What the sections on forecasts need beside the record. */
export interface ForecastReportOptions {
  readonly seed: number;
  /** Windows by which skill is followed; months, quarters or years when left out. */
  readonly testWindows?: readonly Stretch[];
}

const factsOf = ({ label, horizon, models, length, combined, trainings }: ForecastRecord): Block => {
  let silent = 0;
  for (let i = 0; i < length; i++) if (Number.isNaN(combined[3 * i]!)) silent += 1;
  const late = trainings.filter(training => training.late).length;
  const drifted = trainings.filter(training => training.trigger === 'drift').length;
  return {
    kind: 'list',
    items: [
      { term: 'Forecast', text: `${label}, ${count(horizon)} ${horizon === 1 ? 'bar' : 'bars'} ahead` },
      { term: 'Models', text: models.join(', ') },
      {
        term: 'Trainings',
        text: `${count(trainings.length)}${trainings.length === 0 ? '' : `, ${count(late)} late, ${count(drifted)} because of drift`}`,
      },
      ...(length === 0 ? [] : [{ term: 'Silence', text: `${percent(silent / length)} of bars without a forecast` }]),
    ],
  };
};

/** How good the forecasts were, whom the ensemble listened to, and whether it lasts. No section without a record; one that says why when it is empty. */
export const forecastSections = (record: ForecastRecord | null, options: ForecastReportOptions): Section[] => {
  if (record === null) return [];
  const { length, ts, symbols, models } = record;
  if (length === 0)
    return [
      {
        id: 'forecasts',
        title: 'Forecasts',
        lead: 'Not enough samples: the run gave no forecast. It was shorter than the history that a model needs, or no model was ever ready.',
        blocks: [factsOf(record)],
      },
    ];
  const period = `${dateText(ts[0]!)} to ${dateText(ts[length - 1]!)}`;
  const scores = scoreRows(record, options.seed);
  const reliability = reliabilityPoints(record);
  const { rows: bins, baseRate } = probabilityBins(record);
  return [
    {
      id: 'forecasts',
      title: 'Forecasts',
      lead: `${skillSentence(scores, symbols.length)} Skill is 1 − log loss ÷ that of climatology; above zero is better.`,
      blocks: [
        scoreTable(scores),
        {
          kind: 'chart',
          id: 'forecast-reliability',
          half: true,
          spec: reliabilityDiagram(
            reliability.filter(row => row.model === ENSEMBLE),
            {
              title: 'Ensemble: what was said against what came',
              subtitle: `Probability of a rise and of a fall, lines of 95% · ${period}`,
            },
          ),
        },
        {
          kind: 'chart',
          id: 'forecast-pit',
          half: true,
          spec: pitHistogram(pitRows(record), {
            title: 'Ensemble: where the outcome fell in the forecast',
            subtitle: `Number of forecasts; band: 95% of a right one · ${period}`,
          }),
        },
        {
          kind: 'chart',
          id: 'forecast-distribution',
          half: true,
          spec: forecastDistribution(bins, {
            title: 'How bold the forecasts are',
            subtitle: `Number of forecasts by probability of a rise · ${period}`,
            baseRate,
          }),
        },
        {
          kind: 'chart',
          id: 'forecast-regimes',
          half: true,
          spec: skillByRegime(regimeSkillRows(record, options.seed), {
            title: 'Skill in calm and in wild markets',
            subtitle: `By tercile of volatility among the past, lines of 95% · ${period}`,
            models,
          }),
        },
        {
          kind: 'chart',
          id: 'forecast-reliability-models',
          spec: reliabilityDiagram(
            reliability.filter(row => row.model !== ENSEMBLE),
            {
              title: 'Each model: what was said against what came',
              subtitle: `How often a rise or a fall came, by its probability as calibrated, lines of 95% · ${period}`,
            },
          ),
        },
        factsOf(record),
      ],
    },
    modelsSection(record, period),
    stabilitySection(record, period, options),
  ];
};
