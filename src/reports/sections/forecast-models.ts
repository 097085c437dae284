import { ensembleRegret } from '../charts/ensemble-regret.js';
import { ensembleWeights } from '../charts/ensemble-weights.js';
import { featureImportance } from '../charts/feature-importance.js';
import { formatDate } from '../../time.js';
import { importanceRows, retrainingRows, weightRows } from '../rows/forecast-rows.js';
import { regretRows } from '../rows/forecast-score-rows.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { Block, Section } from '../document.js';

/** Models whose importances are drawn. */
const MOST_MODELS = 4;

const importanceBlocks = (record: ForecastRecord): Block[] => {
  const explained = record.models.filter(model => record.importances.some(importance => importance.model === model)).slice(0, MOST_MODELS);
  if (explained.length === 0)
    return [
      {
        kind: 'chart',
        id: 'forecast-importance',
        spec: featureImportance([], { title: 'What the models go by', subtitle: 'Mean |SHAP| by feature' }),
      },
    ];
  return explained.map((model, i) => {
    const rows = importanceRows(record, model);
    const latest = rows[0]!.ts;
    const earlier = new Set(rows.filter(row => !row.latest).map(row => row.ts)).size;
    return {
      kind: 'chart',
      id: `forecast-importance-${i + 1}`,
      half: explained.length > 1,
      spec: featureImportance(rows, {
        title: `What ${model} goes by`,
        subtitle: `Mean |SHAP|, trained ${formatDate(latest)}${earlier === 0 ? '' : `; ticks: the ${earlier === 1 ? 'training' : `${earlier} trainings`} before`}`,
      }),
    };
  });
};

/** Whom the ensemble listened to, whether that paid, and what the models go by. */
export const modelsSection = (record: ForecastRecord, period: string): Section => ({
  id: 'forecast-models',
  title: 'Models',
  lead: 'Weights move only on outcomes that were known at the time; features should not change with every training.',
  blocks: [
    {
      kind: 'chart',
      id: 'forecast-weights',
      spec: ensembleWeights(weightRows(record), retrainingRows(record), {
        title: 'Whom the ensemble listened to',
        subtitle: `Weight of each model${record.trainings.length === 0 ? '' : '; triangles: retrained, hollow: late'} · ${period}`,
        models: record.models,
      }),
    },
    {
      kind: 'chart',
      id: 'forecast-regret',
      spec: ensembleRegret(regretRows(record), {
        title: 'Regret of the ensemble against others',
        subtitle: `Its log loss less theirs, cumulative nats over all symbols; below zero it is ahead · ${period}`,
      }),
    },
    ...importanceBlocks(record),
  ],
});
