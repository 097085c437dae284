import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { endpoint } from './endpoint.js';
import { AnyJson, Maybe, Name, Nothing, Time } from './shapes.js';

const ModelSet = z.strictObject({
  set: z
    .string()
    .regex(/^[\w.-]+$/)
    .max(100),
});

export const ModelSetLine = z.object({
  set: z.string(),
  versions: z.number(),
  current: z.string().nullable(),
  trainedAt: Time.nullable(),
  detail: AnyJson,
});
export const ModelSetView = z.object({
  set: z.string(),
  current: z.string().nullable(),
  versions: z.array(
    z.object({
      version: z.string(),
      at: Time.nullable(),
      isCurrent: z.boolean(),
      checkpoints: z.array(z.object({ model: z.string(), checkpoint: z.string(), rows: Maybe })),
      detail: AnyJson,
    }),
  ),
});
export type ModelSetLine = z.infer<typeof ModelSetLine>;
export type ModelSetView = z.infer<typeof ModelSetView>;

/** How a run's forecasts did, as forecasts. */
export const ScoresView = z.object({
  run: z.string(),
  /** Rows of `model_metrics` over the whole run. */
  metrics: z.array(
    z.object({ model: z.string(), metric: z.string(), value: Maybe, low: Maybe, high: Maybe, n: Maybe, reason: z.string().nullable() }),
  ),
  /** Reliability of P(up): forecast probability in ten bins against how often it came true. */
  calibration: z.array(z.object({ model: z.string(), bin: z.number(), forecast: z.number(), observed: z.number(), n: z.number() })),
  /** By bar: weight of each member in the ensemble (thinned to at most 1,000 points), and cumulative log-loss less the best member's: the regret. */
  weights: z.array(z.object({ ts: Time, model: z.string(), weight: z.number() })),
  regret: z.array(z.object({ ts: Time, model: z.string(), regret: z.number() })),
  drift: z.array(
    z.object({ ts: Time, subject: z.string(), detector: z.string(), level: z.string(), statistic: z.number(), threshold: z.number() }),
  ),
  trainings: z.array(
    z.object({ ts: Time, model: z.string(), checkpoint: z.string(), rows: z.number(), trigger: z.string(), late: z.boolean() }),
  ),
});
export type ScoresView = z.infer<typeof ScoresView>;

export const modelsApi = {
  'models.list': endpoint({
    summary: 'Saved sets of models',
    roles: ROLES,
    verb: 'models list',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ sets: z.array(ModelSetLine) }),
  }),
  'models.show': endpoint({
    summary: 'Versions of a set, with their checkpoints',
    roles: ROLES,
    verb: 'models show',
    params: ModelSet,
    query: Nothing,
    body: Nothing,
    answer: ModelSetView,
  }),
  'models.rollback': endpoint({
    summary: 'Make an earlier version the one in force',
    roles: ['researcher', 'operator'],
    verb: 'models rollback',
    params: ModelSet,
    query: Nothing,
    body: z.strictObject({
      version: z
        .string()
        .regex(/^[\w.-]+$/)
        .max(100),
      reason: z.string().max(1000).default(''),
    }),
    answer: ModelSetView,
  }),
  'models.scores': endpoint({
    summary: "Scores, calibration, weights, regret and drift of a run's forecasts",
    roles: ROLES,
    verb: 'sql',
    params: z.strictObject({ run: Name }),
    query: Nothing,
    body: Nothing,
    answer: ScoresView,
  }),
} as const;
