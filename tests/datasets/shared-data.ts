import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Whether the collection of real market data lies beside the checkout. */
export const hasSharedData = existsSync('../shared/data');

/** Columns of one of its files, text as it is. */
export const sharedColumns = (name: string): Record<string, string[]> => {
  const [header = '', ...lines] = gunzipSync(readFileSync(`../shared/data/${name}.csv.gz`))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',');
  const rows = lines.map(line => line.split(','));
  return Object.fromEntries(names.map((column, index) => [column, rows.map(row => row[index] ?? '')]));
};
