import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Series } from '../../src/datasets/series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { HOUR } from '../../src/time.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const [AAVE, BTC] = ['AAVE/USDT:USDT', 'BTC/USDT:USDT'] as const;
const JAN = Date.UTC(2023, 0, 1);
let root = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root, '--json']);
const run = (verb: string, strategy: string, dataset: string, ...words: string[]): Promise<Ran> =>
  at(verb, strategy, '--dataset', dataset, '--venue', 'bybit', ...words);

/** Hours of January that go up and down, from its `first` one. */
const hours = (symbol: string, first = 0): Series => {
  const close = (i: number): number => 16_000 + 100 * ((i * 7919) % 13);
  const row = (i: number): number[] => [JAN + i * HOUR, close(i), close(i) + 50, close(i) - 50, close(i), 1000];
  return barsOf(
    Array.from({ length: 31 * 24 - first }, (_, i) => row(first + i)),
    symbol,
  );
};
/** Funding every eight hours, from midnight to midnight, but for some. */
const settlements = (symbol: string, keeps: (k: number) => boolean = () => true): Series => {
  const ts = Float64Array.from({ length: 94 }, (_, k) => JAN + k * 8 * HOUR).filter((_, k) => keeps(k));
  const columns = [new Float64Array(ts.length).fill(0.0001), new Float64Array(ts.length).fill(8 * HOUR)];
  return { kind: 'funding', symbol, rows: ts.length, ts, columns };
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const holed = [hours(BTC), settlements(BTC, k => k < 30 || k >= 36)];
  const later = [hours(AAVE, 240), settlements(AAVE), hours(BTC), settlements(BTC)];
  await writeDataset(
    root,
    'holed',
    holed.map(each => imported(each)),
  );
  await writeDataset(
    root,
    'later',
    later.map(each => imported(each)),
  );
  const always = `import { defineStrategy, target } from 'quantai-trad';
export default defineStrategy({ name: 'always', params: {}, decide: bar => target(bar.symbol, 0.4) });`;
  await writeFile(join(root, 'always.js'), always);
});
afterAll(() => remove());

describe('funding inside the window', () => {
  it.each(['backtest', 'walkforward'])('with a hole is an error of a %s, not funding of 0', async verb => {
    const windows = verb === 'walkforward' ? ['--train', '4d', '--test', '2d', '--points', '2'] : [];
    const ran = await run(verb, 'sma-cross', 'holed', ...windows);
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.err).toContain(
      'BTC/USDT:USDT lacks 6 funding settlements inside the run, between 2023-01-10 16:00 and 2023-01-13 00:00 UTC',
    );
    expect(ran.err).toContain('--from 2023-01-12T16:00Z --to 2023-02-01T00:00Z');
    expect(await run(verb, 'sma-cross', 'holed', ...windows, '--from', '2023-01-12T16:00Z')).toMatchObject({ code: 0 });
    expect(await run(verb, 'sma-cross', 'holed', ...windows, '--funding', 'none')).toMatchObject({ code: 0 });
  });

  it.each(['backtest', 'walkforward'])('is charged up to the last close of a %s, the one at its very moment included', async verb => {
    const windows = verb === 'walkforward' ? ['--train', '4d', '--test', '2d', '--min-trades', '0', '--workers', '1'] : [];
    const { code, out, err } = await run(verb, join(root, 'always.js'), 'later', '--symbols', BTC, '--to', '2023-01-11', ...windows);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const { runId } = JSON.parse(out) as { runId: string };
    const { out: answer } = await at(
      'sql',
      `SELECT count(*)::DOUBLE, max(epoch_ms(ts))::DOUBLE FROM funding_payments WHERE run_id = '${runId}'`,
    );
    // Three a day; held from the first bar's close, so not the one at the first midnight.
    const days = verb === 'walkforward' ? 6 : 10;
    expect((JSON.parse(answer) as { rows: unknown }).rows).toEqual([[3 * days, Date.UTC(2023, 0, 11)]]);
  });
});

it('a symbol that was listed during the run does not keep its report from being drawn', async () => {
  const { code, err } = await run('backtest', join(root, 'always.js'), 'later');
  expect({ code, err }).toEqual({ code: 0, err: '' });
});
