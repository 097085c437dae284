import { join } from 'node:path';
import type { Dataset } from '../../datasets/catalogue.js';
import { openDuckDB, sqlList } from '../../duckdb.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { DatasetView } from '../api/data-api.js';

type Gap = DatasetView['gaps'][number];

/** More than a page lists; the longest are kept. */
const MOST = 500;

/** Stretches without bars, computed from the bars themselves, by series and time. */
export const datasetGaps = async ({ folder, entries }: Dataset): Promise<Gap[]> => {
  const engine = await openDuckDB({ threads: 2, memoryLimit: '1GB', readOnlyRoot: folder });
  try {
    const gaps: Gap[] = [];
    for (const { kind, symbol, timeframe, files } of entries) {
      if (kind !== 'bars' || timeframe === undefined) continue;
      const step = timeframeMs(timeframe);
      const result = await engine.connection.runAndReadAll(
        `SELECT ts + ${step} AS "from", next AS "to", round((next - ts) / ${step}) - 1 AS bars
         FROM (SELECT ts, lead(ts) OVER (ORDER BY ts) AS next FROM read_parquet(${sqlList(files.map(({ path }) => join(folder, path)))}))
         WHERE next - ts > ${step} ORDER BY bars DESC, ts LIMIT ${MOST}`,
      );
      gaps.push(
        ...result.getRows().map(([from, to, bars]) => ({ symbol, timeframe, from: Number(from), to: Number(to), bars: Number(bars) })),
      );
    }
    return gaps.length <= MOST ? gaps : gaps.sort((a, b) => b.bars - a.bars).slice(0, MOST);
  } finally {
    engine.close();
  }
};
