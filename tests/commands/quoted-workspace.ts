import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chunk } from '../../src/events/market.js';
import { madeUpMinutes } from '../scenarios/quoted-minutes.js';
import { quantai, type Ran } from './run-quantai.js';

const csv = (
  header: string,
  { rows, ts, columns }: Chunk,
  cells: (row: number, column: (k: number) => number) => readonly (number | string)[],
) => [header, ...Array.from({ length: rows }, (_, row) => [ts[row]!, ...cells(row, k => columns[k]![row]!)].join(','))].join('\n');

/** A workspace with a dataset `quoted` that has a book, quotes, trades and one-second bars of a made-up minute, imported as a user imports them. */
export const quotedWorkspace = async (): Promise<{
  readonly root: string;
  /** A backtest of `examples/touch-quotes.ts` at the last close. As JavaScript, which is not checked for types: that takes seconds. */
  readonly touch: readonly string[];
  readonly at: (...words: string[]) => Promise<Ran>;
  readonly remove: () => Promise<void>;
}> => {
  const root = await mkdtemp(join(tmpdir(), 'quantai-quoted-'));
  const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);
  const { book, trades, quotes } = madeUpMinutes(60);
  const files = {
    book: csv('ts,kind,first_id,last_id,side,price,qty', book, (_, column) => [
      column(3) === 1 ? 'snapshot' : 'update',
      column(5),
      column(5),
      column(0) > 0 ? 'bid' : 'ask',
      column(1),
      column(2),
    ]),
    trades: csv('ts,side,price,qty', trades, (_, column) => [column(2) > 0 ? 'buy' : 'sell', column(0), column(1)]),
    quotes: csv('ts,bid,bid_qty,ask,ask_qty', quotes, (_, column) => [column(0), column(1), column(2), column(3)]),
  };
  const instrument = ['--exchange', 'binance', '--symbol', 'BTC/USDT:USDT', '--tick', '0.1', '--lot', '0.001', '--min-notional', '5'];
  const words: string[][] = [];
  for (const [kind, text] of Object.entries(files)) {
    const file = join(root, `${kind}.csv`);
    await writeFile(file, text);
    words.push(['data', 'import', file, '--kind', kind, '--dataset', 'quoted', ...instrument]);
  }
  for (const each of [...words, ['data', 'bars', 'quoted', '--timeframe', '1s']]) {
    const { code, err } = await at(...each);
    if (code !== 0) throw new Error(`${each.join(' ')}: ${err}`);
  }
  const strategy = join(root, 'touch-quotes.js');
  await copyFile('examples/touch-quotes.ts', strategy);
  const touch = ['backtest', strategy, '--dataset', 'quoted', '--timeframe', '1s', '--funding', 'none', '--param', 'ticks=0'];
  return { root, at, touch, remove: () => rm(root, { recursive: true, force: true }) };
};
