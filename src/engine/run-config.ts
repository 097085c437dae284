import { z } from 'zod';

/** Fee model, by name. Rates are fractions of notional; a negative maker rate is a rebate. */
export const FeeConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('maker-taker'), maker: z.number().min(-0.01).max(0.1), taker: z.number().min(0).max(0.1) }),
  z.strictObject({ kind: z.literal('per-order'), fixed: z.number().min(0), rate: z.number().min(0).max(0.1) }),
  /** Rates by traded volume: the tier with the largest `volume` (quote currency over the last 30 days, what was traded before the run included) not above it holds. */
  z.strictObject({
    kind: z.literal('tiered'),
    tiers: z
      .array(z.strictObject({ volume: z.number().min(0), maker: z.number().min(-0.01).max(0.1), taker: z.number().min(0).max(0.1) }))
      .min(1),
    /** Volume of the 30 days before the run. */
    volume: z.number().min(0).default(0),
    /** Fees paid in another coin: its price in the settlement asset when the run begins, and the discount it brings. Stated, for its price is not in the data. */
    coin: z
      .strictObject({ asset: z.string(), discount: z.number().min(0).max(1) })
      .nullable()
      .default(null),
  }),
]);

/** Slippage of a taker's fill. */
export const SlippageConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('fixed-bps'), bps: z.number().min(0).max(1000) }),
  z.strictObject({ kind: z.literal('half-spread'), spreadBps: z.number().min(0).max(1000) }),
  z.strictObject({ kind: z.literal('sqrt-impact'), spreadBps: z.number().min(0).max(1000), coefficient: z.number().min(0).max(10) }),
  /** Half the spread plus a multiple of the bar's volatility, whatever the size. */
  z.strictObject({ kind: z.literal('volatility'), spreadBps: z.number().min(0).max(1000), multiple: z.number().min(0).max(10) }),
  /** Almgren–Chriss: half the spread, a temporary part η σ (Q/V)^β and a permanent part γ σ Q/V. */
  z.strictObject({
    kind: z.literal('almgren-chriss'),
    spreadBps: z.number().min(0).max(1000),
    temporary: z.number().min(0).max(10),
    exponent: z.number().gt(0).max(2).default(0.6),
    permanent: z.number().min(0).max(10),
  }),
  /** A model fitted to observed fills by `quantai fit fills`; `version` is the hash of its file. */
  z.strictObject({
    kind: z.literal('fitted'),
    version: z.string(),
    spreadBps: z.number().min(0).max(1000),
    coefficient: z.number().min(0).max(100),
    exponent: z.number().gt(0).max(2),
  }),
]);

/** Milliseconds from decision to venue, from cancel to venue, and from venue back to the strategy. */
export const LatencyConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('constant'),
    order: z.number().min(0),
    cancel: z.number().min(0),
    report: z.number().min(0),
    /** From the venue to the strategy for market data (books, quotes, trades). */
    feed: z.number().min(0).optional(),
  }),
  /** Each leg log-normal about its median with `sigma` the standard deviation of the logarithm, drawn from the run's seed. */
  z.strictObject({
    kind: z.literal('log-normal'),
    order: z.number().min(0),
    cancel: z.number().min(0),
    report: z.number().min(0),
    feed: z.number().min(0).default(0),
    sigma: z.number().min(0).max(3),
  }),
  /** Interpolated between recorded latencies; `version` is the hash of their file. Before the first and after the last they hold as they are. */
  z.strictObject({
    kind: z.literal('recorded'),
    version: z.string(),
    /** Epoch ms, ascending. */
    ts: z.array(z.number()).min(1),
    feed: z.array(z.number().min(0)),
    order: z.array(z.number().min(0)),
    report: z.array(z.number().min(0)),
  }),
]);

/** Whether funding is settled. `none` must be asked for: a perpetual without funding data is refused otherwise. */
export const FundingConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('settled') }),
  z.strictObject({ kind: z.literal('none') }),
]);

/** What is assumed of fills on bars; see docs/matching-rules.md. */
export const BarFillConfig = z.strictObject({
  kind: z.literal('bars'),
  path: z.enum(['pessimistic', 'high-first', 'low-first', 'nearest-first', 'adaptive']),
  limits: z.enum(['through', 'touch']),
  /** Largest share of a bar's volume that our orders may fill; null for no bound. */
  participation: z.number().gt(0).max(1).nullable(),
  /** Finer bars that are walked inside those of the run where the data has them, e.g. 1m under 1h. */
  finer: z.string().optional(),
});

/** What is assumed of the queue before a resting order when the level's displayed size falls without a trade. */
export const QueueConfig = z.discriminatedUnion('kind', [
  /** Nothing ahead of us is ever cancelled; only trades bring us forward. */
  z.strictObject({ kind: z.literal('pessimistic') }),
  /** Cancellations fall evenly on what is ahead and behind. */
  z.strictObject({ kind: z.literal('proportional') }),
  /** They fall behind us with probability back^n ÷ (back^n + front^n). */
  z.strictObject({ kind: z.literal('power'), exponent: z.number().gt(0).max(10).default(3) }),
  /** The same with log(1 + ·). */
  z.strictObject({ kind: z.literal('log') }),
]);

/** Matching on single trades, with quotes where the data has them. */
export const TradeFillConfig = z.strictObject({
  kind: z.literal('trades'),
  queue: QueueConfig,
  /** Spread that is assumed where no quotes are at hand, bp. */
  spreadBps: z.number().min(0).max(1000),
});

/** Matching on the order book. */
export const BookFillConfig = z.strictObject({
  kind: z.literal('book'),
  queue: QueueConfig,
  /** Whether what our takers took from a level stays gone until the feed updates it. */
  ownImpact: z.boolean(),
});

/** How deep the market is known, and what is assumed beyond that. */
export const FillConfig = z.discriminatedUnion('kind', [BarFillConfig, TradeFillConfig, BookFillConfig]);

/** One bracket of a maintenance-margin schedule; `cap` null is without end. */
export const TierConfig = z.strictObject({
  floor: z.number().min(0),
  cap: z.number().positive().nullable(),
  rate: z.number().min(0).max(1),
  deduction: z.number().min(0),
  maxLeverage: z.number().positive(),
});

/** How the venue margins the account. */
export const MarginConfig = z.strictObject({
  mode: z.enum(['cross', 'isolated']),
  positions: z.enum(['one-way', 'hedge']).default('one-way'),
  /** Leverage of single symbols; the account's for the others. */
  leverage: z.record(z.string(), z.number().positive()).default({}),
  /** Maintenance-margin schedule by symbol; the venue preset's, else one bracket at the instrument's rate. */
  tiers: z.record(z.string(), z.array(TierConfig).min(1)).default({}),
  liquidation: z
    .strictObject({
      /** The price that is compared: the mark where the data has one at least as often as bars, else the last price along its path (`auto`). */
      price: z.enum(['auto', 'mark', 'last']).default('auto'),
      /** Liquidation fee, a fraction of the notional closed. */
      fee: z.number().min(0).max(0.1).default(0),
      /** Large positions are reduced bracket by bracket before they are closed. */
      partial: z.boolean().default(true),
    })
    .prefault({}),
  /** Share of the value of spot holdings that counts as margin; 0 where the spot wallet backs no futures. Spot is paid in full either way. */
  spotCollateral: z.number().min(0).max(1).default(0),
  /** A position opened up to so many ms after a settlement still takes part in it. */
  fundingTolerance: z.number().min(0).default(0),
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
  // Left out unless they are used: manifests from before them keep their hash. What each means is said in src/risk/limits.ts.
  maxPosition: z.number().positive().nullable().optional(),
  maxGross: z.number().positive().nullable().optional(),
  maxNet: z.number().positive().nullable().optional(),
  maxConcentration: z.number().positive().max(1).nullable().optional(),
  concentrationFrom: z.number().positive().nullable().optional(),
  maxCorrelated: z.number().positive().nullable().optional(),
  correlationAt: z.number().positive().max(1).nullable().optional(),
  /** Bars. */
  correlationWindow: z.number().int().min(2).nullable().optional(),
  maxOrderRate: z.number().int().positive().nullable().optional(),
  /** ms. */
  rateWindow: z.number().positive().nullable().optional(),
  maxOpenOrders: z.number().int().positive().nullable().optional(),
  maxDailyLoss: z.number().positive().max(1).nullable().optional(),
  dailyLossHalts: z.boolean().optional(),
  pauseAfterLosses: z.number().int().positive().nullable().optional(),
  /** ms. */
  lossPause: z.number().positive().nullable().optional(),
  /** Per year. */
  maxVolatility: z.number().positive().nullable().optional(),
  /** Bars. */
  volatilityWindow: z.number().int().min(2).nullable().optional(),
  /** bp of the middle. */
  maxSpread: z.number().positive().nullable().optional(),
  /** Bars. */
  maxDataAge: z.number().positive().nullable().optional(),
  minMarginDistance: z.number().positive().max(1).nullable().optional(),
  haltFlattens: z.boolean().optional(),
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
  /** Left out in manifests older than it: cross margin, one bracket, checked at closes. */
  margin: MarginConfig.optional(),
  /** For strategies with models. */
  training: TrainingConfig.optional(),
  /** For strategies that give signals. Not in manifests older than plans: filled in when read, it would change the hash that their journals name. */
  plan: PlanConfig.optional(),
});
export type RunConfig = z.infer<typeof RunConfig>;
export type PlanConfig = z.infer<typeof PlanConfig>;
export type BarFillConfig = z.infer<typeof BarFillConfig>;
export type FillConfig = z.infer<typeof FillConfig>;
export type QueueConfig = z.infer<typeof QueueConfig>;
export type LatencyConfig = z.infer<typeof LatencyConfig>;
export type MarginConfig = z.infer<typeof MarginConfig>;
export type TrainingConfig = z.infer<typeof TrainingConfig>;

/** The rules of plans where a run states none. */
export const DEFAULT_PLAN: PlanConfig = PlanConfig.parse({});
