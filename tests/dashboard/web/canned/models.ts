import { BEGIN, HOUR } from './session.js';
import type { Canned } from './canned.js';

const MODELS = ['logistic', 'boosting', 'forest'];
const DAY = 24 * HOUR;

/** Saved sets of models, and how a run's forecasts did. */
export const models: Canned = {
  'models.list': ({ empty }) => ({
    sets: empty
      ? []
      : [
          { set: 'direction-24h', versions: 4, current: 'v4-91ce', trainedAt: BEGIN - 2 * DAY, detail: { members: MODELS } },
          { set: 'volatility', versions: 1, current: 'v1-77aa', trainedAt: BEGIN - 30 * DAY, detail: { members: ['logistic'] } },
        ],
  }),
  'models.show': ({ params }) => ({
    set: params.set,
    current: 'v4-91ce',
    versions: ['v4-91ce', 'v3-52b0', 'v2-0c1f', 'v1-aa90'].map((version, at) => ({
      version,
      at: BEGIN - (2 + at * 7) * DAY,
      isCurrent: at === 0,
      checkpoints: MODELS.map(model => ({ model, checkpoint: `${version.slice(3)}${model.length}f00`, rows: 8000 - at * 700 })),
      detail: { dataset: 'sample' },
    })),
  }),
  'models.rollback': ({ params, body }) => ({
    set: params.set,
    current: body.version,
    versions: [{ version: body.version, at: BEGIN, isCurrent: true, checkpoints: [], detail: {} }],
  }),
  'models.scores': ({ params }) => ({
    run: params.run,
    metrics: [...MODELS, 'ensemble'].flatMap((model, at) => [
      { model, metric: 'log-loss', value: 0.68 - at * 0.006, low: 0.66, high: 0.7, n: 2400, reason: null },
      { model, metric: 'brier', value: 0.244 - at * 0.003, low: 0.238, high: 0.251, n: 2400, reason: null },
      { model, metric: 'auc', value: at === 2 ? null : 0.55, low: null, high: null, n: 2400, reason: at === 2 ? 'one class only' : null },
    ]),
    calibration: MODELS.flatMap(model =>
      Array.from({ length: 10 }, (_, bin) => ({
        model,
        bin,
        forecast: (bin + 0.5) / 10,
        observed: 0.5 + (bin - 4.5) * 0.07,
        n: 240 - Math.abs(bin - 4) * 40,
      })),
    ),
    weights: Array.from({ length: 200 }, (_, at) => {
      const a = 0.4 + 0.2 * Math.sin(at / 25);
      const b = 0.3 + 0.1 * Math.cos(at / 14);
      return [a, b, 1 - a - b].map((weight, of) => ({ ts: BEGIN - (200 - at) * 6 * HOUR, model: MODELS[of]!, weight }));
    }).flat(),
    regret: Array.from({ length: 200 }, (_, at) => ({ ts: BEGIN - (200 - at) * 6 * HOUR, model: 'ensemble', regret: Math.sqrt(at) * 0.4 })),
    drift: [{ ts: BEGIN - 9 * DAY, subject: 'log-loss', detector: 'page-hinkley', level: 'warning', statistic: 3.1, threshold: 4 }],
    trainings: MODELS.map((model, at) => ({
      ts: BEGIN - (at + 1) * 10 * DAY,
      model,
      checkpoint: '9fc41d77',
      rows: 8000,
      trigger: 'schedule',
      late: at === 2,
    })),
  }),
};
