import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/datasets/catalogue.js';
import { exportSeries } from '../../src/datasets/export.js';
import { readFiles } from '../../src/datasets/import/read-files.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import { writeDataset } from '../../src/datasets/write.js';
import type { MarketKind } from '../../src/events/market.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

describe('what was exported can be imported', () => {
  for (const format of ['csv', 'csv.gz', 'ndjson', 'parquet'])
    it(`from ${format}: bars, funding and mark of the sample come back bit for bit`, async () => {
      await inWorkspace(async workspace => {
        const sample = await openDataset(resolve('.'), 'sample');
        const symbol = 'ETH/USDT:USDT';
        const to = Date.UTC(2023, 2, 1);
        const kinds: MarketKind[] = ['bars', 'funding', 'mark'];
        for (const kind of kinds) {
          const path = join(workspace, `${kind}.${format}`);
          await exportSeries(sample, { symbol, kind, to }, path);
          const imported = await readFiles([path], {
            mode: 'report',
            exchange: 'synthetic',
            symbol,
            kind,
            ...(kind === 'bars' ? { timeframe: '1h' } : {}),
          });
          await writeDataset(workspace, 'again', imported);
          const again = await loadSeries(await openDataset(workspace, 'again'), { symbol, kind });
          expect(again).toEqual(await loadSeries(sample, { symbol, kind, to }));
        }
      });
    });
});
