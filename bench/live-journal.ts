import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../src/events/fact.js';
import type { ChainPosition } from '../src/journal/ndjson/chain-position.js';
import { openLiveJournal, type SegmentedJournal } from '../src/journal/ndjson/open-live-journal.js';
import { loadSnapshot, saveSnapshot } from '../src/journal/ndjson/snapshot.js';
import { nodeDisk } from '../src/journal/node-disk.js';
import { hastyDisk } from './fixtures/hasty-disk.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { median } from './harness/interleave.js';

const SHAPE = 'bench';

/** One order's life, as a live session writes it. */
const life = (n: number): Fact[] => {
  const at = (offset: number): Omit<Fact, 'type'> => {
    const seq = 4 * n + offset;
    const ts = 1_700_000_000_000 + seq;
    return { seq, version: 1, ts, knownAt: ts, account: 'main', strategy: 'sma-cross', correlationId: 4 * n, causationId: seq - 1 };
  };
  const orderId = `k3f9.1.${n}`;
  const symbol = 'BTC/USDT:USDT';
  const ticket = {
    orderId,
    symbol,
    side: 'buy',
    type: 'market',
    lots: 15,
    limit: null,
    stop: null,
    tif: 'gtc',
    postOnly: false,
    reduceOnly: false,
  } as const;
  const fill = {
    side: 'buy',
    price: 421_234 + (n % 97),
    lots: 15,
    fee: 2_527,
    liquidity: 'taker',
    slippage: 12,
    realised: 0,
    execution: `${4e9 + n}`,
  } as const;
  return [
    { ...at(0), type: 'OrderApproved', ticket },
    { ...at(1), type: 'OrderSubmitted', orderId, symbol },
    { ...at(2), type: 'OrderAccepted', orderId, symbol, venueOrderId: `${8e9 + n}` },
    { ...at(3), type: 'OrderFilled', orderId, symbol, ...fill },
  ];
};

const seconds = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
};

/** What a durable append costs, and how long a start takes: every fact checked and folded from the beginning, and from a snapshot. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch }) => {
    const facts = quick ? 100_000 : 1_000_000;
    const folder = await mkdtemp(join(scratch, 'live-journal-'));
    const disk = nodeDisk(folder);
    let folded = 0;
    const each = (fact: Fact): void => {
      folded += fact.type === 'OrderFilled' ? fact.lots : 0;
    };
    const open = async (path: string, options: { readonly from?: ChainPosition } = {}): Promise<SegmentedJournal> =>
      (await openLiveJournal(disk, path, { account: 'main', each, ...options })).journal;
    try {
      const single = await open('single');
      const appends: number[] = [];
      for (let n = 0; n < (quick ? 200 : 2_000); n++) appends.push(await seconds(() => single.append(life(n))));
      const sorted = appends.toSorted((a, b) => a - b);
      // A thousand intents that wait at once, as of many strategies on one bar.
      const from = appends.length;
      const together = await seconds(() => Promise.all(Array.from({ length: 1_000 }, (_, n) => single.append(life(from + n)))));
      await single.close();

      const { journal } = await openLiveJournal(hastyDisk(disk), 'large', { account: 'main' });
      for (let n = 0; n < facts / 4; n++) {
        const [approved, submitted, accepted, filled] = life(n);
        await journal.append([approved!, submitted!]);
        await journal.append([accepted!, filled!]);
        if (n === facts / 4 - 1_000) await saveSnapshot(disk, 'snapshot', SHAPE, { position: journal.position(), state: { folded } });
      }
      await journal.close();

      const whole: number[] = [];
      const resumed: number[] = [];
      for (let round = 0; round < 3; round++) {
        whole.push(await seconds(async () => (await open('large')).close()));
        resumed.push(
          await seconds(async () => {
            const { snapshot } = await loadSnapshot(disk, 'snapshot', SHAPE, 'large');
            if (snapshot === null) throw new Error('the snapshot was not taken');
            await (await open('large', { from: snapshot.position })).close();
          }),
        );
      }
      const scale = 1_000_000 / facts;
      return [
        measurement('append and fdatasync, p50', median(sorted) * 1e3, 'ms'),
        measurement('append and fdatasync, p99', sorted[Math.floor(0.99 * sorted.length)]! * 1e3, 'ms'),
        measurement('a thousand appends at once', together * 1e3, 'ms'),
        measurement('recovery of a million facts', median(whole) * scale, 's', {
          timings: whole,
          targets: [{ on: 'value', atMost: 10, text: 'under 10 s, hashes checked' }],
        }),
        measurement('recovery from a snapshot', median(resumed), 's', {
          timings: resumed,
          targets: [{ on: 'value', atMost: 1, text: 'under 1 s' }],
        }),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
