import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Series } from '../../src/datasets/series.js';
import { writeDataset } from '../../src/datasets/write.js';
import { barsOf, imported } from '../arbitraries/series.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const [BTC, ETH] = ['BTC/USDT:USDT', 'ETH/USDT:USDT'] as const;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const JAN = Date.UTC(2023, 0, 1);

let root = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
const fine = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await at(...words);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return out;
};
const strategy = async (name: string, body: string): Promise<string> => {
  const file = join(root, `${name}.js`);
  await writeFile(
    file,
    `import { NEVER } from 'rxjs';\nimport { bars, defineStrategy, target } from 'quantai-trad';\nexport default defineStrategy({ name: '${name}', params: {}, ${body} });\n`,
  );
  return file;
};
/** A month of hours that go up and down, and its funding every eight hours. */
const hours = (symbol: string): Series =>
  barsOf(
    Array.from({ length: 31 * 24 }, (_, i) => {
      const close = 16_000 + 100 * ((i * 7919) % 13) + (symbol === BTC ? i : -i);
      return [JAN + i * HOUR, close, close + 50, close - 50, close, 1000];
    }),
    symbol,
  );
const settlements = (symbol: string): Series => {
  const ts = Float64Array.from({ length: 93 }, (_, i) => JAN + i * 8 * HOUR);
  return { kind: 'funding', symbol, rows: 93, ts, columns: [new Float64Array(93).fill(0.0001), new Float64Array(93).fill(8 * HOUR)] };
};
const run = async (file: string, ...words: string[]): Promise<string> =>
  (JSON.parse(await fine('backtest', file, '--dataset', 'noise', '--venue', 'bybit', '--json', ...words)) as { runId: string }).runId;
const kindsOf = async (runId: string): Promise<string[]> => {
  const { inputs } = JSON.parse(await readFile(join(root, 'reports', runId, 'manifest.json'), 'utf8')) as {
    inputs: { kind: string; symbol: string }[];
  };
  return [...new Set(inputs.map(({ kind, symbol }) => `${kind} ${symbol.split('/')[0]}`))].sort();
};
const notesOf = async (runId: string): Promise<string[]> => {
  const query = `SELECT message FROM logs WHERE run_id = '${runId}' AND source = 'NoteWritten' ORDER BY ts`;
  return (JSON.parse(await fine('sql', query, '--json')) as { rows: string[][] }).rows.flat();
};

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const trades: Series = {
    kind: 'trades',
    symbol: BTC,
    rows: 30,
    ts: Float64Array.from({ length: 30 }, (_, i) => JAN + i * DAY + 1000),
    columns: [Float64Array.from({ length: 30 }, (_, i) => 16_000 + i), new Float64Array(30).fill(0.5), new Float64Array(30).fill(1)],
  };
  // ETH is listed on the 11th and gone on the 21st.
  const universe: Series = {
    kind: 'universe',
    symbol: ETH,
    rows: 2,
    ts: Float64Array.of(JAN + 10 * DAY, JAN + 20 * DAY),
    columns: [Float64Array.of(1, 0)],
  };
  const series = [...[BTC, ETH].flatMap(symbol => [hours(symbol), settlements(symbol)]), trades, universe];
  await writeDataset(
    root,
    'noise',
    series.map(each => imported(each)),
  );
});
afterAll(() => remove());

describe('what a run reads beside bars', () => {
  it('is universe membership always: nobody trades what was delisted', async () => {
    const file = await strategy(
      'members',
      `decide: (bar, _, { universe, note, memory }) => {
         const now = universe.join(' ');
         if (memory.last !== now) note(now);
         memory.last = now;
         return target(bar.symbol, bar.ts % (2 * 3600000) === 0 ? 0.4 : 0);
       }, memory: () => ({ last: '' })`,
    );
    const runId = await run(file);
    expect(await kindsOf(runId)).toEqual(['bars BTC', 'bars ETH', 'funding BTC', 'funding ETH', 'universe ETH']);
    expect((await notesOf(runId)).at(-1)).toBe(BTC);
    const query = `SELECT max(submitted_ts) < '2023-01-21 00:00' FROM orders WHERE run_id = '${runId}' AND symbol = '${ETH}'`;
    expect((JSON.parse(await fine('sql', query, '--json')) as { rows: unknown }).rows).toEqual([[true]]);
    await fine('verify', 'replay', runId);
    await fine('verify', 'journal', runId);
    await fine('verify', 'fingerprint', runId);
  });

  it('is trades where the strategy needs them, and not otherwise', async () => {
    const body = (needs: string): string =>
      `${needs} run: ({ trades$, context }) => { trades$.subscribe(trade => context.note('trade at ' + trade.price)); return NEVER; }`;
    const waiting = await strategy('waiting', body(''));
    const asking = await strategy(
      'asking',
      body(
        `needs: ({ universe, timeframe }) => [bars(universe, timeframe), { kind: 'trades', symbols: ['${BTC}'], timeframe, warmup: 0 }],`,
      ),
    );
    const plain = await run(waiting, '--symbols', BTC);
    expect(await kindsOf(plain)).toEqual(['bars BTC', 'funding BTC']);
    expect(await notesOf(plain)).toEqual([]);
    const needing = await run(asking, '--symbols', BTC);
    expect(await kindsOf(needing)).toEqual(['bars BTC', 'funding BTC', 'trades BTC']);
    expect(await notesOf(needing)).toEqual(Array.from({ length: 30 }, (_, i) => `trade at ${16_000 + i}`));
    await fine('verify', 'replay', needing);
  });

  it('is funding for a strategy that needs it, also when none is charged', async () => {
    const file = await strategy(
      'carry',
      `needs: ({ universe, timeframe }) => [bars(universe, timeframe), { kind: 'funding', symbols: universe, timeframe, warmup: 0 }], decide: () => undefined`,
    );
    expect(await kindsOf(await run(file, '--symbols', BTC, '--funding', 'none'))).toEqual(['bars BTC', 'funding BTC']);
  });

  it('is an error where the strategy needs what the dataset lacks: silence would look like a strategy that does not trade', async () => {
    const file = await strategy(
      'quoted',
      `needs: ({ universe, timeframe }) => [bars(universe, timeframe), { kind: 'quotes', symbols: universe, timeframe, warmup: 0 }], decide: () => undefined`,
    );
    const ran = await at('backtest', file, '--dataset', 'noise', '--venue', 'bybit');
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/has no quotes of BTC/);
  });

  it('is the same for a walk-forward', async () => {
    const windows = ['--train', '10d', '--test', '10d', '--points', '2', '--min-trades', '0', '--workers', '1'];
    const { runId } = JSON.parse(
      await fine('walkforward', 'sma-cross', '--dataset', 'noise', '--venue', 'bybit', '--json', ...windows),
    ) as { runId: string };
    expect(await kindsOf(runId)).toContain('universe ETH');
    await fine('verify', 'fingerprint', runId, '--workers', '1');
  });
});
