import { describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/datasets/catalogue.js';
import { loadAllSeries, loadCloses } from '../../src/datasets/load-series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { inWorkspace } from './workspace.js';

// Files are flushed to disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);

describe('the closes of some symbols', () => {
  it('are those of their bars, each at the time of its close', async () => {
    await inWorkspace(async workspace => {
      const symbols = ['A/B:B', 'C/B:B', 'D/B:B'];
      const series = symbols.map((symbol, k) =>
        barsOf(
          Array.from({ length: 3000 }, (_, i) => [JAN + i * H, 1, 2, 0.5, 1000 * k + i, i]),
          symbol,
        ),
      );
      await writeDataset(
        workspace,
        'd',
        series.map(each => imported(each)),
      );
      const dataset = await openDataset(workspace, 'd');
      const [from, to] = [JAN + 100 * H, JAN + 2900 * H];
      const closes = await loadCloses(dataset, [symbols[2]!, symbols[0]!], '1h', from, to);
      expect([...closes.keys()]).toEqual([symbols[2], symbols[0]]);
      for (const [symbol, { ts, close }] of closes) {
        const [loaded] = await loadAllSeries(dataset, [{ symbol, kind: 'bars', from, to }]);
        expect(ts).toEqual(loaded!.chunk.ts.map(open => open + H));
        expect(close).toEqual(loaded!.chunk.columns[3]);
      }
      await expect(loadCloses(dataset, ['X/B:B'], '1h', from, to)).rejects.toMatchObject({ code: 'unknown-symbol' });
      expect((await loadCloses(dataset, [symbols[0]!], '1h', to + 1000 * H, Infinity)).get(symbols[0]!)?.ts.length).toBe(0);
    });
  });
});
