import { BEGIN, HOUR } from './session.js';
import type { Canned } from './canned.js';

const MODELS = ['logistic', 'boosting', 'forest'];
const DAY = 24 * HOUR;

const detailOf = (strategy: string, skill: number | null) => ({
  strategy,
  dataset: 'sample@985d195a811b97272db448fe2a039452',
  dataUntil: BEGIN - 2 * DAY,
  rows: 8000,
  timeframe: '1h',
  seed: 1,
  skill: skill === null ? null : { estimate: skill, low: skill - 0.013, high: skill + 0.013 },
});
const VERSIONS = ['v4-91ce', 'v3-52b0', 'v2-0c1f', 'v1-aa90'].map((version, at) => ({
  version,
  at: BEGIN - (2 + at * 7) * DAY,
  isCurrent: at === 0,
  checkpoints: MODELS.map(model => ({ model, checkpoint: `${version.slice(3)}${model.length}f00d41`, rows: 8000 - at * 700 })),
  detail: detailOf('quant-ensemble', 0.017 - at * 0.006),
}));

/** Saved sets of models, and how a run's forecasts did. */
export const models: Canned = {
  'models.list': ({ empty }) => ({
    sets: empty
      ? []
      : [
          { set: 'direction-24h', versions: 4, current: 'v4-91ce', trainedAt: BEGIN - 2 * DAY, detail: detailOf('quant-ensemble', 0.017) },
          { set: 'volatility', versions: 1, current: 'v1-77aa', trainedAt: BEGIN - 30 * DAY, detail: detailOf('vol-target', null) },
        ],
  }),
  'models.show': ({ params }) => ({
    set: params.set,
    current: 'v4-91ce',
    versions: [...VERSIONS],
  }),
  'models.rollback': ({ params, body }) => ({
    set: params.set,
    current: body.version,
    versions: VERSIONS.map(version => ({ ...version, isCurrent: version.version === body.version })),
  }),
  'models.scores': ({ params }) => ({
    run: params.run,
    metrics: ['ensemble', ...MODELS].flatMap((model, at) => {
      const row = (
        metric: string,
        value: number | null,
        low: number | null = null,
        high: number | null = null,
        reason: string | null = null,
      ) => ({
        model,
        metric,
        value,
        low,
        high,
        n: 2400,
        reason,
      });
      return [
        row('logLoss', 0.681 + at * 0.004),
        row('brier', 0.244 + at * 0.002),
        row('auc', at === 3 ? null : 0.558 - at * 0.01, null, null, at === 3 ? 'The outcomes were all of one class.' : null),
        row('crps', at === 1 ? null : 0.0112 + at * 0.0004, null, null, at === 1 ? 'It forecasts a direction, not a return.' : null),
        row('ece', 0.021 + at * 0.009),
        row(
          'coverage',
          at === 0 ? 0.893 : null,
          at === 0 ? 0.874 : null,
          at === 0 ? 0.91 : null,
          at === 0 ? null : 'Only the ensemble has an interval.',
        ),
        row('skill.logLoss', 0.017 - at * 0.011, 0.004 - at * 0.011, 0.03 - at * 0.011),
      ];
    }),
    calibration: ['ensemble', ...MODELS].flatMap(model =>
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
    regret: MODELS.flatMap((model, of) =>
      Array.from({ length: 200 }, (_, at) => ({
        ts: BEGIN - (200 - at) * 6 * HOUR,
        model,
        regret: Math.sqrt(at) * (0.3 + of * 0.25) - (of === 0 ? at * 0.02 : 0),
      })),
    ),
    drift: [
      { ts: BEGIN - 41 * DAY, subject: 'log loss', detector: 'page-hinkley', level: 'warning', statistic: 3.1, threshold: 4 },
      { ts: BEGIN - 39 * DAY, subject: 'log loss', detector: 'page-hinkley', level: 'drift', statistic: 4.6, threshold: 4 },
      { ts: BEGIN - 22 * DAY, subject: 'volatility', detector: 'population stability', level: 'warning', statistic: 0.14, threshold: 0.25 },
      { ts: BEGIN - 9 * DAY, subject: 'funding', detector: 'population stability', level: 'none', statistic: 0.02, threshold: 0.25 },
    ],
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
