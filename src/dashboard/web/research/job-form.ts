import type { JobRequest, StrategyLine } from '../../api/research-api.js';
import { count } from '../parts/figures.js';

/** Work on a strategy that the form of the Research page begins. */
export const RESEARCH_KINDS = ['backtest', 'walkforward', 'sweep', 'friction', 'train'] as const;
export type ResearchKind = (typeof RESEARCH_KINDS)[number];

/** What each kind is for, in one sentence. */
export const KIND_TEXT: Readonly<Record<ResearchKind, string>> = {
  backtest: 'One pass over the history with fixed parameters.',
  walkforward: 'Chooses parameters on the past and tests them on what came after, window by window.',
  sweep: 'Tries many parameters over the same history. What it finds is in sample.',
  friction: 'How much fee, slippage and delay the profit bears.',
  train: 'Trains the models on the newest data and saves them as a set.',
};

/** The form as it is typed: every field is text, as in the inputs. */
export interface JobDraft {
  readonly kind: ResearchKind;
  readonly strategy: string;
  readonly dataset: string;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly from: string;
  readonly to: string;
  readonly seed: string;
  readonly params: Readonly<Record<string, string>>;
  /** `name=value`, one a line, for a strategy whose parameters are not known. */
  readonly more: string;
  readonly train: string;
  readonly test: string;
  readonly purge: string;
  readonly search: string;
  readonly points: string;
  readonly trials: string;
}

export const EMPTY_DRAFT: JobDraft = {
  kind: 'backtest',
  strategy: '',
  dataset: '',
  symbols: [],
  timeframe: '',
  from: '',
  to: '',
  seed: '',
  params: {},
  more: '',
  train: '',
  test: '',
  purge: '',
  search: '',
  points: '',
  trials: '',
};

type Param = StrategyLine['params'][number];
/** Words under the fields that are wrong, by the field's name; parameters as `param.fast`. */
export type DraftFaults = Readonly<Record<string, string>>;

const DURATION = /^\d+(\.\d+)?[smhdw]$/;
const TIMEFRAME = /^\d+[smhdw]$/;
const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?Z?)?$/;

/** What is wrong with the text of a parameter; null where it is fine. Empty is the default. */
export const paramFault = ({ kind, min, max, values }: Param, typed: string): string | null => {
  const text = typed.trim();
  if (text === '') return null;
  if (kind === 'bool') return text === 'true' || text === 'false' ? null : 'true or false';
  if (kind === 'choice') return values === undefined || values.includes(text) ? null : `One of ${values.join(', ')}`;
  const value = Number(text);
  if (!Number.isFinite(value)) return 'A number';
  if (kind === 'int' && !Number.isInteger(value)) return 'A whole number';
  if (min !== null && value < min) return `${min} or more`;
  return max !== null && value > max ? `${max} or less` : null;
};

const valueOf = ({ kind }: Param, text: string): number | boolean | string =>
  kind === 'bool' ? text === 'true' : kind === 'int' || kind === 'float' ? Number(text) : text;

const LINE = /^(\w+)\s*=\s*(\S.*)$/;

const lines = (more: string): readonly string[] =>
  more
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');

/** A value as the command line would read it: a number, true or false, else text. */
const guessed = (text: string): number | boolean | string => {
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isFinite(Number(text)) ? Number(text) : text;
};

/** Every fault of a draft; empty where it can begin. */
export const draftFaults = (draft: JobDraft, params: readonly Param[]): DraftFaults => {
  const faults: Record<string, string> = {};
  const says = (field: string, fault: string | false | null): void => {
    if (fault !== null && fault !== false) faults[field] = fault;
  };
  says('strategy', draft.strategy === '' && 'Choose a strategy');
  says('dataset', draft.dataset === '' && 'Choose a dataset');
  for (const field of ['from', 'to'] as const) says(field, draft[field] !== '' && !DATE.test(draft[field]) && 'A UTC date like 2024-01-31');
  says('to', draft.from !== '' && draft.to !== '' && faults.to === undefined && draft.to <= draft.from && 'After the beginning');
  says('timeframe', draft.timeframe !== '' && !TIMEFRAME.test(draft.timeframe) && 'Like 1h or 15m');
  says('seed', draft.seed !== '' && !/^\d+$/.test(draft.seed) && 'A whole number from 0');
  const shown = fieldsOf(draft.kind);
  for (const field of ['train', 'test', 'purge'] as const)
    says(field, shown.has(field) && draft[field] !== '' && !DURATION.test(draft[field]) && 'A duration like 90d');
  const whole = (field: 'points' | 'trials', most: number): void =>
    says(
      field,
      shown.has(field) && draft[field] !== '' && !(/^\d+$/.test(draft[field]) && Number(draft[field]) >= 1 && Number(draft[field]) <= most)
        ? `A whole number from 1 to ${count(most)}`
        : null,
    );
  whole('points', 1000);
  whole('trials', 100_000);
  says('more', lines(draft.more).some(line => !LINE.test(line) || line.length > 100) && 'One a line, like fast=20');
  for (const param of params) says(`param.${param.name}`, paramFault(param, draft.params[param.name] ?? ''));
  return faults;
};

/** Which fields a kind has beyond strategy, data, window and parameters. */
export const fieldsOf = (kind: ResearchKind): ReadonlySet<'train' | 'test' | 'purge' | 'search' | 'points' | 'trials'> =>
  new Set(
    kind === 'walkforward'
      ? (['train', 'test', 'purge', 'points', 'trials'] as const)
      : kind === 'sweep'
        ? (['search', 'points', 'trials'] as const)
        : [],
  );

/** The request that a draft without faults makes: what was left empty is left out, so that the workspace's own settings count. */
export const jobRequest = (draft: JobDraft, params: readonly Param[]): JobRequest => {
  const free = lines(draft.more).flatMap(line => {
    const [, name, text] = LINE.exec(line) ?? [];
    return name === undefined || text === undefined ? [] : [[name, guessed(text.trim())] as const];
  });
  const named = Object.fromEntries([
    ...free,
    ...params.flatMap(param => {
      const text = (draft.params[param.name] ?? '').trim();
      return text === '' ? [] : [[param.name, valueOf(param, text)] as const];
    }),
  ]);
  const common = {
    strategy: draft.strategy,
    dataset: draft.dataset,
    symbols: [...draft.symbols],
    ...(draft.timeframe !== '' && { timeframe: draft.timeframe }),
    // A training looks back from its end as far as its recipe says.
    ...(draft.from !== '' && draft.kind !== 'train' && { from: draft.from }),
    ...(draft.to !== '' && { to: draft.to }),
    ...(draft.seed !== '' && { seed: Number(draft.seed) }),
    params: named,
  };
  const counted = {
    ...(draft.points !== '' && { points: Number(draft.points) }),
    ...(draft.trials !== '' && { trials: Number(draft.trials) }),
  };
  if (draft.kind === 'walkforward')
    return {
      kind: 'walkforward',
      ...common,
      ...(draft.train !== '' && { train: draft.train }),
      ...(draft.test !== '' && { test: draft.test }),
      ...(draft.purge !== '' && { purge: draft.purge }),
      ...counted,
    };
  if (draft.kind === 'sweep') {
    const search = SEARCHES.find(each => each === draft.search);
    return { kind: 'sweep', ...common, ...(search !== undefined && { search }), ...counted };
  }
  return { kind: draft.kind, ...common };
};

export const SEARCHES = ['grid', 'random', 'tpe', 'cma-es'] as const;
