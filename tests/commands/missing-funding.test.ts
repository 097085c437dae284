import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Series } from '../../src/datasets/series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { HOUR } from '../../src/time.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SYMBOL = 'BTC/USDT:USDT';
const JAN = Date.UTC(2023, 0, 1);
let root = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--dataset', 'd', '--workspace', root, '--json']);

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const close = (i: number): number => 16_000 + 100 * ((i * 7919) % 13);
  const bars = barsOf(
    Array.from({ length: 31 * 24 }, (_, i) => [JAN + i * HOUR, close(i), close(i) + 50, close(i) - 50, close(i), 1000]),
    SYMBOL,
  );
  const ts = Float64Array.from({ length: 94 }, (_, i) => JAN + i * 8 * HOUR).filter((_, i) => i < 30 || i >= 36);
  const columns = [new Float64Array(ts.length).fill(0.0001), new Float64Array(ts.length).fill(8 * HOUR)];
  const funding: Series = { kind: 'funding', symbol: SYMBOL, rows: ts.length, ts, columns };
  await writeDataset(root, 'd', [imported(bars), imported(funding)]);
});
afterAll(() => remove());

it.each(['backtest', 'walkforward'])('a hole in the funding of a perpetual is an error of a %s, not funding of 0', async verb => {
  const windows = verb === 'walkforward' ? ['--train', '4d', '--test', '2d', '--points', '2'] : [];
  const ran = await at(verb, 'sma-cross', ...windows);
  expect(ran).toMatchObject({ code: 3 });
  expect(ran.err).toContain('BTC/USDT:USDT lacks 6 funding settlements inside the run, between 2023-01-10 16:00 and 2023-01-12 16:00 UTC');
  expect(ran.err).toContain('--from 2023-01-12T08:00Z --to 2023-02-01T00:00Z');
  expect(await at(verb, 'sma-cross', ...windows, '--from', '2023-01-12T08:00Z')).toMatchObject({ code: 0 });
  expect(await at(verb, 'sma-cross', ...windows, '--funding', 'none')).toMatchObject({ code: 0 });
});
