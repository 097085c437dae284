import type { JobRequest } from '../../api/research-api.js';

export const DATA_KINDS = ['pull', 'synth', 'check'] as const;
export type DataKind = (typeof DATA_KINDS)[number];
export const SERIES_KINDS = ['bars', 'funding', 'mark', 'index', 'open-interest'] as const;
export const EXCHANGES = ['binanceusdm', 'bybit', 'practice'] as const;

/** The form as it is typed. */
export interface DataDraft {
  readonly kind: DataKind;
  readonly dataset: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly kinds: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly bars: string;
  readonly seed: string;
  readonly against: string;
}

export const EMPTY_DATA_DRAFT: DataDraft = {
  kind: 'pull',
  dataset: '',
  exchange: 'binanceusdm',
  symbol: 'BTC/USDT:USDT',
  timeframe: '1h',
  kinds: ['bars', 'funding', 'mark'],
  from: '',
  to: '',
  bars: '',
  seed: '',
  against: '',
};

export const DATA_WORDS: Readonly<Record<DataKind, { readonly title: string; readonly button: string; readonly text: string }>> = {
  pull: {
    title: 'Pull data',
    button: 'Pull',
    text: 'Fetches history from an exchange. A pull that was interrupted goes on where it stopped when the same series is pulled again.',
  },
  synth: {
    title: 'Make synthetic data',
    button: 'Make',
    text: 'Prices in which there is nothing to find, or only what is planted. Everything made from it is labelled synthetic.',
  },
  check: {
    title: 'Check data',
    button: 'Check',
    text: 'Every file against its hash, and the data against a second source where one is named.',
  },
};

const NAME = /^\w[\w.@-]*$/;
const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?Z?)?$/;

/** What is wrong, by field; empty where it can begin. */
export const dataFaults = (draft: DataDraft): Readonly<Record<string, string>> => {
  const faults: Record<string, string> = {};
  if (!NAME.test(draft.dataset))
    faults.dataset = draft.kind === 'check' ? 'Choose a dataset' : 'A name of letters, digits, dots and dashes';
  const isWhole = (text: string): boolean => text === '' || /^\d+$/.test(text);
  if (draft.kind === 'check') return faults;
  if (draft.timeframe !== '' && !/^\d+[smhdw]$/.test(draft.timeframe)) faults.timeframe = 'Like 1h or 15m';
  if (draft.kind === 'synth') {
    if (!isWhole(draft.bars) || (draft.bars !== '' && (Number(draft.bars) < 1 || Number(draft.bars) > 1_000_000)))
      faults.bars = 'A whole number from 1 to 1,000,000';
    if (!isWhole(draft.seed)) faults.seed = 'A whole number';
    return faults;
  }
  if (!/^\w+$/.test(draft.exchange)) faults.exchange = 'Choose an exchange';
  if (draft.symbol.trim() === '') faults.symbol = 'Like BTC/USDT:USDT';
  if (draft.kinds.length === 0) faults.kinds = 'Choose one or more';
  if (!DATE.test(draft.from)) faults.from = 'A UTC date like 2024-01-31';
  if (draft.to !== '' && !DATE.test(draft.to)) faults.to = 'A UTC date like 2024-01-31';
  else if (draft.to !== '' && draft.from !== '' && draft.to <= draft.from) faults.to = 'After the beginning';
  return faults;
};

/** The job that a draft without faults asks for. */
export const dataRequest = (draft: DataDraft): JobRequest => {
  const timeframe = draft.timeframe === '' ? {} : { timeframe: draft.timeframe };
  switch (draft.kind) {
    case 'pull':
      return {
        kind: 'pull',
        dataset: draft.dataset,
        exchange: draft.exchange,
        symbol: draft.symbol.trim(),
        ...timeframe,
        kinds: [...draft.kinds],
        from: draft.from,
        ...(draft.to !== '' && { to: draft.to }),
      };
    case 'synth':
      return {
        kind: 'synth',
        dataset: draft.dataset,
        ...(draft.bars !== '' && { bars: Number(draft.bars) }),
        ...timeframe,
        ...(draft.seed !== '' && { seed: Number(draft.seed) }),
      };
    case 'check':
      return { kind: 'check', dataset: draft.dataset, ...(draft.against !== '' && { against: draft.against }) };
  }
};
