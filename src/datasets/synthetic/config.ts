import { z } from 'zod';
import { usageError } from '../../errors.js';
import { timeframeMs } from '../../market/timeframe.js';
import { HOUR } from '../../time.js';

/** What is planted in the returns, so that a method can be checked against the truth. Everything else about the prices is noise. */
const truth = z.discriminatedUnion('kind', [
  /** Nothing: independent normal returns whose expected price is the price. Whatever a method finds here is false. */
  z.strictObject({ kind: z.literal('none') }),
  /** A steady logarithmic drift, per year of 365 days. */
  z.strictObject({ kind: z.literal('drift'), perYear: z.number() }),
  /** Each bar's return repeats this share of the one before it: positive trends, negative reverts. */
  z.strictObject({ kind: z.literal('autocorrelation'), coefficient: z.number().gt(-1).lt(1) }),
  /** The logarithm of the price is drawn back to where it began; half of a distance is gone after so many bars. */
  z.strictObject({ kind: z.literal('mean-reversion'), halfLifeBars: z.number().positive() }),
  /** A symbol that did better than the others' average over the last `lookbackBars` goes on by `strength` of that mean lead per bar. */
  z.strictObject({ kind: z.literal('cross-sectional-momentum'), strength: z.number().gt(-1).lt(1), lookbackBars: z.int().positive() }),
  /** GARCH(1,1): direction stays noise, size is predictable. */
  z.strictObject({ kind: z.literal('volatility-clustering'), alpha: z.number().min(0), beta: z.number().min(0) }),
  /** A hidden state of the whole market with a drift per year and a volatility multiple, kept for `meanBars` on average. */
  z.strictObject({
    kind: z.literal('regimes'),
    states: z.array(z.strictObject({ perYear: z.number(), volatility: z.number().positive(), meanBars: z.number().gt(1) })).min(2),
  }),
  /** Sudden moves of normal size, `perYear` of them on average. */
  z.strictObject({ kind: z.literal('jumps'), perYear: z.number().min(0), size: z.number().positive() }),
]);

/** One planted truth. Several may be planted together. */
export type PlantedTruth = z.output<typeof truth>;

const market = z.strictObject({
  symbol: z.string().min(1),
  /** Price at the start, quote currency. */
  price: z.number().positive(),
  /** Standard deviation of a year's logarithmic return. */
  volatility: z.number().positive().default(0.6),
  tickSize: z.number().positive(),
  lotSize: z.number().positive(),
  /** Mean volume of a bar, base units. */
  volume: z.number().positive().default(1000),
});

/** One synthetic perpetual. */
export type SyntheticMarket = z.output<typeof market>;

const funding = z.strictObject({
  /** Milliseconds between settlements, counted from the epoch. */
  interval: z
    .number()
    .positive()
    .default(8 * HOUR),
  /** From `at` on the interval is `interval`, as venues change it. */
  change: z.strictObject({ at: z.number(), interval: z.number().positive() }).optional(),
});

const config = z
  .strictObject({
    markets: z.array(market).min(1),
    timeframe: z.string().default('1h'),
    /** First bar's open, and the end of the last bar; epoch milliseconds. */
    from: z.number(),
    to: z.number(),
    /** Correlation between any two markets' returns. */
    correlation: z.number().min(0).lt(1).default(0.6),
    truths: z.array(truth).default([{ kind: 'none' }]),
    kinds: z.array(z.enum(['bars', 'mark', 'index', 'funding'])).default(['bars', 'mark', 'index', 'funding']),
    funding: funding.default({ interval: 8 * HOUR }),
  })
  .refine(({ from, to }) => to > from, 'to must be after from')
  .refine(({ markets }) => new Set(markets.map(({ symbol }) => symbol)).size === markets.length, 'symbols must differ')
  .refine(({ truths }) => truths.length === 1 || truths.every(({ kind }) => kind !== 'none'), 'truth "none" stands alone')
  .refine(({ truths }) => new Set(truths.map(({ kind }) => kind)).size === truths.length, 'a truth can be planted once')
  .refine(
    ({ truths }) => truths.every(each => each.kind !== 'volatility-clustering' || each.alpha + each.beta < 1),
    'alpha + beta of volatility-clustering must be below 1',
  );

/** What to synthesise, as a user writes it; what is left out has a default. */
export type SyntheticConfig = z.input<typeof config>;

/** What to synthesise, complete. */
export type CheckedSyntheticConfig = z.output<typeof config>;

/** Checks a configuration and fills in the defaults. Throws a usage error that names the field. */
export const checkSyntheticConfig = (input: unknown): CheckedSyntheticConfig => {
  const result = config.safeParse(input);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw usageError(
      'bad-synthetic-config',
      `The synthetic data's ${field === '' ? 'configuration' : field} is wrong: ${issue?.message}.`,
      'See quantai data synth --help for what can be set.',
    );
  }
  timeframeMs(result.data.timeframe);
  return result.data;
};
