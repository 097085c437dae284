import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isInverse } from '../market/instrument.js';
import type { LiveRecord } from '../promotion/watch/live-record.js';

/** What is needed of a parity certificate. */
const Certificate = z.object({
  promotion: z.string().nullable(),
  mode: z.enum(['paper', 'live']),
  from: z.number(),
  pairs: z.array(
    z.object({
      symbol: z.string(),
      session: z.object({ orderId: z.string(), quantity: z.number(), price: z.number() }).nullable(),
      backtest: z.object({}).nullable(),
      gap: z.object({ fillPrice: z.number() }),
    }),
  ),
});

/**
 * What the fills of a promotion's live sessions since `since` (epoch ms) paid against the market's price at arrival, by the parity certificates of its account: what the model takes for a fill (`modelBps`) and what each fill
 * cost beyond it, by which certificates differ. Null without a certificate, or without a model to add to.
 */
export const ownSlippage = async (
  folder: string,
  { promotion, modelBps, since }: { readonly promotion: string; readonly modelBps: number | null; readonly since: number },
): Promise<LiveRecord['slippage']> => {
  if (modelBps === null) return null;
  const names = (await readdir(join(folder, 'parity')).catch(() => [])).filter(name => name.endsWith('.json')).sort();
  // Windows may overlap: an order counts once.
  const paid = new Map<string, number>();
  for (const name of names) {
    const { data } = Certificate.safeParse(JSON.parse(await readFile(join(folder, 'parity', name), 'utf8')));
    if (data?.promotion !== promotion || data.mode !== 'live' || !(data.from >= since)) continue;
    for (const { symbol, session, backtest, gap } of data.pairs) {
      if (session === null || backtest === null) continue;
      // In the settlement asset, as the gap is: coins for an inverse contract, whose quantity is dollars.
      const value = Math.abs(isInverse(symbol) ? session.quantity / session.price : session.quantity * session.price);
      if (value > 0) paid.set(session.orderId, modelBps + (gap.fillPrice / value) * 10_000);
    }
  }
  const all = [...paid.values()];
  if (all.length < 2) return null;
  const mean = all.reduce((sum, bps) => sum + bps, 0) / all.length;
  const squares = all.reduce((sum, bps) => sum + (bps - mean) * (bps - mean), 0);
  return { bps: mean, sd: Math.sqrt(squares / (all.length - 1)), fills: all.length };
};
