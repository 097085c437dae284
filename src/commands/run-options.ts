import type { Argv } from 'yargs';
import { didYouMean, usageError } from '../errors.js';
import type { RunConfig, TrainingConfig } from '../engine/run-config.js';
import { parseDuration, parseTime } from '../time.js';
import { keyValues, numberOf, onlyKeys } from './key-values.js';

/** What a user may say about a run; the venue's preset and the data fill in the rest. */
export type RunOverrides = {
  readonly [K in keyof Omit<RunConfig, 'risk' | 'delays' | 'fills' | 'training'>]?: RunConfig[K] | undefined;
} & {
  readonly risk?: { readonly [K in keyof RunConfig['risk']]?: RunConfig['risk'][K] | undefined } | undefined;
  readonly delays?: { readonly [K in keyof RunConfig['delays']]?: RunConfig['delays'][K] | undefined } | undefined;
  readonly fills?: { readonly [K in keyof RunConfig['fills']]?: RunConfig['fills'][K] | undefined } | undefined;
  readonly training?: { readonly [K in keyof TrainingConfig]?: TrainingConfig[K] | undefined } | undefined;
};

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
  readonly 'max-exposure'?: number | undefined;
  readonly 'max-drawdown'?: number | undefined;
  readonly 'max-order'?: number | undefined;
  readonly 'price-collar'?: number | undefined;
  readonly 'rebalance-band'?: number | undefined;
  readonly delay?: string | undefined;
  readonly 'enable-training'?: boolean | undefined;
  readonly 'retrain-every'?: number | undefined;
  readonly 'history-limit'?: number | undefined;
  readonly 'training-delay'?: number | undefined;
}

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
    .option('slippage', { type: 'string', describe: 'fixed-bps:1, half-spread:2, sqrt-impact:spread=2,coefficient=0.7, or none' })
    .option('latency', { type: 'string', describe: '100ms for everything, or order=100ms,cancel=50ms,report=20ms' })
    .option('funding', { type: 'string', describe: 'settled, or none to leave funding out knowingly' })
    .option('path', { type: 'string', describe: 'Assumed way through a bar: pessimistic, high-first, low-first, nearest-first' })
    .option('limits', { type: 'string', describe: 'Limit orders fill when the price goes through them, or at a touch' })
    .option('participation', { type: 'string', describe: 'Largest share of a bar’s volume that orders fill, e.g. 0.1, or none' })
    .option('max-exposure', { type: 'number', describe: 'Largest notional ÷ equity in one symbol' })
    .option('max-order', { type: 'number', describe: 'Largest order, quote currency' })
    .option('max-drawdown', {
      type: 'number',
      describe: 'Flatten and halt when equity is this fraction below its peak, e.g. 0.3; each fold of a walk-forward has its own peak',
    })
    .option('price-collar', { type: 'number', describe: 'Largest distance of a limit from the last price, as a fraction' })
    .option('rebalance-band', { type: 'number', describe: 'Trade back to an unchanged target when it drifts by this fraction of equity' })
    .option('delay', { type: 'string', describe: 'Publication delay: bars=1s,funding=5s,mark=1s' })
    .option('enable-training', { type: 'boolean', describe: 'Whether models are trained in the run; the strategy says so by default' })
    .option('retrain-every', { type: 'number', describe: 'Bars between trainings of the strategy’s models' })
    .option('history-limit', { type: 'number', describe: 'Bars back that a training learns from' })
    .option('training-delay', { type: 'number', describe: 'Bars from a training’s request until its models are in force' });

const oneOf = <const T extends string>(option: string, text: string, values: readonly T[]): T => {
  const found = values.find(value => value === text);
  if (found === undefined)
    throw usageError('bad-option', `--${option} is one of ${values.join(', ')}, not "${text}".${didYouMean(text, values)}`);
  return found;
};

const feesOf = (text: string): RunConfig['fees'] => {
  if (text === 'none') return { kind: 'maker-taker', maker: 0, taker: 0 };
  const given = keyValues('fees', text);
  if (oneOf('fees', given.kind ?? 'maker-taker', ['maker-taker', 'per-order']) === 'per-order') {
    const { fixed = '0', rate = '0' } = onlyKeys('fees', given, ['fixed', 'rate']);
    return { kind: 'per-order', fixed: numberOf('fees fixed', fixed), rate: numberOf('fees rate', rate) };
  }
  const { maker = given.bare, taker = given.bare } = onlyKeys('fees', given, ['maker', 'taker']);
  if (maker === undefined || taker === undefined)
    throw usageError('bad-option', '--fees needs both maker and taker.', 'For example --fees maker=0.0002,taker=0.00055.');
  return { kind: 'maker-taker', maker: numberOf('fees maker', maker), taker: numberOf('fees taker', taker) };
};

const slippageOf = (text: string): RunConfig['slippage'] => {
  const given = keyValues('slippage', text);
  const kind = oneOf('slippage', given.kind ?? given.bare ?? '', ['none', 'fixed-bps', 'half-spread', 'sqrt-impact']);
  const bare = given.kind === undefined ? undefined : given.bare;
  switch (kind) {
    case 'none':
      return { kind };
    case 'fixed-bps':
      return { kind, bps: numberOf('slippage fixed-bps', onlyKeys('slippage', given, ['bps'])['bps'] ?? bare) };
    case 'half-spread':
      return { kind, spreadBps: numberOf('slippage half-spread', onlyKeys('slippage', given, ['spread'])['spread'] ?? bare) };
    case 'sqrt-impact': {
      const { spread, coefficient } = onlyKeys('slippage', given, ['spread', 'coefficient']);
      return {
        kind,
        spreadBps: numberOf('slippage sqrt-impact spread', spread),
        coefficient: numberOf('slippage sqrt-impact coefficient', coefficient),
      };
    }
  }
};

const latencyOf = (text: string): RunConfig['latency'] => {
  const given = keyValues('latency', text);
  const { order, cancel, report } = onlyKeys('latency', given, ['order', 'cancel', 'report']);
  const all = given.bare;
  const first = order ?? all;
  if (first === undefined)
    throw usageError(
      'bad-option',
      '--latency needs the time of an order.',
      'For example --latency 100ms or --latency order=100ms,cancel=50ms,report=20ms.',
    );
  return {
    kind: 'constant',
    order: parseDuration(first),
    cancel: parseDuration(cancel ?? first),
    report: parseDuration(report ?? all ?? '0ms'),
  };
};

const delaysOf = (text: string): RunOverrides['delays'] => {
  const values = onlyKeys('delay', keyValues('delay', text), ['bars', 'funding', 'mark']);
  return Object.fromEntries(Object.entries(values).map(([kind, duration]) => [kind, parseDuration(duration)]));
};

/** Leave out what was not given, so that a spread does not overwrite with nothing. */
const given = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

const some = <T extends object>(record: T): T | undefined => {
  const kept = given(record);
  return Object.keys(kept).length > 0 ? kept : undefined;
};

/** The options as overrides. Throws usage errors that name the option. */
export const overridesOf = (options: RunOptions): RunOverrides =>
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
    slippage: options.slippage === undefined ? undefined : slippageOf(options.slippage),
    latency: options.latency === undefined ? undefined : latencyOf(options.latency),
    funding: options.funding === undefined ? undefined : { kind: oneOf('funding', options.funding, ['settled', 'none']) },
    fills: some({
      path:
        options.path === undefined ? undefined : oneOf('path', options.path, ['pessimistic', 'high-first', 'low-first', 'nearest-first']),
      limits: options.limits === undefined ? undefined : oneOf('limits', options.limits, ['through', 'touch']),
      participation:
        options.participation === undefined
          ? undefined
          : options.participation === 'none'
            ? null
            : numberOf('participation', options.participation),
    }),
    risk: some({
      maxOrderNotional: options['max-order'],
      maxExposure: options['max-exposure'],
      maxDrawdown: options['max-drawdown'],
      priceCollar: options['price-collar'],
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
    training: some({ ...below.training, ...above.training }),
  }),
});
