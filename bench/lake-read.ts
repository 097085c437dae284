import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import type { Dataset } from '../src/datasets/catalogue.js';
import { rowsQuery } from '../src/datasets/read-rows.js';
import { openDuckDB } from '../src/duckdb.js';
import { KIND_COLUMNS } from '../src/events/market.js';
import { lakeFeed, minuteLake } from './fixtures/lake.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** What the stream's first consumer costs at least: every value of every column is touched. */
const sumOfFeed = async (lake: Dataset): Promise<{ rows: number; sum: number }> => {
  const feed = await lakeFeed(lake, ['bars']);
  const seen = { rows: 0, sum: 0 };
  const take = tap(({ chunks }: { chunks: readonly { rows: number; columns: readonly Float64Array[] }[] }) => {
    for (const { rows, columns } of chunks) {
      seen.rows += rows;
      for (const column of columns) for (let i = 0; i < rows; i++) seen.sum += column[i] as number;
    }
  });
  await lastValueFrom(feed.slabs$.pipe(take), { defaultValue: null });
  return seen;
};

/** DuckDB's chunks, fetched and dropped: what the reading costs before any value is looked at. */
const fetchOnly = async (lake: Dataset): Promise<number> => {
  const [entry] = lake.entries.filter(({ kind }) => kind === 'bars');
  const paths = (entry?.files ?? []).map(({ path }) => join(lake.folder, path));
  const engine = await openDuckDB();
  try {
    const result = await engine.connection.stream(rowsQuery(paths, KIND_COLUMNS.bars));
    let rows = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return rows;
      rows += chunk.rowCount;
    }
  } finally {
    engine.close();
  }
};

/** Ten million bars from the lake into the hands of a consumer of the stream. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const rows = quick ? 1_000_000 : 10_000_000;
    const lake = await minuteLake(scratch, rows);
    const seen = await sumOfFeed(lake);
    if (seen.rows !== rows || !(seen.sum > 0)) throw new Error(`the feed gave ${seen.rows} rows of ${rows}`);
    const [feed = [], fetched = []] = await interleave([{ run: () => sumOfFeed(lake) }, { run: () => fetchOnly(lake) }], {
      warmups: 1,
      rounds: quick ? 3 : 5,
    });
    return [
      measurement('lake read', rows / median(feed), 'rows/s', {
        timings: feed,
        ratio: ratioOf(feed, fetched),
        of: 'chunks fetched and dropped',
        targets: [{ on: 'value', atLeast: 5e6, text: '≥ 5 million rows/s' }],
      }),
      measurement('lake read: chunks fetched and dropped', rows / median(fetched), 'rows/s', { timings: fetched }),
    ];
  },
};
