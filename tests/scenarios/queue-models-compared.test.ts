import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { QueueConfig, RunConfig } from '../../src/engine/run-config.js';
import { comparisonDocument } from '../../src/reports/comparison.js';
import marketMaker from '../../src/strategies/builtin/market-maker.js';
import type { Strategy } from '../../src/strategies/strategy.js';
import { recordedMarket } from '../features/microstructure/recorded-market.js';
import { comparedRun, madeUpMinutes, minutesOf, play, touchQuotes, type Minutes } from './quoted-minutes.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const QUEUES = {
  pessimistic: { kind: 'pessimistic' },
  proportional: { kind: 'proportional' },
  'power 3': { kind: 'power', exponent: 3 },
  log: { kind: 'log' },
} as const satisfies Record<string, QueueConfig>;
/** Of the made-up market, basis points: what a fill at the touch earns at the mid if the market does not move. */
const HALF_SPREAD = (1e4 * 0.05) / 60_000;
const NAMES = Object.keys(QUEUES) as (keyof typeof QUEUES)[];
const onBook = (queue: QueueConfig): RunConfig['fills'] => ({ kind: 'book', queue, ownImpact: true });

/** `most`: below what, in basis points, the mid price stands a moment after the market maker's fills. */
const queueModels = (minutesNow: () => Minutes, makes: Readonly<Record<string, number>>, ticks: number, most: number): void => {
  let minutes: Minutes;
  let quotes: Strategy;
  beforeAll(async () => {
    minutes = minutesNow();
    quotes = await touchQuotes();
  });

  it('fill least under the pessimistic model, order by order, where quotes do not depend on fills', async () => {
    const runs = await Promise.all(NAMES.map(name => play(minutes, quotes, onBook(QUEUES[name]), { ticks })));
    const filledBy = runs.map(({ result }) => {
      const filled = new Map<string, number>();
      for (const { orderId, quantity } of result.fills) filled.set(orderId, (filled.get(orderId) ?? 0) + quantity);
      return filled;
    });
    const approved = runs.map(({ result }) => result.facts.filter(({ type }) => type === 'OrderApproved').length);
    expect(new Set(approved).size).toBe(1);
    const [least, ...others] = filledBy;
    expect(least!.size).toBeGreaterThan(20);
    for (const other of others)
      for (const [orderId, quantity] of least!) expect(other.get(orderId) ?? 0).toBeGreaterThanOrEqual(quantity - 1e-9);
    // Not because all models are one.
    const [total, ...totals] = filledBy.map(filled => [...filled.values()].reduce((sum, quantity) => sum + quantity, 0));
    for (const more of totals) expect(more).toBeGreaterThan(total!);
  });

  it('give one table of fills, profit and adverse selection, which is against the maker at the touch, and give it again', async () => {
    const runs = [];
    for (const name of NAMES) runs.push(await play(minutes, marketMaker, onBook(QUEUES[name]), makes));
    for (const { result, quality } of runs) {
      expect(quality.taker.fills).toBe(0);
      const [atOnce, second] = quality.markouts!['BTC/USDT:USDT']!;
      for (const { bps, error, fills } of [atOnce!, second!]) {
        expect(fills).toBeGreaterThan(20);
        expect(bps + 2 * error).toBeLessThan(most);
      }
      expect(result.facts.length).toBeGreaterThan(0);
    }
    const again = await Promise.all(NAMES.map(name => play(minutes, marketMaker, onBook(QUEUES[name]), makes)));
    expect(again.map(({ result }) => result.fingerprint)).toEqual(runs.map(({ result }) => result.fingerprint));

    const document = comparisonDocument({
      title: 'Queues',
      runs: runs.map((run, i) => comparedRun(NAMES[i]!, run)),
      command: 'quantai compare',
    });
    const table = document.sections.find(({ id }) => id === 'fills')!.blocks.find(block => block.kind === 'table')!;
    expect(table.kind === 'table' && table.rows.map(row => row.slice(0, 3))).toEqual(
      runs.map(({ quality }, i) => [NAMES[i], `order book, queue ${NAMES[i]}`, quality.maker.fills.toLocaleString('en-US')]),
    );
  });
};

describe('queue models on a made-up market', () =>
  queueModels(() => madeUpMinutes(120), { halfSpreadBps: 0, quoteShare: 0.02 }, 0, HALF_SPREAD));

describe.skipIf(!existsSync('../shared/data'))('queue models on six recorded minutes (needs ../shared/data)', () =>
  queueModels(() => minutesOf(recordedMarket(Infinity)), { halfSpreadBps: 0, requoteTicks: 2 }, 1, 0),
);
