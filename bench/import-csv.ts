import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFiles } from '../src/datasets/import/read-files.js';
import { writeDataset } from '../src/datasets/write.js';
import type { Chunk } from '../src/events/market.js';
import { BTC, market } from './fixtures/minute-bars.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const csvOf = ({ rows, ts, columns }: Chunk): string => {
  const lines = ['timestamp,open,high,low,close,volume'];
  for (let i = 0; i < rows; i++) lines.push([ts[i], ...columns.map(column => column[i])].join(','));
  return `${lines.join('\n')}\n`;
};

/** The parser that a programmer in a hurry writes: no checks, no findings, no line numbers. */
const splitAndConvert = async (file: string): Promise<Float64Array> => {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const out = new Float64Array(lines.length * 6);
  for (let i = 1; i < lines.length; i++) {
    const fields = (lines[i] as string).split(',');
    for (let k = 0; k < fields.length; k++) out[i * 6 + k] = Number(fields[k]);
  }
  return out;
};

/** A CSV of minute bars read, checked and written into the lake. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const rows = quick ? 100_000 : 500_000;
    const folder = await mkdtemp(join(scratch, 'import-'));
    const file = join(folder, 'bars.csv');
    try {
      await writeFile(file, csvOf(market(rows).bars));
      const read = () => readFiles([file], { mode: 'report', exchange: 'bybit', symbol: BTC, timeframe: '1m' });
      let written = 0;
      const write = async () => writeDataset(folder, `import-${written++}`, await read());
      const [imported] = await read();
      if (imported?.series.rows !== rows) throw new Error(`the import gave ${imported?.series.rows} rows of ${rows}`);
      const [reading = [], whole = [], naive = []] = await interleave(
        [{ run: read }, { run: write }, { run: () => splitAndConvert(file) }],
        {
          warmups: 1,
          rounds: quick ? 3 : 5,
        },
      );
      const of = 'split and Number';
      return [
        measurement('import: CSV read and checked', rows / median(reading), 'rows/s', {
          timings: reading,
          ratio: ratioOf(reading, naive),
          of,
        }),
        measurement('import: CSV into the lake', rows / median(whole), 'rows/s', { timings: whole, ratio: ratioOf(whole, naive), of }),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
