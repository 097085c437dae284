import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownSlippage } from '../../src/commands/own-slippage.js';

it('what fills paid is a part of what was traded in the settlement asset, of linear contracts and of inverse ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quantai-slippage-'));
  const paid = (orderId: string, symbol: string, quantity: number, fillPrice: number) => ({
    symbol,
    session: { orderId, quantity, price: 50_000 },
    backtest: {},
    gap: { fillPrice },
  });
  try {
    await mkdir(join(folder, 'parity'));
    const pairs = [
      // 0.2 BTC for 10,000 USDT, 8 USDT too dear: 8 bp. 10,000 USD in contracts, 0.2 BTC, and 0.00024 BTC too dear: 12 bp.
      paid('a', 'BTC/USDT:USDT', 0.2, 8),
      paid('b', 'BTC/USD:BTC', -10_000, 0.00024),
    ];
    await writeFile(join(folder, 'parity', 'a.json'), JSON.stringify({ promotion: 'p', mode: 'live', from: 5, pairs }));
    const found = await ownSlippage(folder, { promotion: 'p', modelBps: 1, since: 5 });
    expect(found?.fills).toBe(2);
    expect(found?.bps).toBeCloseTo(1 + (8 + 12) / 2, 9);
    expect(await ownSlippage(folder, { promotion: 'p', modelBps: 1, since: 6 })).toBeNull();
  } finally {
    await rm(folder, { recursive: true });
  }
});
