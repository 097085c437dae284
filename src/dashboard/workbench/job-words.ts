import { usageError } from '../../errors.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { JobRequest } from '../api/research-api.js';
import { strategyReference } from './strategy-reference.js';

type Value = string | number | boolean | undefined;

/** `--name=value`, so that no value is taken for an option; nothing for what is left out. */
const option = (name: string, value: Value): readonly string[] => (value === undefined || value === '' ? [] : [`--${name}=${value}`]);

const list = (name: string, values: readonly string[]): readonly string[] => {
  const odd = values.find(value => value.includes(','));
  if (odd !== undefined) throw usageError('bad-name', `"${odd}" has a comma, which separates names.`, 'Give the names one by one.');
  return option(name, values.length === 0 ? undefined : values.join(','));
};

type Researched = Extract<JobRequest, { kind: 'backtest' }>;

const researched = (
  workspace: string,
  { strategy, dataset, symbols, timeframe, from, to, seed, params }: Omit<Researched, 'kind'>,
): readonly string[] => [
  strategyReference(workspace, strategy),
  ...option('dataset', dataset),
  ...list('symbols', symbols),
  ...option('timeframe', timeframe),
  ...option('from', from),
  ...option('to', to),
  ...option('seed', seed),
  ...Object.entries(params).map(([name, value]) => `--param=${name}=${value}`),
];

/** Where synthetic data begins, and its bars, where nothing is said. */
const SYNTH_FROM = Date.UTC(2022, 0, 1);
const SYNTH_TIMEFRAME = '1h';

const synthEnd = (bars: number | undefined, timeframe = SYNTH_TIMEFRAME): string | undefined =>
  bars === undefined ? undefined : new Date(SYNTH_FROM + bars * timeframeMs(timeframe)).toISOString();

/** A job as words of the command line, without who begins it and where. Throws usage errors for what cannot be one. */
export const jobWords = (workspace: string, request: JobRequest): readonly string[] => {
  switch (request.kind) {
    case 'backtest':
    case 'friction':
      return [request.kind, ...researched(workspace, request)];
    case 'train':
      if (request.from !== undefined)
        throw usageError(
          'no-start',
          'Training looks back from its end as far as its recipe says.',
          'Leave the start out, and name the end.',
        );
      return [request.kind, ...researched(workspace, request)];
    case 'walkforward':
      return [
        request.kind,
        ...researched(workspace, request),
        ...option('train', request.train),
        ...option('test', request.test),
        ...option('purge', request.purge),
        ...option('points', request.points),
        ...option('trials', request.trials),
      ];
    case 'sweep':
      return [
        request.kind,
        ...researched(workspace, request),
        ...option('search', request.search),
        ...option('points', request.points),
        ...option('trials', request.trials),
      ];
    case 'evidence':
      return ['evidence', request.run];
    case 'pull':
      if (request.from === undefined)
        throw usageError('no-start', 'It is not said from when on to pull.', 'Name a first day, e.g. 2024-01-01.');
      return [
        'data',
        'pull',
        ...option('dataset', request.dataset),
        ...option('venue', request.exchange),
        ...list('symbols', [request.symbol]),
        ...option('timeframe', request.timeframe),
        ...option('from', request.from),
        ...option('to', request.to),
        ...list('kind', request.kinds),
        // What an interrupted pull had got is used; where there was none it changes nothing.
        '--resume',
      ];
    case 'synth':
      return [
        'data',
        'synth',
        ...option('dataset', request.dataset),
        ...option('timeframe', request.timeframe),
        ...option('to', synthEnd(request.bars, request.timeframe)),
        ...option('seed', request.seed),
      ];
    case 'check':
      return ['data', 'check', request.dataset, ...option('against', request.against)];
    case 'parity':
      return ['parity', request.account];
  }
};

/** What a job is, in a few words: `sma-cross on sample`. */
export const jobTitle = (request: JobRequest): string => {
  switch (request.kind) {
    case 'evidence':
      return request.run;
    case 'pull':
      return `${request.symbol} from ${request.exchange} into ${request.dataset}`;
    case 'synth':
      return request.dataset;
    case 'check':
      return request.against === undefined ? request.dataset : `${request.dataset} against ${request.against}`;
    case 'parity':
      return request.account;
    default:
      return `${request.strategy} on ${request.dataset}`;
  }
};

const PLAIN = /^[\w./:=@+,-]+$/;

/** Words as a person would type them. */
export const typedCommand = (words: readonly string[]): string =>
  ['quantai', ...words.map(word => (PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))].join(' ');
