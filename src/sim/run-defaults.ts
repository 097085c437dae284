import { badData, usageError } from '../errors.js';
import { DEFAULT_PLAN, RunConfig } from '../engine/run-config.js';
import { formatTime } from '../time.js';
import { venuePreset } from './venue-preset.js';

/** What a run cannot do without; everything else has a default. */
export type RunRequest = Pick<RunConfig, 'from' | 'to' | 'symbols' | 'timeframe'> & { readonly exchange: string } & {
  readonly [K in Exclude<keyof RunConfig, 'from' | 'to' | 'symbols' | 'timeframe'>]?: RunConfig[K] | undefined;
};

/**
 * The configuration of a run: the venue's preset, overlaid with what was asked for, checked. An exchange without a preset needs its fees stated.
 * Throws a usage error naming the key that is wrong.
 */
export const runConfig = ({ exchange, ...request }: RunRequest): RunConfig => {
  if (!(request.to > request.from))
    throw usageError(
      'empty-window',
      `The run ends before it begins: it would go from ${formatTime(request.from)} to ${formatTime(request.to)}.`,
      'Give a --from before --to and before the end of the data.',
    );
  const venue = venuePreset(request.fees === undefined ? exchange : knownOr(exchange, 'binance'));
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const merged = {
    seed: 1,
    capital: 100_000,
    leverage: venue.leverage,
    fees: venue.fees,
    slippage: venue.slippage,
    latency: venue.latency,
    funding: { kind: 'settled' },
    fills: venue.fills,
    risk: {
      maxOrderNotional: null,
      maxLeverage: request.leverage ?? venue.leverage,
      maxExposure: null,
      priceCollar: 0.2,
      maxDrawdown: null,
    },
    delays: { bars: 0, funding: 0, mark: 0 },
    rebalanceBand: null,
    atEnd: 'mark',
    margin: { mode: 'cross', liquidation: { fee: venue.liquidationFee } },
    plan: DEFAULT_PLAN,
    ...given,
  };
  const parsed = RunConfig.safeParse(merged);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], merged);
  throw usageError(
    'bad-config',
    `The run's ${path.join('.')} cannot be ${JSON.stringify(value)} (${issue?.message ?? 'invalid'}).`,
    'Mend the option or setting of that name.',
  );
};

const knownOr = (exchange: string, fallback: string): string => {
  try {
    return venuePreset(exchange).name;
  } catch {
    return fallback;
  }
};

/** Throws a bad-data error when a perpetual is to be run with settled funding and none of its funding is there. */
export const requireFunding = (symbol: string, rows: number): void => {
  if (rows > 0) return;
  throw badData(
    'missing-funding',
    `${symbol} is a perpetual and the dataset has no funding for it in this window.`,
    'Import its funding (--kind funding), or leave funding out knowingly with --funding none.',
  );
};
