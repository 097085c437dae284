import { panelOf } from '../../../src/experiments/forecasting.js';
import type { ModelVersion } from '../../../src/models/registry/model-version.js';
import { trainModel, type TrainedModel } from '../../../src/models/trained-model.js';
import { allRows } from '../../../src/models/training-plan.js';
import { trainingSet } from '../../../src/models/training-set.js';
import { HOUR } from '../../../src/time.js';
import { tinyRecipe } from '../../arbitraries/forecasting-strategy.js';
import { smallMarket } from '../../arbitraries/market.js';

const { config, chunks } = smallMarket(1, 300, 1);
const RECIPE = tinyRecipe();
const ROWS = trainingSet(allRows(RECIPE, panelOf(config, chunks)), RECIPE, config.to, HOUR);
const TRAINED = trainModel(RECIPE, 'member', ROWS, 1, null);

/** A trained model under another name, which a seed makes differ from others. */
export const trainedModel = (model: string, seed: number): TrainedModel => ({
  ...TRAINED,
  model,
  training: { from: 0, to: 1000, rows: 100, data: `rows ${seed}` },
  importance: model === 'climatology' ? null : [1, 3],
});

const NOTHING = {
  rows: 0,
  spans: 0,
  logLoss: null,
  brier: null,
  crps: null,
  auc: null,
  ece: null,
  coverage: null,
  skill: null,
  missing: {},
};

/** A version of such models, without them. */
export const versionOf = (seed: number, recipe: ModelVersion['recipe']['identity'] = {}): Omit<ModelVersion, 'members'> => ({
  format: 1,
  platform: 'quantai-trad@0.0.0',
  strategy: { name: 'lean', bundle: 'b' },
  params: { horizon: 6 },
  recipe: { hash: 'r', identity: recipe },
  dataset: { id: 'sample', version: 'v'.repeat(64) },
  symbols: ['BTC/USDT:USDT'],
  timeframe: '1h',
  seed,
  training: { at: Date.UTC(2024, 0, 1), from: 0, to: 1000, rows: 100, data: `rows ${seed}` },
  scores: {
    horizon: 6,
    label: 'fixed-horizon(6)',
    from: 0,
    to: 1000,
    ensemble: {
      ...NOTHING,
      model: 'ensemble',
      rows: 500,
      logLoss: 1.05 - seed / 100,
      skill: { estimate: seed / 100, low: -0.01, high: 0.03 },
    },
    models: [
      { ...NOTHING, model: 'climatology', rows: 500, logLoss: 1.06 },
      { ...NOTHING, model: 'logistic', missing: { logLoss: '12 matured rows; 200 are needed.' } },
    ],
  },
});
