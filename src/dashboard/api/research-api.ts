import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { endpoint } from './endpoint.js';
import { AnyJson, Asking, Maybe, Name, Nothing, SymbolName, Time } from './shapes.js';

/** A finished run: headline figures are net of costs, those of a walk-forward out of sample. */
export const RunLine = z.object({
  run: z.string(),
  command: z.string(),
  strategy: z.string(),
  dataset: z.string(),
  datasetVersion: z.string().nullable(),
  at: Time.nullable(),
  synthetic: z.boolean().nullable(),
  totalReturn: Maybe,
  cagr: Maybe,
  sharpe: Maybe,
  sortino: Maybe,
  calmar: Maybe,
  maxDrawdown: Maybe,
  volatility: Maybe,
  winRate: Maybe,
  profitFactor: Maybe,
  trades: Maybe,
  finalEquity: Maybe,
  /** Grade of its evidence, where it has one. */
  verdict: z.string().nullable(),
  fingerprint: z.string().nullable(),
});
export type RunLine = z.infer<typeof RunLine>;

export const RunView = z.object({
  line: RunLine,
  /** Paths on this server, to be framed: `/reports/<run>/report.html`. */
  pages: z.array(z.object({ title: z.string(), path: z.string() })),
  params: z.record(z.string(), AnyJson),
  evidence: AnyJson.nullable(),
  folds: z.array(
    z.object({
      fold: z.number(),
      trainFrom: Time,
      trainTo: Time,
      testFrom: Time,
      testTo: Time,
      params: AnyJson,
      inSample: Maybe,
      outOfSample: Maybe,
    }),
  ),
  equity: z.object({ ts: z.array(Time), equity: z.array(z.number()) }),
  /** Words that make it again, e.g. `quantai walkforward sma-cross --dataset sample`. */
  reproduce: z.string().nullable(),
  manifest: AnyJson,
});
export type RunView = z.infer<typeof RunView>;

/** What `quantai compare --json` says of the runs, with its page. */
export const ComparisonView = z.object({ document: AnyJson, page: z.string().nullable() });

export const StrategyLine = z.object({
  /** A built-in name, or a path of a .ts file in the workspace. */
  strategy: z.string(),
  builtIn: z.boolean(),
  params: z.array(
    z.object({
      name: z.string(),
      /** `int`, `float`, `choice`, `bool`. */
      kind: z.string(),
      min: Maybe,
      max: Maybe,
      default: AnyJson,
      /** What a `choice` chooses among. */
      values: z.array(z.string()).optional(),
    }),
  ),
});
export type StrategyLine = z.infer<typeof StrategyLine>;

const Window = { from: z.string().max(40).optional(), to: z.string().max(40).optional() };
const Params = z.record(z.string().regex(/^\w+$/), z.union([z.number(), z.boolean(), z.string().max(100)])).default({});
const Strategy = z
  .string()
  .regex(/^[\w./-]+$/)
  .max(200);
const Researched = {
  strategy: Strategy,
  dataset: z
    .string()
    .regex(/^[\w.@-]+$/)
    .max(100),
  symbols: z.array(SymbolName).default([]),
  timeframe: z
    .string()
    .regex(/^\d+[smhdw]$/)
    .optional(),
  ...Window,
  seed: z.number().int().min(0).optional(),
};
const Duration = z.string().regex(/^\d+(\.\d+)?[smhdw]$/);

/** Work that takes a while. Each kind is the command of that name, with the options a page offers. */
export const JobRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('backtest'), ...Researched, params: Params }),
  z.strictObject({
    kind: z.literal('walkforward'),
    ...Researched,
    params: Params,
    train: Duration.optional(),
    test: Duration.optional(),
    purge: Duration.optional(),
    points: z.number().int().min(1).max(1000).optional(),
    trials: z.number().int().min(1).max(100_000).optional(),
  }),
  z.strictObject({
    kind: z.literal('sweep'),
    ...Researched,
    params: Params,
    search: z.enum(['grid', 'random', 'tpe', 'cma-es']).optional(),
    points: z.number().int().min(1).max(1000).optional(),
    trials: z.number().int().min(1).max(100_000).optional(),
  }),
  z.strictObject({ kind: z.literal('friction'), ...Researched, params: Params }),
  z.strictObject({ kind: z.literal('evidence'), run: Name }),
  z.strictObject({ kind: z.literal('train'), ...Researched, params: Params }),
  z.strictObject({
    kind: z.literal('pull'),
    dataset: Name,
    exchange: z.string().regex(/^\w+$/),
    symbol: SymbolName,
    timeframe: z
      .string()
      .regex(/^\d+[smhdw]$/)
      .optional(),
    kinds: z.array(z.string().regex(/^[\w-]+$/)).default([]),
    ...Window,
  }),
  z.strictObject({
    kind: z.literal('synth'),
    dataset: Name,
    bars: z.number().int().min(1).max(1_000_000).optional(),
    timeframe: z
      .string()
      .regex(/^\d+[smhdw]$/)
      .optional(),
    seed: z.number().int().min(0).optional(),
  }),
  z.strictObject({ kind: z.literal('check'), dataset: Name, against: Name.optional() }),
  z.strictObject({ kind: z.literal('parity'), account: Name }),
]);
export type JobRequest = z.infer<typeof JobRequest>;

/** A job: the command in a process of its own. */
export const JobView = z.object({
  job: z.string(),
  kind: z.string(),
  /** `sma-cross on sample`. */
  title: z.string(),
  /** As it could be typed. */
  command: z.string(),
  by: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'lost']),
  begunAt: Time,
  endedAt: Time.nullable(),
  done: Maybe,
  total: Maybe,
  /** Of what it counts, and how many a second. */
  unit: z.string().nullable(),
  rate: Maybe,
  /** ms. */
  eta: Maybe,
  note: z.string().nullable(),
  /** The last words of the command: progress, warnings. */
  said: z.array(z.string()),
  /** The run that it made. */
  run: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string().nullable() }).nullable(),
  result: AnyJson.nullable(),
});
export type JobView = z.infer<typeof JobView>;

export const researchApi = {
  'runs.list': endpoint({
    summary: 'Finished runs, newest first',
    roles: ROLES,
    verb: 'runs',
    params: Nothing,
    query: z.strictObject({
      strategy: z.string().max(200).optional(),
      command: z.string().max(40).optional(),
      limit: Asking.int().min(1).max(1000).default(200),
    }),
    body: Nothing,
    answer: z.object({ runs: z.array(RunLine) }),
  }),
  'runs.show': endpoint({
    summary: 'One run',
    roles: ROLES,
    verb: 'runs',
    params: z.strictObject({ run: Name }),
    query: Nothing,
    body: Nothing,
    answer: RunView,
  }),
  'runs.compare': endpoint({
    summary: 'Two runs or more against each other',
    roles: ROLES,
    verb: 'compare',
    params: Nothing,
    query: z.strictObject({
      runs: z
        .string()
        .regex(/^[\w.@,-]+$/)
        .max(2000),
    }),
    body: Nothing,
    answer: ComparisonView,
  }),
  'strategies.list': endpoint({
    summary: 'Built-in strategies and strategy files of the workspace',
    roles: ROLES,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ strategies: z.array(StrategyLine) }),
  }),
  'jobs.list': endpoint({
    summary: 'Jobs, newest first',
    roles: ROLES,
    verb: null,
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ jobs: z.array(JobView) }),
  }),
  'jobs.show': endpoint({
    summary: 'One job',
    roles: ROLES,
    verb: null,
    params: z.strictObject({ job: Name }),
    query: Nothing,
    body: Nothing,
    answer: JobView,
  }),
  'jobs.begin': endpoint({
    summary: 'Begin a job. Pulling, synthesis and training are for operators too',
    roles: ['researcher', 'operator'],
    verb: null,
    params: Nothing,
    query: Nothing,
    body: JobRequest,
    answer: JobView,
  }),
  'jobs.cancel': endpoint({
    summary: 'Cancel a job of yours; an operator cancels any',
    roles: ['researcher', 'operator'],
    verb: null,
    params: z.strictObject({ job: Name }),
    query: Nothing,
    body: Nothing,
    answer: JobView,
  }),
  'sql.query': endpoint({
    summary: 'One SELECT over the workspace, as `quantai sql`; it cannot write',
    roles: ROLES,
    verb: 'sql',
    params: Nothing,
    query: Nothing,
    body: z.strictObject({ query: z.string().min(1).max(20_000) }),
    answer: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))) }),
  }),
} as const;
