import type { QueueConfig, RunConfig } from '../engine/run-config.js';
import { didYouMean, usageError } from '../errors.js';
import { readFillModel } from '../sim/fills/fill-model.js';
import { readLatencyModel } from '../sim/fills/latency-model-file.js';
import { parseDuration } from '../time.js';
import { keyValues, numberOf, onlyKeys } from './key-values.js';
import type { MarginOverrides } from './run-options.js';

/** Leave out what was not given, so that a spread does not overwrite with nothing. */
export const given = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

/** The value, if it is one of these. Throws a usage error naming the option. */
export const oneOf = <const T extends string>(option: string, text: string, values: readonly T[]): T => {
  const found = values.find(value => value === text);
  if (found === undefined)
    throw usageError('bad-option', `--${option} is one of ${values.join(', ')}, not "${text}".${didYouMean(text, values)}`);
  return found;
};

/** `--fees`. */
export const feesOf = (text: string): RunConfig['fees'] => {
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

/** `--slippage`. `root` is the workspace, where fitted models are kept. */
export const slippageOf = (text: string, root: string): RunConfig['slippage'] => {
  const given = keyValues('slippage', text);
  const kind = oneOf('slippage', given.kind ?? given.bare ?? '', [
    'none',
    'fixed-bps',
    'half-spread',
    'volatility',
    'sqrt-impact',
    'almgren-chriss',
    'fitted',
  ]);
  const bare = given.kind === undefined ? undefined : given.bare;
  switch (kind) {
    case 'none':
      return { kind };
    case 'fixed-bps':
      return { kind, bps: numberOf('slippage fixed-bps', onlyKeys('slippage', given, ['bps'])['bps'] ?? bare) };
    case 'half-spread':
      return { kind, spreadBps: numberOf('slippage half-spread', onlyKeys('slippage', given, ['spread'])['spread'] ?? bare) };
    case 'fitted': {
      return readFillModel(root, bare ?? '').slippage;
    }
    case 'volatility': {
      const { spread, multiple } = onlyKeys('slippage', given, ['spread', 'multiple']);
      return {
        kind,
        spreadBps: numberOf('slippage volatility spread', spread),
        multiple: numberOf('slippage volatility multiple', multiple),
      };
    }
    case 'almgren-chriss': {
      const {
        spread,
        temporary,
        exponent = '0.6',
        permanent,
      } = onlyKeys('slippage', given, ['spread', 'temporary', 'exponent', 'permanent']);
      return {
        kind,
        spreadBps: numberOf('slippage almgren-chriss spread', spread),
        temporary: numberOf('slippage almgren-chriss temporary', temporary),
        exponent: numberOf('slippage almgren-chriss exponent', exponent),
        permanent: numberOf('slippage almgren-chriss permanent', permanent),
      };
    }
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

/** `--latency`. `root` is the workspace, where recorded ones are kept. */
export const latencyOf = (text: string, root: string): RunConfig['latency'] => {
  const given = keyValues('latency', text);
  if (given.kind === 'recorded') return readLatencyModel(root, given.bare ?? '');
  const { order, cancel, report, feed, sigma } = onlyKeys('latency', given, ['order', 'cancel', 'report', 'feed', 'sigma']);
  const all = given.bare;
  const first = order ?? all;
  if (first === undefined)
    throw usageError(
      'bad-option',
      '--latency needs the time of an order.',
      'For example --latency 100ms or --latency order=100ms,cancel=50ms,report=20ms.',
    );
  const legs = {
    order: parseDuration(first),
    cancel: parseDuration(cancel ?? first),
    report: parseDuration(report ?? all ?? '0ms'),
  };
  if (sigma !== undefined)
    return { kind: 'log-normal', ...legs, feed: parseDuration(feed ?? '0ms'), sigma: numberOf('latency sigma', sigma) };
  return { kind: 'constant', ...legs, ...(feed === undefined ? {} : { feed: parseDuration(feed) }) };
};

/** `--queue`. */
export const queueOf = (text: string): QueueConfig => {
  const given = keyValues('queue', text);
  const kind = oneOf('queue', given.kind ?? given.bare ?? '', ['pessimistic', 'proportional', 'power', 'log']);
  if (kind !== 'power') return { kind };
  const bare = given.kind === undefined ? undefined : given.bare;
  const { exponent = bare } = onlyKeys('queue', given, ['exponent']);
  return { kind, exponent: exponent === undefined ? 3 : numberOf('queue power', exponent) };
};

/** `--symbol-leverage`. */
export const symbolLeverages = (text: string): Record<string, number> =>
  Object.fromEntries(
    text.split(',').map(pair => {
      const at = pair.lastIndexOf('=');
      if (at < 1)
        throw usageError(
          'bad-option',
          `--symbol-leverage has "${pair}", which names no leverage.`,
          'For example --symbol-leverage BTC/USDT:USDT=5,ETH/USDT:USDT=3.',
        );
      return [pair.slice(0, at).trim(), numberOf('symbol-leverage', pair.slice(at + 1))];
    }),
  );

/** `--liquidation`. */
export const liquidationOf = (text: string): MarginOverrides['liquidation'] => {
  const named = keyValues('liquidation', text);
  if (named.bare !== undefined || named.kind !== undefined)
    throw usageError(
      'bad-option',
      `--liquidation has "${text}", which is no key=value.`,
      'For example --liquidation price=mark,fee=0.0125,partial=false.',
    );
  const { price, fee, partial } = onlyKeys('liquidation', named, ['price', 'fee', 'partial']);
  return given({
    price: price === undefined ? undefined : oneOf('liquidation price', price, ['auto', 'mark', 'last']),
    fee: fee === undefined ? undefined : numberOf('liquidation fee', fee),
    partial: partial === undefined ? undefined : oneOf('liquidation partial', partial, ['true', 'false']) === 'true',
  });
};
