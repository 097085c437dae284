import { openDuckDB } from '../duckdb.js';
import type { InputRange } from '../events/feed.js';
import { KIND_COLUMNS, type Chunk } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { findSeries, type Dataset, type SeriesName } from './catalogue.js';
import { inputRange, seriesRange } from './range.js';
import { readRows } from './read-rows.js';

/** Which rows of which series: `ts` (for bars the open) in [from, to); everything by default. */
export interface SeriesSelection extends SeriesName {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** A series in memory and the record of what was read. */
export interface LoadedSeries {
  readonly chunk: Chunk;
  readonly input: InputRange;
}

/**
 * Loads several series whole, by column, for work that reads the same data many times (sweeps, features). `shared` puts the columns on
 * SharedArrayBuffers, which workers read without a copy. Throws usage errors as `findSeries` does.
 */
export const loadAllSeries = async (
  dataset: Dataset,
  selections: readonly SeriesSelection[],
  { shared = false }: { readonly shared?: boolean } = {},
): Promise<readonly LoadedSeries[]> => {
  const entries = selections.map(selection => findSeries(dataset, selection));
  const engine = await openDuckDB();
  try {
    const loaded: LoadedSeries[] = [];
    for (const [index, entry] of entries.entries()) {
      const { from = -Infinity, to = Infinity } = selections[index] ?? {};
      const range = await seriesRange(engine.connection, dataset, entry, from, to);
      const rows = await readRows(engine.connection, range.paths, KIND_COLUMNS[entry.kind], range.rows, { from, to, shared });
      const { kind, symbol, timeframe } = entry;
      const chunk: Chunk = { kind, symbol, ...(timeframe === undefined ? {} : { timeframe }), ...rows };
      loaded.push({ chunk, input: inputRange(dataset, range) });
    }
    return loaded;
  } finally {
    engine.close();
  }
};

/** Closing prices of a symbol, each at the time of its close. */
export interface LoadedCloses {
  readonly ts: Float64Array;
  readonly close: Float64Array;
}

/** Loads the closes of these symbols' bars that open in [from, to), and nothing else of them. Throws usage errors as `findSeries` does. */
export const loadCloses = async (
  dataset: Dataset,
  symbols: readonly Symbol[],
  timeframe: string,
  from: number,
  to: number,
): Promise<ReadonlyMap<Symbol, LoadedCloses>> => {
  const ms = timeframeMs(timeframe);
  const engine = await openDuckDB();
  try {
    const loaded = new Map<Symbol, LoadedCloses>();
    for (const symbol of symbols) {
      const range = await seriesRange(engine.connection, dataset, findSeries(dataset, { symbol, kind: 'bars', timeframe }), from, to);
      const { ts, columns } = await readRows(engine.connection, range.paths, ['close'], range.rows, { from, to });
      for (let i = 0; i < ts.length; i++) ts[i] = (ts[i] as number) + ms;
      loaded.set(symbol, { ts, close: columns[0] ?? new Float64Array() });
    }
    return loaded;
  } finally {
    engine.close();
  }
};

/** Loads one series whole, by column. See `loadAllSeries`. */
export const loadSeries = async (
  dataset: Dataset,
  selection: SeriesSelection,
  options: { readonly shared?: boolean } = {},
): Promise<Chunk> => {
  const [loaded] = await loadAllSeries(dataset, [selection], options);
  if (loaded === undefined) throw new Error('one selection gives one series');
  return loaded.chunk;
};
