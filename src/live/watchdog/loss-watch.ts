import { z } from 'zod';
import type { Disk } from '../../journal/disk.js';
import type { LiveClock } from '../live-clock.js';
import type { VenueTransport } from '../venue-transport.js';
import { lossLimit, type MaxLoss } from './max-loss.js';

const Kept = z.object({ equity: z.number(), at: z.number(), asset: z.string() });

export interface LossWatchOptions {
  readonly transport: VenueTransport;
  readonly clock: LiveClock;
  readonly disk: Disk;
  /** Where the equity that losses are counted from is kept over restarts. */
  readonly file: string;
  /** Settlement asset: what else the account holds is left out. */
  readonly asset: string;
  readonly max: MaxLoss;
}

/** What the account has lost since its watch began. */
export interface LossLook {
  readonly equity: number;
  /** Positive is lost; what was paid in or out since does not count. */
  readonly loss: number;
  readonly limit: number;
}

/** Looks at the account by itself, with nothing that the session says. */
export interface LossWatch {
  /** Throws what the venue's requests throw: an account that cannot be seen has lost nothing that is known. */
  look(): Promise<LossLook>;
  /** The watch ended in order: the next one counts from what the account has then. */
  forget(): Promise<void>;
}

const MOVED: ReadonlySet<string> = new Set(['deposit', 'withdrawal', 'transfer']);

/** Equity is the wallet and, at mark prices, what linear positions have won or lost. */
const equityOf = async (transport: VenueTransport, asset: string): Promise<number> => {
  const [balances, positions] = await Promise.all([transport.balances(), transport.positions()]);
  const wallet = balances.find(balance => balance.asset === asset)?.wallet ?? NaN;
  let open = 0;
  for (const { quantity, markPrice, entryPrice } of positions) if (quantity !== 0) open += quantity * (markPrice - entryPrice);
  const equity = wallet + open;
  if (!Number.isFinite(equity)) throw new Error(`the venue says nothing that gives the equity in ${asset}`);
  return equity;
};

/** Entries of the venue's ledger come late: asked for again from so much before the last look (market ms). */
const OVERLAP_MS = 7_200_000;

/** The watch of one account's loss. */
export const lossWatch = ({ transport, clock, disk, file, asset, max }: LossWatchOptions): LossWatch => {
  let baseline: z.infer<typeof Kept> | null = null;
  let lookedAt = -Infinity;
  const moved = new Map<string, number>();
  const kept = async (): Promise<z.infer<typeof Kept> | null> => {
    try {
      const found = Kept.safeParse(JSON.parse(Buffer.from(await disk.read(file)).toString('utf8')));
      return found.success && found.data.asset === asset ? found.data : null;
    } catch {
      return null;
    }
  };
  return {
    look: async () => {
      const equity = await equityOf(transport, asset);
      const now = clock.market();
      baseline ??= await kept();
      if (baseline === null) {
        baseline = { equity, at: now, asset };
        await disk.publish(file, Buffer.from(`${JSON.stringify(baseline)}\n`));
      }
      const { at } = baseline;
      for (const entry of await transport.income(Math.max(at, lookedAt - OVERLAP_MS)))
        if (entry.asset === asset && entry.ts > at && MOVED.has(entry.kind)) moved.set(entry.id, entry.amount);
      lookedAt = now;
      let sum = 0;
      for (const amount of moved.values()) sum += amount;
      return { equity, loss: baseline.equity + sum - equity, limit: lossLimit(max, baseline.equity) };
    },
    forget: () => disk.publish(file, Buffer.from('{}\n')),
  };
};
