import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountDocument, finalAccount } from '../../src/commands/final-account.js';
import { RunFold } from '../../src/engine/run-fold.js';
import type { Fact } from '../../src/events/fact.js';
import { openEnvelope } from '../../src/execution/venue.js';
import { readParquet } from '../../src/parquet.js';
import { perpetual } from '../engine/scenario.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Opens both legs now and then, much too large, and one leg again after it was liquidated. */
const HEDGED = `
import { defineStrategy, order } from 'quantai-trad';
export default defineStrategy({
  name: 'hedged',
  params: {},
  memory: () => ({ bars: 0 }),
  decide: ({ symbol, close }, _, { memory, equity }) => {
    const quantity = (3 * equity) / close;
    switch (memory.bars++ % 9) {
      case 0: return order({ symbol, side: 'buy', quantity, positionSide: 'long', reason: 'long' });
      case 2: return order({ symbol, side: 'sell', quantity: quantity / 2, positionSide: 'short', reason: 'short' });
      case 6: return order({ symbol, side: 'sell', quantity: quantity / 4, positionSide: 'long', reason: 'less' });
      default: return undefined;
    }
  },
});
`;

let root = '';
let remove: () => Promise<void>;
const at = (...words: string[]): Promise<Ran> => quantai([...words, '--workspace', root]);

beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  await writeFile(join(root, 'hedged.ts'), HEDGED);
  await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-02-10', '--symbols', 'BTC/USDT:USDT');
});
afterAll(() => remove());

describe('the journal of a run with liquidations', () => {
  it.each(['cross', 'isolated'])('in %s margin and hedge mode gives account, equity, figures and tables again', async mode => {
    const run = await at(
      'backtest',
      join(root, 'hedged.ts'),
      ...`--dataset noise --margin ${mode} --positions hedge --leverage 20 --liquidation fee=0.0125 --json`.split(' '),
    );
    expect({ code: run.code, err: run.code === 0 ? '' : run.err }).toEqual({ code: 0, err: '' });
    const { runId, report, account } = JSON.parse(run.out) as { runId: string; report: string; account: { positions: object } };
    const verified = await at('verify', 'journal', runId, '--json');
    const { checks } = JSON.parse(verified.out) as { checks: { name: string; ok: boolean; text: string }[] };
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain('equity');
    expect(verified.code).toBe(0);
    // Or the test shows nothing.
    const { columns } = await readParquet(join(dirname(report), 'journal.parquet'));
    expect([...(columns['type'] ?? [])]).toContain('PositionLiquidated');
    if (mode === 'isolated') expect(Object.keys(account.positions).every(name => /(long|short)$/.test(name))).toBe(true);
  });
});

describe('the final account', () => {
  it('knows legs, liquidation fees and the insurance fund', () => {
    const A = 'AAA/USDT:USDT';
    const instruments = [perpetual(A)];
    const filled = (positionSide: 'long' | 'short', side: 'buy' | 'sell', lots: number, price: number): Fact => ({
      ...openEnvelope(0),
      type: 'OrderFilled',
      orderId: 'o',
      symbol: A,
      side,
      price,
      lots,
      fee: 1e8,
      liquidity: 'taker',
      slippage: 0,
      realised: 0,
      positionSide,
    });
    const fold = new RunFold(instruments, 1_000, { hedge: true });
    fold.apply(filled('long', 'buy', 10, 100));
    fold.apply(filled('short', 'sell', 10, 110));
    fold.apply(filled('long', 'sell', 4, 90));
    fold.apply({
      ...openEnvelope(0),
      type: 'PositionLiquidated',
      symbol: A,
      orderId: 'o',
      before: 10,
      after: 6,
      positionSide: 'long',
      markPrice: 90,
      bankruptcyPrice: 90,
      margin: 0,
      maintenance: 0,
      fee: 5e8,
      insurance: 7e8,
    });
    // 1,000 − 3 of fees − 40 lost − 5 + 7.
    const expected = { cash: 959, positions: { [`${A} long`]: 6, [`${A} short`]: -10 } };
    expect(accountDocument(fold.account)).toEqual(expected);
    expect(finalAccount(1_000, instruments, fold)).toEqual(expected);
  });
});
