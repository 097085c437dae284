import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readFiles } from '../../../src/datasets/import/read-files.js';
import { recordedLatencies } from '../../../src/datasets/import/recorded-latency.js';
import { hasSharedData, sharedColumns } from '../shared-data.js';

const folder = mkdtempSync(join(tmpdir(), 'latency-'));
afterAll(() => rmSync(folder, { recursive: true }));
const T0 = 1_723_161_255_000;

/** A recording of messages [sent, latency, kind] by a receiver whose clock is `ahead` milliseconds ahead. */
const recording = (name: string, messages: readonly (readonly [number, number, string?])[], ahead: number): string => {
  const lines = messages.flatMap(([sent, latency, kind = 'update']) =>
    // Two rows a message.
    [1, 2].map(row => `${BigInt(Math.round((T0 + sent + latency + ahead) * 1000)) * 1000n},${T0 + sent},${kind},bid,${row},1`),
  );
  const path = join(folder, name);
  const text = ['recv_ns,ts,kind,side,price,qty', ...lines, ''].join('\n');
  writeFileSync(path, name.endsWith('gz') ? gzipSync(text) : text);
  return path;
};

describe('recorded latencies', () => {
  it('are how much later than the fastest message each came, plus the floor, whatever the clocks differ by', async () => {
    const messages = [
      [0, 12],
      [50, 7],
      [100, 9.5],
      [150, 30],
    ] as const;
    for (const ahead of [-1270, 0, 86_400_000]) {
      const found = await recordedLatencies(recording(`a${ahead}.csv`, messages, ahead), { floor: 3 });
      expect(found.ts).toEqual([T0, T0 + 50, T0 + 100, T0 + 150]);
      [8, 3, 5.5, 26].forEach((expected, i) => expect(found.feed[i]).toBeCloseTo(expected, 2));
      expect([found.messages, found.floor]).toEqual([4, 3]);
      // Seven milliseconds of the fastest are in the clocks' difference, three of them are the floor.
      expect(found.clockOffset).toBeCloseTo(ahead + 7 - 3, 2);
    }
  });

  it('are thinned to the medians of stretches of messages', async () => {
    const messages = Array.from({ length: 5000 }, (_, i) => [i * 10, i % 5 === 0 ? 500 : 10 + (i >= 2500 ? 20 : 0)] as const);
    const found = await recordedLatencies(recording('b.csv.gz', messages, -1270), { points: 50, floor: 10 });
    expect([found.ts.length, found.messages]).toEqual([50, 5000]);
    expect(found.ts).toEqual([...found.ts].sort((a, b) => a - b));
    found.feed.forEach((feed, k) => expect(feed).toBeCloseTo(k < 25 ? 10 : 30, 2));
  });

  it('leave out snapshots, which were asked for', async () => {
    const found = await recordedLatencies(
      recording(
        'c.csv',
        [
          [0, 5],
          [20, 1, 'snapshot'],
          [40, 6],
        ],
        0,
      ),
    );
    expect(found.messages).toBe(2);
    [1, 2].forEach((expected, i) => expect(found.feed[i]).toBeCloseTo(expected, 2));
  });

  it('are refused where a file has no receive times, or both are one clock', async () => {
    const path = join(folder, 'd.csv');
    writeFileSync(path, `ts,price,qty\n${T0},1,1\n${T0 + 1},1,1\n`);
    await expect(recordedLatencies(path)).rejects.toMatchObject({ code: 'no-receive-time' });
    writeFileSync(path, `recv_ns,ts,price,qty\n${T0}087891,${T0},1,1\n${T0 + 5}999999,${T0 + 5},1,1\n`);
    await expect(recordedLatencies(path)).rejects.toMatchObject({ code: 'one-clock' });
    const [imported] = await readFiles([path], { mode: 'report', exchange: 'binance', symbol: 'BTC/USDT' });
    expect(imported!.findings.map(({ code }) => code)).toContain('receiver-clock');
  });
});

describe.skipIf(!hasSharedData)('latencies of the recordings (needs ../shared/data)', () => {
  it('are those of a plain computation over the trades, and two streams of one receiver agree on its clock', async () => {
    const name = 'binance-usdm_BTCUSDT_2024-08-08';
    const [trades, quotes] = await Promise.all(
      ['trades', 'bookticker'].map(kind => recordedLatencies(`../shared/data/${name}_${kind}.csv.gz`, { floor: 2, points: 1 })),
    );
    const columns = sharedColumns(`${name}_trades`);
    const differences = columns['recv_ns']!.map((at, i) => Number(BigInt(at) - BigInt(columns['ts']![i]!) * 1_000_000n) / 1e6);
    const pairs = new Set(columns['recv_ns']!.map((at, i) => `${at} ${columns['ts']![i]!}`));
    const least = Math.min(...differences);
    expect(trades!.messages).toBe(pairs.size);
    expect(trades!.clockOffset).toBeCloseTo(least - 2, 2);
    const sorted = [...differences].sort((a, b) => a - b);
    expect(Math.abs(trades!.feed[0]! - (sorted[sorted.length >> 1]! - least + 2))).toBeLessThan(0.5);
    expect(Math.abs(trades!.clockOffset - quotes!.clockOffset)).toBeLessThan(1);
  });
});
