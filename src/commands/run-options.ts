import type { Argv } from 'yargs';
import type { BarFillConfig, MarginConfig, QueueConfig, RunConfig, TrainingConfig } from '../engine/run-config.js';
import { parseDuration, parseTime } from '../time.js';
import { keyValues, numberOf, onlyKeys } from './key-values.js';
import { riskLimitsOf } from './risk-options.js';
import { feesOf, given, latencyOf, liquidationOf, oneOf, queueOf, slippageOf, symbolLeverages } from './venue-options.js';

/** What a user may say about a run; the venue's preset and the data fill in the rest. */
export type RunOverrides = {
  readonly [K in keyof Omit<RunConfig, 'risk' | 'delays' | 'fills' | 'margin' | 'training'>]?: RunConfig[K] | undefined;
} & {
  readonly risk?: { readonly [K in keyof RunConfig['risk']]?: RunConfig['risk'][K] | undefined } | undefined;
  readonly delays?: { readonly [K in keyof RunConfig['delays']]?: RunConfig['delays'][K] | undefined } | undefined;
  readonly fills?: FillOverrides | undefined;
  readonly margin?: MarginOverrides | undefined;
  readonly training?: { readonly [K in keyof TrainingConfig]?: TrainingConfig[K] | undefined } | undefined;
};

/** What may be said of fills; what does not belong to the depth that the run has is an error. */
export interface FillOverrides {
  /** Depth of matching; by the data at hand when left out. */
  readonly kind?: RunConfig['fills']['kind'] | undefined;
  readonly path?: BarFillConfig['path'] | undefined;
  readonly limits?: BarFillConfig['limits'] | undefined;
  readonly participation?: number | null | undefined;
  /** `none` leaves finer bars aside. */
  readonly finer?: string | undefined;
  readonly queue?: QueueConfig | undefined;
  readonly spreadBps?: number | undefined;
  readonly ownImpact?: boolean | undefined;
}

/** What may be said of margin; the venue's preset fills in the rest. */
export interface MarginOverrides {
  readonly mode?: MarginConfig['mode'] | undefined;
  readonly positions?: MarginConfig['positions'] | undefined;
  readonly leverage?: MarginConfig['leverage'] | undefined;
  readonly tiers?: MarginConfig['tiers'] | undefined;
  readonly liquidation?: { readonly [K in keyof MarginConfig['liquidation']]?: MarginConfig['liquidation'][K] | undefined } | undefined;
  readonly spotCollateral?: number | undefined;
  readonly fundingTolerance?: number | undefined;
}

/** The options of `backtest` and `walkforward` that shape the run, as they come from the command line. */
export interface RunOptions {
  readonly symbols?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly seed?: number | undefined;
  readonly capital?: number | undefined;
  readonly leverage?: number | undefined;
  readonly fees?: string | undefined;
  readonly slippage?: string | undefined;
  readonly latency?: string | undefined;
  readonly funding?: string | undefined;
  readonly path?: string | undefined;
  readonly limits?: string | undefined;
  readonly participation?: string | undefined;
  readonly depth?: string | undefined;
  readonly finer?: string | undefined;
  readonly queue?: string | undefined;
  readonly 'own-impact'?: boolean | undefined;
  readonly margin?: string | undefined;
  readonly positions?: string | undefined;
  readonly 'symbol-leverage'?: string | undefined;
  readonly liquidation?: string | undefined;
  readonly 'spot-collateral'?: number | undefined;
  readonly 'funding-tolerance'?: string | undefined;
  readonly 'max-exposure'?: number | undefined;
  readonly 'max-drawdown'?: number | undefined;
  readonly 'max-order'?: number | undefined;
  readonly 'price-collar'?: number | undefined;
  readonly risk?: string | undefined;
  readonly 'rebalance-band'?: number | undefined;
  readonly delay?: string | undefined;
  readonly 'enable-training'?: boolean | undefined;
  readonly 'retrain-every'?: number | undefined;
  readonly 'history-limit'?: number | undefined;
  readonly 'training-delay'?: number | undefined;
}

// What belongs together stands together in the help.
const VENUE_OPTIONS =
  'leverage fees slippage latency funding path limits participation depth finer queue own-impact margin positions symbol-leverage liquidation spot-collateral funding-tolerance delay'.split(
    ' ',
  );
const RISK_OPTIONS = ['max-exposure', 'max-order', 'max-drawdown', 'price-collar', 'risk', 'rebalance-band'];
const TRAINING_OPTIONS = ['enable-training', 'retrain-every', 'history-limit', 'training-delay'];

/** Declare those options. */
export const withRunOptions = <T>(cli: Argv<T>): Argv<T & RunOptions> =>
  cli
    .option('symbols', { type: 'string', describe: 'Symbols, with commas between; all of the dataset by default' })
    .option('timeframe', { type: 'string', describe: 'Bars to run on, e.g. 1h; needed when the dataset has several' })
    .option('from', { type: 'string', describe: 'First UTC date or time of trading; data before it warms up' })
    .option('to', { type: 'string', describe: 'End of trading (UTC date or time, exclusive)' })
    .option('seed', { type: 'number', describe: 'Seed of every random draw' })
    .option('capital', { type: 'number', describe: 'Starting cash in the settlement asset' })
    .option('leverage', { type: 'number', describe: 'Account leverage' })
    .option('fees', { type: 'string', describe: 'maker=0.0002,taker=0.00055, or per-order:fixed=1,rate=0.001, or none' })
    .option('slippage', {
      type: 'string',
      describe:
        'fixed-bps:1, half-spread:2, volatility:spread=1,multiple=0.1, sqrt-impact:spread=2,coefficient=0.7, almgren-chriss:spread=1,temporary=0.14,permanent=0.3, fitted:NAME, or none',
    })
    .option('latency', {
      type: 'string',
      describe:
        '100ms for everything, or order=100ms,cancel=50ms,report=20ms,feed=10ms; with sigma=0.5 log-normal about these; recorded:NAME',
    })
    .option('funding', { type: 'string', describe: 'settled, or none to leave funding out knowingly' })
    .option('path', { type: 'string', describe: 'Assumed way through a bar: pessimistic, high-first, low-first, nearest-first, adaptive' })
    .option('limits', { type: 'string', describe: 'Limit orders fill when the price goes through them, or at a touch' })
    .option('participation', { type: 'string', describe: 'Largest share of a bar’s volume that orders fill, e.g. 0.1, or none' })
    .option('depth', {
      type: 'string',
      describe: 'What orders match against: bars, trades or book; the deepest that the data has by default',
    })
    .option('finer', {
      type: 'string',
      describe: 'Finer bars to walk inside the run’s bars, e.g. 1m; the finest at hand by default, or none',
    })
    .option('queue', { type: 'string', describe: 'Queue before a resting order: pessimistic, proportional, power:3 or log' })
    .option('own-impact', {
      type: 'boolean',
      describe: 'What a taker takes from a book level stays gone until the feed updates it (default)',
    })
    .option('margin', { type: 'string', describe: 'cross (default) or isolated' })
    .option('positions', { type: 'string', describe: 'one-way (default), or hedge: a long and a short leg per symbol' })
    .option('symbol-leverage', { type: 'string', describe: 'Leverage of single symbols: BTC/USDT:USDT=5,ETH/USDT:USDT=3' })
    .option('liquidation', { type: 'string', describe: 'price=mark|last,fee=0.0125,partial=false; the venue’s preset by default' })
    .option('spot-collateral', {
      type: 'number',
      describe: 'Share of the value of spot holdings that counts as margin, 0 to 1; 0 by default',
    })
    .option('funding-tolerance', {
      type: 'string',
      describe: 'A position opened so long after a settlement still takes part in it, e.g. 15s',
    })
    .option('max-exposure', { type: 'number', describe: 'Largest notional ÷ equity in one symbol' })
    .option('max-order', { type: 'number', describe: 'Largest order, quote currency' })
    .option('max-drawdown', {
      type: 'number',
      describe: 'Flatten and halt when equity is this fraction below its peak, e.g. 0.3; each fold of a walk-forward has its own peak',
    })
    .option('price-collar', { type: 'number', describe: 'Largest distance of a limit from the last price, as a fraction' })
    .option('risk', {
      type: 'string',
      describe:
        'More limits, with commas between: leverage, position, gross, net, concentration, correlated, order-rate=30/1m, open-orders, daily-loss, pause-after-losses, volatility, spread, data-age, margin-distance; see docs/risk.md',
    })
    .option('rebalance-band', { type: 'number', describe: 'Trade back to an unchanged target when it drifts by this fraction of equity' })
    .option('delay', { type: 'string', describe: 'Publication delay: bars=1s,funding=5s,mark=1s' })
    .option('enable-training', { type: 'boolean', describe: 'Whether models are trained in the run; the strategy says so by default' })
    .option('retrain-every', { type: 'number', describe: 'Bars between trainings of the strategy’s models' })
    .option('history-limit', { type: 'number', describe: 'Bars back that a training learns from' })
    .option('training-delay', { type: 'number', describe: 'Bars from a training’s request until its models are in force' })
    .group([], 'Options:')
    .group(VENUE_OPTIONS, 'Venue and costs:')
    .group(RISK_OPTIONS, 'Risk limits:')
    .group(TRAINING_OPTIONS, 'Models:');

const delaysOf = (text: string): RunOverrides['delays'] => {
  const values = onlyKeys('delay', keyValues('delay', text), ['bars', 'funding', 'mark']);
  return Object.fromEntries(Object.entries(values).map(([kind, duration]) => [kind, parseDuration(duration)]));
};

const some = <T extends object>(record: T): T | undefined => {
  const kept = given(record);
  return Object.keys(kept).length > 0 ? kept : undefined;
};

/** The options as overrides; `root` is the workspace, where fitted models are kept. Throws usage errors that name the option. */
export const overridesOf = (options: RunOptions, root = '.'): RunOverrides =>
  given({
    symbols: options.symbols
      ?.split(',')
      .map(symbol => symbol.trim())
      .filter(symbol => symbol !== ''),
    timeframe: options.timeframe,
    from: options.from === undefined ? undefined : parseTime(options.from),
    to: options.to === undefined ? undefined : parseTime(options.to),
    seed: options.seed,
    capital: options.capital,
    leverage: options.leverage,
    fees: options.fees === undefined ? undefined : feesOf(options.fees),
    slippage: options.slippage === undefined ? undefined : slippageOf(options.slippage, root),
    latency: options.latency === undefined ? undefined : latencyOf(options.latency, root),
    funding: options.funding === undefined ? undefined : { kind: oneOf('funding', options.funding, ['settled', 'none']) },
    fills: some({
      path:
        options.path === undefined
          ? undefined
          : oneOf('path', options.path, ['pessimistic', 'high-first', 'low-first', 'nearest-first', 'adaptive']),
      limits: options.limits === undefined ? undefined : oneOf('limits', options.limits, ['through', 'touch']),
      participation:
        options.participation === undefined
          ? undefined
          : options.participation === 'none'
            ? null
            : numberOf('participation', options.participation),
      kind: options.depth === undefined || options.depth === 'auto' ? undefined : oneOf('depth', options.depth, ['bars', 'trades', 'book']),
      finer: options.finer,
      queue: options.queue === undefined ? undefined : queueOf(options.queue),
      ownImpact: options['own-impact'],
    }),
    margin: some({
      mode: options.margin === undefined ? undefined : oneOf('margin', options.margin, ['cross', 'isolated']),
      positions: options.positions === undefined ? undefined : oneOf('positions', options.positions, ['one-way', 'hedge']),
      leverage: options['symbol-leverage'] === undefined ? undefined : symbolLeverages(options['symbol-leverage']),
      liquidation: options.liquidation === undefined ? undefined : liquidationOf(options.liquidation),
      spotCollateral: options['spot-collateral'],
      fundingTolerance: options['funding-tolerance'] === undefined ? undefined : parseDuration(options['funding-tolerance']),
    }),
    risk: some({
      ...(options.risk !== undefined && riskLimitsOf(options.risk)),
      ...given({
        maxOrderNotional: options['max-order'],
        maxExposure: options['max-exposure'],
        maxDrawdown: options['max-drawdown'],
        priceCollar: options['price-collar'],
      }),
    }),
    delays: options.delay === undefined ? undefined : delaysOf(options.delay),
    rebalanceBand: options['rebalance-band'],
    training: some({
      enableTraining: options['enable-training'],
      modelRetrainEveryNSteps: options['retrain-every'],
      historyLimit: options['history-limit'],
      trainingDelay: options['training-delay'],
    }),
  });

/** Defaults of the configuration file under what the command line says. Nested groups are merged key by key. */
export const overlay = (below: RunOverrides, above: RunOverrides): RunOverrides => ({
  ...below,
  ...above,
  ...given({
    risk: some({ ...below.risk, ...above.risk }),
    delays: some({ ...below.delays, ...above.delays }),
    fills: some({ ...below.fills, ...above.fills }),
    margin: some({
      ...below.margin,
      ...above.margin,
      ...given({ liquidation: some({ ...below.margin?.liquidation, ...above.margin?.liquidation }) }),
    }),
    training: some({ ...below.training, ...above.training }),
  }),
});

/** What is above, where it says something, over what is below. */
export const merged = <T extends object>(below: T, above: object | undefined): T => ({
  ...below,
  ...Object.fromEntries(Object.entries(above ?? {}).filter(([, value]) => value !== undefined)),
});
