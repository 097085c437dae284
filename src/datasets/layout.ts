import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';

/** Folder of a workspace that holds its datasets. */
export const datasetsFolder = (workspace: string): string => join(workspace, 'datasets');

/** The sample dataset's home inside the package: at hand in every workspace under the name `sample`. */
export const packagedDatasets = (): string => fileURLToPath(new URL('../../datasets', import.meta.url));

/** Checks a dataset's name: it is a folder name and part of commands. Throws a usage error. */
export const checkDatasetId = (id: string): string => {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(id))
    throw usageError('bad-dataset-name', `"${id}" cannot be the name of a dataset.`, 'Use letters, digits, dots, dashes and underscores.');
  return id;
};

/** Checks the name of a dataset that a user is about to write: `sample` means the data that came along, everywhere. Throws a usage error. */
export const checkOwnDatasetId = (id: string): string => {
  if (id === 'sample')
    throw usageError('reserved-dataset-name', '"sample" is the dataset that comes along; yours would hide it.', 'Choose another name.');
  return checkDatasetId(id);
};

/** A symbol as a folder name, one to one: `BTC/USDT:USDT` → `BTC_USDT+USDT`; what is left over is percent-encoded. */
export const symbolFolder = (symbol: Symbol): string =>
  symbol.replace(/[^A-Za-z0-9-]/gu, character =>
    character === '/'
      ? '_'
      : character === ':'
        ? '+'
        : [...new TextEncoder().encode(character)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

/** Folder of one series relative to its dataset: kind/symbol[/timeframe]. */
export const seriesFolder = (kind: MarketKind, symbol: Symbol, timeframe?: string): string =>
  [kind, symbolFolder(symbol), ...(timeframe === undefined ? [] : [timeframe])].join('/');

/** UTC month of a time, the unit of a lake file: `2024-01`. */
export const monthOf = (ts: number): string => new Date(ts).toISOString().slice(0, 7);

/** First millisecond of the month after the one that holds `ts`. */
export const nextMonth = (ts: number): number => {
  const date = new Date(ts);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
};
