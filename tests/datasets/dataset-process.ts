import { openDataset } from '../../src/datasets/catalogue.js';
import { loadSeries } from '../../src/datasets/load-series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { barsOf, imported } from '../arbitraries/series.js';

/** What crash.test.ts runs in a process of its own. */
const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);
const [action, workspace = '', argument = ''] = process.argv.slice(2);
const hours = (from: number, count: number, close: number) =>
  imported(barsOf(Array.from({ length: count }, (_, i) => [JAN + (from + i) * H, close, close, close, close, 1])));

if (action === 'pid') process.stdout.write(String(process.pid));
if (action === 'die')
  await writeDataset(workspace, 'd', [hours(0, 2000, 2)], {
    progress: ({ stage }) => {
      if (stage === argument) process.kill(process.pid, 'SIGKILL');
    },
  });
if (action === 'append') await writeDataset(workspace, 'd', [hours(Number(argument) * 100, 100, 1)]);
if (action === 'read') {
  const chunk = await loadSeries(await openDataset(workspace, 'd'), { symbol: 'BTC/USDT:USDT', kind: 'bars' });
  process.stdout.write(String(chunk.columns[3]?.reduce((sum, close) => sum + close, 0)));
}
