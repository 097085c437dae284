import { z } from 'zod';
import { BarFillConfig, MarginConfig, PlanConfig, QueueConfig, RunConfig, TradeFillConfig, TrainingConfig } from '../engine/run-config.js';
import { usageError } from '../errors.js';
import { EvidenceThresholds } from '../experiments/evidence/thresholds.js';
import { CHOICES } from '../experiments/choose-configuration.js';
import { NotifyConfig } from '../live/notify/notify-config.js';
import { PromotionConfig } from '../promotion/promotion-config.js';
import { parseDuration, parseTime } from '../time.js';
import type { RunOverrides } from './run-options.js';
import { SEARCHES } from './search-options.js';

const time = z.union([z.number(), z.string().transform(text => parseTime(text))]);
const duration = z.string().refine(text => {
  try {
    return parseDuration(text) > 0;
  } catch {
    return false;
  }
}, 'is not a duration like 90d');
const shape = RunConfig.shape;

/** Defaults of a workspace, in `quantai.config.ts`. Everything is optional; the command line goes before it. */
export const QuantaiConfig = z.strictObject({
  dataset: z.string().optional(),
  workers: z.number().int().positive().optional(),
  symbols: shape.symbols.optional(),
  timeframe: shape.timeframe.optional(),
  from: time.optional(),
  to: time.optional(),
  seed: shape.seed.optional(),
  capital: shape.capital.optional(),
  leverage: shape.leverage.optional(),
  fees: shape.fees.optional(),
  slippage: shape.slippage.optional(),
  latency: shape.latency.optional(),
  funding: shape.funding.optional(),
  fills: BarFillConfig.omit({ kind: true, finer: true })
    .partial()
    .extend({
      kind: z.enum(['bars', 'trades', 'book']).optional(),
      finer: z.string().optional(),
      queue: QueueConfig.optional(),
      spreadBps: TradeFillConfig.shape.spreadBps.optional(),
      ownImpact: z.boolean().optional(),
    })
    .optional(),
  margin: MarginConfig.partial().optional(),
  risk: shape.risk.partial().optional(),
  delays: shape.delays.partial().optional(),
  rebalanceBand: shape.rebalanceBand.optional(),
  training: TrainingConfig.partial().optional(),
  plan: PlanConfig.optional(),
  walkforward: z
    .strictObject({
      train: duration.optional(),
      test: duration.optional(),
      purge: duration.optional(),
      embargo: duration.optional(),
      anchored: z.boolean().optional(),
      objective: z.string().optional(),
      search: z.enum(SEARCHES).optional(),
      halving: z.boolean().optional(),
      points: z.number().int().positive().optional(),
      trials: z.number().int().positive().optional(),
      minTrades: z.number().int().min(0).optional(),
      choose: z.enum(CHOICES).optional(),
      inner: z.number().int().min(2).optional(),
    })
    .optional(),
  notify: NotifyConfig.prefault({}),
  evidence: EvidenceThresholds.prefault({}),
  promotion: PromotionConfig.prefault({}),
  /** The registry of the team that the workspace belongs to. */
  registry: z
    .string()
    .regex(/^(postgres(ql)?:\/\/\S+|none)$/, 'is not a PostgreSQL URL like postgres://user@host/database')
    .optional(),
  /** Where jobs are done, and where workers find data, unless the command line says otherwise. */
  cluster: z.strictObject({ on: z.string().min(1).optional(), lake: z.string().min(1).optional() }).prefault({}),
  audit: z.strictObject({ anchor: z.string().min(1).optional(), key: z.string().min(1).optional() }).prefault({}),
});
export type QuantaiConfig = z.input<typeof QuantaiConfig>;

/** A configuration file that was read and checked. */
export interface WorkspaceConfig {
  readonly dataset: string | undefined;
  readonly workers: number | undefined;
  readonly run: RunOverrides;
  readonly notify: NotifyConfig;
  /** Where evidence begins and ends. */
  readonly evidence: EvidenceThresholds;
  /** When a strategy goes further, and when it comes back. */
  readonly promotion: PromotionConfig;
  /** Folder elsewhere that the audit log's signed head is written to as well, and a place for its key outside the workspace. */
  readonly audit: { readonly anchor?: string | undefined; readonly key?: string | undefined };
  /** URL of the team's registry, which may hold a password; undefined for a workspace by itself. */
  readonly registry: string | undefined;
  /** Queue and lake that commands use where none is named; the queue's URL may hold a password. */
  readonly cluster: { readonly on?: string | undefined; readonly lake?: string | undefined };
  readonly walkforward: NonNullable<z.output<typeof QuantaiConfig>['walkforward']>;
}

/** Check what a configuration file exports. Throws a usage error naming the file and the key, e.g. `fees.taker`. */
export const parseConfig = (exported: unknown, file: string): WorkspaceConfig => {
  const parsed = QuantaiConfig.safeParse(exported);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const key = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.');
    const message = unknown === undefined ? (issue?.message ?? 'is wrong') : 'is not a setting';
    throw usageError(
      'bad-config',
      `${file}: ${key === '' ? 'the default export' : key} – ${message}.`,
      'Mend that key; every setting is optional.',
    );
  }
  const { dataset, workers, walkforward = {}, notify, evidence, promotion, audit, registry, cluster, ...run } = parsed.data;
  return { dataset, workers, run, notify, evidence, promotion, audit, registry, cluster, walkforward };
};
