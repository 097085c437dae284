import { z } from 'zod';
import { ROLES } from '../../promotion/people/role.js';
import { BarColumns } from './accounts-api.js';
import { endpoint } from './endpoint.js';
import { AnyJson, Asking, Nothing, SymbolName, Time } from './shapes.js';

const Dataset = z.strictObject({
  dataset: z
    .string()
    .regex(/^[\w.-]+$/)
    .max(100),
});

export const DatasetLine = z.object({
  dataset: z.string(),
  version: z.string(),
  synthetic: z.boolean(),
  source: z.string(),
  symbols: z.array(z.string()),
  kinds: z.array(z.string()),
  from: Time.nullable(),
  to: Time.nullable(),
  rows: z.number(),
  bytes: z.number(),
  findings: z.number(),
});
export type DatasetLine = z.infer<typeof DatasetLine>;

export const DatasetView = z.object({
  line: DatasetLine,
  series: z.array(
    z.object({
      kind: z.string(),
      symbol: z.string(),
      timeframe: z.string().nullable(),
      from: Time.nullable(),
      to: Time.nullable(),
      rows: z.number(),
    }),
  ),
  /** What the quality checks found, worst first. */
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.string(),
      symbol: z.string().nullable(),
      kind: z.string().nullable(),
      count: z.number(),
      text: z.string(),
    }),
  ),
  /** Missing stretches of bars: from the close of the last one before to the open of the first one after. */
  gaps: z.array(z.object({ symbol: z.string(), timeframe: z.string(), from: Time, to: Time, bars: z.number() })),
  versions: z.array(z.object({ version: z.string(), at: Time.nullable(), rows: z.number() })),
  manifest: AnyJson,
});
export type DatasetView = z.infer<typeof DatasetView>;

export const dataApi = {
  'datasets.list': endpoint({
    summary: 'The catalogue',
    roles: ROLES,
    verb: 'data list',
    params: Nothing,
    query: Nothing,
    body: Nothing,
    answer: z.object({ datasets: z.array(DatasetLine) }),
  }),
  'datasets.show': endpoint({
    summary: 'One dataset: series, findings, gaps, versions',
    roles: ROLES,
    verb: 'data list',
    params: Dataset,
    query: Nothing,
    body: Nothing,
    answer: DatasetView,
  }),
  'datasets.bars': endpoint({
    summary: 'Bars as columns, at most 100,000, the newest where there are more',
    roles: ROLES,
    verb: 'sql',
    params: Dataset,
    query: z.strictObject({
      symbol: SymbolName,
      timeframe: z.string().regex(/^\d+[smhdw]$/),
      from: Asking.optional(),
      to: Asking.optional(),
      limit: Asking.int().min(1).max(100_000).default(5000),
    }),
    body: Nothing,
    answer: z.object({ synthetic: z.boolean(), bars: BarColumns }),
  }),
} as const;
