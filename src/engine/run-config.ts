import { z } from 'zod';

/** Fee model, by name. Rates are fractions of notional; a negative maker rate is a rebate. */
export const FeeConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('maker-taker'), maker: z.number().min(-0.01).max(0.1), taker: z.number().min(0).max(0.1) }),
  z.strictObject({ kind: z.literal('per-order'), fixed: z.number().min(0), rate: z.number().min(0).max(0.1) }),
]);

/** Slippage of a taker's fill. */
export const SlippageConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('fixed-bps'), bps: z.number().min(0).max(1000) }),
  z.strictObject({ kind: z.literal('half-spread'), spreadBps: z.number().min(0).max(1000) }),
  z.strictObject({ kind: z.literal('sqrt-impact'), spreadBps: z.number().min(0).max(1000), coefficient: z.number().min(0).max(10) }),
]);

/** Milliseconds from decision to venue, from cancel to venue, and from venue back to the strategy. */
export const LatencyConfig = z.strictObject({
  kind: z.literal('constant'),
  order: z.number().min(0),
  cancel: z.number().min(0),
  report: z.number().min(0),
});

/** Whether funding is settled. `none` must be asked for: a perpetual without funding data is refused otherwise. */
export const FundingConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('settled') }),
  z.strictObject({ kind: z.literal('none') }),
]);

/** What is assumed of fills on bars; see docs/matching-rules.md. */
export const FillConfig = z.strictObject({
  kind: z.literal('bars'),
  path: z.enum(['pessimistic', 'high-first', 'low-first', 'nearest-first']),
  limits: z.enum(['through', 'touch']),
  /** Largest share of a bar's volume that our orders may fill; null for no bound. */
  participation: z.number().gt(0).max(1).nullable(),
});

/** Limits of the pre-trade check; null switches one off. */
export const RiskConfig = z.strictObject({
  /** Quote currency per order. */
  maxOrderNotional: z.number().positive().nullable(),
  /** Gross notional ÷ equity over all symbols. */
  maxLeverage: z.number().positive().nullable(),
  /** |Notional| ÷ equity in one symbol. */
  maxExposure: z.number().positive().nullable(),
  /** Largest distance of a limit price from the last price, as a fraction. */
  priceCollar: z.number().positive().nullable(),
  /** Halt and flatten when equity falls this far below its peak, as a fraction. */
  maxDrawdown: z.number().positive().max(1).nullable(),
});

/** Publication delay per kind, milliseconds: how long after it happened a datum can be known. */
export const DelayConfig = z.strictObject({
  bars: z.number().min(0),
  funding: z.number().min(0),
  mark: z.number().min(0),
});

/** What overrules the training schedule of the strategy's own recipe; null leaves that as it is. Steps are bars. */
export const TrainingConfig = z.strictObject({
  enableTraining: z.boolean().nullable(),
  modelRetrainEveryNSteps: z.number().int().positive().nullable(),
  historyLimit: z.number().int().positive().nullable(),
  trainingDelay: z.number().int().min(0).nullable(),
});

/** How large a planned trade is, by name; see src/portfolio/sizing. */
export const SizingConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fractional-kelly'),
    fraction: z.number().gt(0).max(1).default(0.25),
    law: z.enum(['payoff', 'moments', 'lesser']).default('lesser'),
  }),
  z.strictObject({ kind: z.literal('volatility-target'), perYear: z.number().gt(0).max(10) }),
  z.strictObject({ kind: z.literal('fixed-fraction'), risk: z.number().gt(0).max(1) }),
]);

/** How signals become trades; what is left out is as here. */
export const PlanConfig = z.strictObject({
  /** Distance of the stop-loss from the entry, in standard deviations of the forecast. */
  stopMultiple: z.number().gt(0).max(20).default(1.5),
  /** Distance of the take-profit, likewise. */
  targetMultiple: z.number().gt(0).max(20).default(2.5),
  /** Largest notional ÷ equity of one plan. */
  maxExposure: z.number().positive().default(1),
  /** Confidence below which nothing is planned; of three outcomes each has a third when nothing is known. */
  minConfidence: z.number().min(0).max(1).default(0.4),
  sizing: SizingConfig.prefault({ kind: 'fractional-kelly' }),
});

/** Everything a run's numbers depend on besides code and data. */
export const RunConfig = z.strictObject({
  /** First and last moment at which the strategy may trade, epoch ms; data before `from` only warms it up. */
  from: z.number(),
  to: z.number(),
  symbols: z.array(z.string()).min(1),
  timeframe: z.string(),
  seed: z.number().int(),
  /** Starting cash in the settlement asset. */
  capital: z.number().positive(),
  /** Account leverage: gross notional may not exceed leverage × equity. */
  leverage: z.number().positive(),
  fees: FeeConfig,
  slippage: SlippageConfig,
  latency: LatencyConfig,
  funding: FundingConfig,
  fills: FillConfig,
  risk: RiskConfig,
  delays: DelayConfig,
  /** Re-trade to an unchanged target when drift exceeds this fraction of equity; null never does. */
  rebalanceBand: z.number().positive().nullable(),
  /** What happens to positions when the data ends: marked at the last close, or closed there as a taker. */
  atEnd: z.enum(['mark', 'close']),
  /** For strategies with models. */
  training: TrainingConfig.optional(),
  /** For strategies that give signals. Not in manifests older than plans: filled in when read, it would change the hash that their journals name. */
  plan: PlanConfig.optional(),
});
export type RunConfig = z.infer<typeof RunConfig>;
export type PlanConfig = z.infer<typeof PlanConfig>;
export type TrainingConfig = z.infer<typeof TrainingConfig>;

/** The rules of plans where a run states none. */
export const DEFAULT_PLAN: PlanConfig = PlanConfig.parse({});
