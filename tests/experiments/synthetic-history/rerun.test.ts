import { describe, expect, test } from 'vitest';
import { memoryFeed } from '../../../src/datasets/memory-feed.js';
import { laterStart } from '../../../src/experiments/sensitivity/later-start.js';
import { missingBars } from '../../../src/experiments/sensitivity/missing-bars.js';
import { noisyCloses } from '../../../src/experiments/sensitivity/noisy-closes.js';
import { historyBootstrap } from '../../../src/experiments/synthetic-history.js';
import { HOUR } from '../../../src/time.js';
import { busyStrategy } from '../../arbitraries/busy-strategy.js';
import { smallMarket } from '../../arbitraries/market.js';
import { run } from '../../arbitraries/run.js';

const market = smallMarket(3, 260, 2);
const { instruments, chunks } = market;
const bootstrap = historyBootstrap({ chunks, instruments, meanBlock: 20 });

describe('a strategy run again', () => {
  test('on a synthetic history trades, says that its data are synthetic, and gives the same for the same seed', async () => {
    const again = async (seed: number) => {
      const { chunks: made, inputs } = bootstrap.draw(seed);
      return run(market, busyStrategy, {}, memoryFeed(made, { to: market.config.to, inputs }));
    };
    const [first, same, other] = [await again(1), await again(1), await again(2)];
    expect(first.manifest.inputs.every(({ synthetic }) => synthetic)).toBe(true);
    expect(first.fills.length).toBeGreaterThan(20);
    expect(same.fingerprint).toBe(first.fingerprint);
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  test.each([
    ['with missing bars', missingBars(chunks, { share: 0.05, seed: 1 })],
    ['with noisy closes', noisyCloses(chunks, { bps: 10, seed: 1, instruments })],
    ['from a later start', laterStart(chunks, market.config.from + 30 * HOUR)],
  ])('%s trades, and otherwise than before', async (_, stressed) => {
    const before = await run(market, busyStrategy);
    const after = await run(market, busyStrategy, {}, memoryFeed(stressed, { to: market.config.to }));
    expect(after.fills.length).toBeGreaterThan(20);
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });
});
