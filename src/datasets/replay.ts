import { Observable } from 'rxjs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openDuckDB, streamDoubles, type DoubleBatch, type DoubleStream, type DuckDB } from '../duckdb.js';
import type { Feed, Slab } from '../events/feed.js';
import { KIND_COLUMNS, PHASE, type Chunk, type MarketKind } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import { bookStart } from './book-start.js';
import { findSeries, type Dataset } from './catalogue.js';
import type { SeriesEntry } from './manifest.js';
import { inputRange, lowerBound, readingEnd, seriesRange, type SeriesRange } from './range.js';
import { rowsQuery } from './read-rows.js';

/** What to replay: bars that open in [warmupFrom ?? from, to), and what else happened in [warmupFrom ?? from, to]: see `readingEnd`. */
export interface DatasetFeedOptions {
  readonly symbols: readonly Symbol[];
  /** Timeframe of the bars; may be left out where the dataset has one. */
  readonly timeframe?: string;
  /** Finer bars to play beside them. */
  readonly finer?: string;
  readonly kinds: readonly MarketKind[];
  /** Kinds that are played for the symbols that have them and not missed for the others. */
  readonly optionalKinds?: readonly MarketKind[];
  readonly from?: number;
  readonly to?: number;
  readonly warmupFrom?: number;
  /** Books are read from the last snapshot before the beginning on, without which they cannot be rebuilt; off by default. */
  readonly booksSinceSnapshot?: boolean;
  /** Rows of all series together that a slab aims at; by default 65,536, or of many series what is fetched of each in one go. Any value gives the same rows in the same order. */
  readonly slabRows?: number;
}

const NO_TIMES: Float64Array = new Float64Array(0);

/** Some of the rows that were fetched in one go. */
interface Piece extends DoubleBatch {
  readonly start: number;
  readonly end: number;
}

const partOf = ({ columns, rows, start, end }: Piece, index: number): Float64Array => {
  const column = columns[index] ?? NO_TIMES;
  return end - start === rows ? column : column.subarray(start, end);
};

/** A column over all pieces: as it is where there is one, else a copy. */
const columnOf = (pieces: readonly Piece[], index: number, rows: number): Float64Array => {
  const [first, ...others] = pieces;
  if (first !== undefined && others.length === 0) return partOf(first, index);
  const joined = new Float64Array(rows);
  let at = 0;
  for (const piece of pieces) {
    joined.set(partOf(piece, index), at);
    at += piece.end - piece.start;
  }
  return joined;
};

/** Rows of one series that are fetched and not yet in a slab. */
class Cursor {
  readonly #batches: DoubleBatch[] = [];
  #offset = 0;
  #rows = 0;
  #lastTs = -Infinity;
  #exhausted = false;

  constructor(
    readonly range: SeriesRange,
    private readonly stream: DoubleStream,
  ) {}

  stop(): Promise<void> {
    return this.stream.stop();
  }

  /** Fetches until `target` rows and two different times are at hand, or the series ends. */
  async fill(target: number): Promise<void> {
    while (!this.#exhausted && (this.#rows < target + 1 || this.#lastTs === this.#firstTs())) {
      const batch = await this.stream.next();
      if (batch === undefined) {
        this.#exhausted = true;
        break;
      }
      const ts = batch.columns[0];
      if (ts === undefined || !((ts[0] ?? NaN) >= this.#lastTs))
        throw new Error(`${this.range.entry.kind} of ${this.range.entry.symbol} are out of time order in ${this.range.paths[0]}`);
      this.#batches.push(batch);
      this.#rows += batch.rows;
      this.#lastTs = ts[batch.rows - 1] ?? NaN;
    }
  }

  #firstTs(): number {
    return this.#batches[0]?.columns[0]?.[this.#offset] ?? -Infinity;
  }

  #tsAt(index: number): number {
    let at = index + this.#offset;
    for (const batch of this.#batches) {
      if (at < batch.rows) return batch.columns[0]?.[at] ?? NaN;
      at -= batch.rows;
    }
    return this.#lastTs;
  }

  /** The time up to which a slab of about `target` rows of this series may go: every row before it is at hand. `isWhole`: it may be a little more or less, so that what was fetched in one go is not cut. */
  horizon(target: number, isWhole: boolean): number {
    if (this.#exhausted && this.#rows <= target) return Infinity;
    const first = this.#firstTs();
    const wanted = isWhole ? (this.#batches.at(-1)?.columns[0]?.[0] ?? NaN) : this.#tsAt(Math.min(target, this.#rows - 1));
    if (wanted > first) return wanted;
    // The whole target is one instant: take all of it, up to the next time that is known.
    for (let i = 0; i < this.#rows; i++) if (this.#tsAt(i) > first) return this.#tsAt(i);
    return this.#exhausted ? Infinity : first;
  }

  /**
   * Takes the rows before `to`, as they were fetched: to join them would cost half as much as reading them. Only what was fetched in the middle of an instant is joined, for a message of an order book is several
   * rows of one time and is applied as one.
   */
  take(to: number): Chunk[] {
    const chunks: Chunk[] = [];
    let pieces: Piece[] = [];
    for (;;) {
      const [batch] = this.#batches;
      if (batch === undefined) break;
      const ts = batch.columns[0] ?? NO_TIMES;
      const start = this.#offset;
      const end = to === Infinity ? batch.rows : lowerBound(ts, batch.rows, to);
      if (end > start) {
        const before = pieces.at(-1);
        if (before !== undefined && before.columns[0]?.[before.end - 1] !== ts[start]) {
          chunks.push(this.#chunk(pieces));
          pieces = [];
        }
        pieces.push({ columns: batch.columns, rows: batch.rows, start, end });
      }
      if (end < batch.rows) {
        this.#offset = Math.max(start, end);
        break;
      }
      this.#batches.shift();
      this.#offset = 0;
    }
    if (pieces.length > 0) chunks.push(this.#chunk(pieces));
    return chunks;
  }

  #chunk(pieces: readonly Piece[]): Chunk {
    const rows = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#rows -= rows;
    const { kind, symbol, timeframe } = this.range.entry;
    const columns = KIND_COLUMNS[kind].map((_, index) => columnOf(pieces, index + 1, rows));
    return { kind, symbol, ...(timeframe === undefined ? {} : { timeframe }), rows, ts: columnOf(pieces, 0, rows), columns };
  }
}

const selectEntries = (dataset: Dataset, { symbols, kinds, optionalKinds = [], timeframe, finer }: DatasetFeedOptions): SeriesEntry[] => {
  const byPhase = [...new Set([...kinds, ...optionalKinds])].sort((a, b) => PHASE[a] - PHASE[b]);
  const entries: SeriesEntry[] = [];
  for (const kind of byPhase)
    for (const symbol of [...new Set(symbols)].sort()) {
      const optional = !kinds.includes(kind) && !dataset.entries.some(entry => entry.symbol === symbol && entry.kind === kind);
      if (!optional) entries.push(findSeries(dataset, { symbol, kind, timeframe }));
      if (kind === 'bars' && finer !== undefined) entries.push(findSeries(dataset, { symbol, kind, timeframe: finer }));
    }
  return entries;
};

const openCursor = async (engine: DuckDB, range: SeriesRange, bufferBytes: number): Promise<Cursor> => {
  const connection: DuckDBConnection = await engine.connect();
  await connection.run(`SET streaming_buffer_size = '${bufferBytes} bytes'`);
  return new Cursor(range, await streamDoubles(connection, rowsQuery(range.paths, KIND_COLUMNS[range.entry.kind], range.from, range.to)));
};

const DEFAULT_SLAB_ROWS = 65_536;

/** Rows that DuckDB hands over in one go. */
const BATCH_ROWS = 2_048;

/** What DuckDB may decode ahead, over all series. Eight megabytes read a third faster than its own one, and more gains nothing. */
const READ_AHEAD_BYTES = 8 << 20;

async function* slabs(ranges: readonly SeriesRange[], slabRows: number | undefined): AsyncGenerator<Slab> {
  const engine = await openDuckDB();
  const cursors: Cursor[] = [];
  const bufferBytes = Math.max(READ_AHEAD_BYTES >> 4, Math.floor(READ_AHEAD_BYTES / Math.max(1, ranges.length)));
  try {
    for (const range of ranges) if (range.rows > 0) cursors.push(await openCursor(engine, range, bufferBytes));
    const isWhole = slabRows === undefined;
    const target = Math.max(isWhole ? BATCH_ROWS : 1, Math.ceil((slabRows ?? DEFAULT_SLAB_ROWS) / Math.max(1, cursors.length)));
    for (;;) {
      for (const cursor of cursors) await cursor.fill(target);
      const to = cursors.reduce((least, cursor) => Math.min(least, cursor.horizon(target, isWhole)), Infinity);
      const chunks: Chunk[] = [];
      for (const cursor of cursors) chunks.push(...cursor.take(to));
      yield { to, chunks };
      if (to === Infinity) return;
    }
  } finally {
    for (const cursor of cursors) await cursor.stop();
    engine.close();
  }
}

/**
 * Plays a dataset as a feed: each series is a streaming query, cut into slabs aligned in time, so that memory stays flat however long the
 * history is. The next slab is fetched while the engine works on the last. Chunks of a slab are in the order of an instant: by kind, then symbol.
 * `inputs` are exact: rows, first and last time of every series that will be read. Throws usage errors for series that the dataset lacks.
 */
export const datasetFeed = async (dataset: Dataset, options: DatasetFeedOptions): Promise<Feed> => {
  const from = options.warmupFrom ?? options.from ?? -Infinity;
  const to = options.to ?? Infinity;
  const entries = selectEntries(dataset, options);
  const engine = await openDuckDB();
  const ranges: SeriesRange[] = [];
  try {
    for (const entry of entries) {
      const early = entry.kind === 'book' && options.booksSinceSnapshot === true;
      const start = early ? await bookStart(engine.connection, dataset, entry, from) : from;
      ranges.push(await seriesRange(engine.connection, dataset, entry, start, readingEnd(entry.kind, to)));
    }
  } finally {
    engine.close();
  }
  return {
    inputs: ranges.map(range => inputRange(dataset, range)),
    slabs$: new Observable<Slab>(subscriber => {
      const source = slabs(ranges, options.slabRows);
      const pump = async (): Promise<void> => {
        let pending = source.next();
        for (;;) {
          const { done, value } = await pending;
          if (done || subscriber.closed) break;
          if (value.to !== Infinity) {
            pending = source.next();
            pending.catch(() => undefined);
          } else pending = Promise.resolve({ done: true, value: undefined });
          subscriber.next(value);
        }
        await source.return(undefined);
      };
      pump().then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
    }),
  };
};
