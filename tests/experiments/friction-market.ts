import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import type { FrictionShared } from '../../src/experiments/friction/friction-outcome.js';
import { random } from '../../src/random.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { DAY, HOUR } from '../../src/time.js';
import { perpetual } from '../arbitraries/series.js';

export const START = Date.UTC(2024, 0, 1);
export const SYMBOL = 'BTC/USDT:USDT';

/** Long from the close of the bar that ends at 10:00 to that of the bar that ends at 14:00 UTC, every day. */
const CODE = `export default {
  name: 'daily',
  params: {},
  decide: ({ symbol, ts }) => {
    const hour = (ts / 3600000) % 24;
    if (hour === 10 || hour === 14) return { intent: 'target', symbol, exposure: hour === 10 ? 1 : 0, reason: 'daily' };
    return undefined;
  },
};
`;

/** The strategy as a bundle that a worker can load. */
export const dailyStrategy = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'friction-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'daily.mjs');
  writeFileSync(file, CODE);
  return file;
};

/** A day's trade: what it gains before costs, and how far price overshoots on its way in. */
export interface PlantedDay {
  readonly gain: number;
  readonly overshoot: number;
}

/** Days with gains about a mean, drawn from a seed. */
export const plantedDays = (
  days: number,
  { mean, deviation, overshoot = 0 }: { mean: number; deviation: number; overshoot?: number },
): PlantedDay[] => {
  const draw = random('planted days');
  return Array.from({ length: days }, () => ({ gain: mean + deviation * draw.normal(), overshoot }));
};

/**
 * Hourly bars: price stands still but for the bar of 10:00, in which it rises by the overshoot in its first third and falls back to the gain by its end
 * (high first), and the bar of 12:00, which brings the day's gain where nothing overshoots. `range` lifts the high of all other bars above their open, for a volatility.
 */
export const plantedBars = (days: readonly PlantedDay[], { price = 10_000, volume = 1e6, range = 0 } = {}): Chunk => {
  const rows = days.length * 24;
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * rows));
  const [ts, open, high, low, close, volumes] = [column(), column(), column(), column(), column(), column()];
  let level = price;
  for (let i = 0; i < rows; i++) {
    const { gain, overshoot } = days[Math.floor(i / 24)]!;
    const from = level;
    if (i % 24 === (overshoot > 0 ? 10 : 12)) level *= 1 + gain;
    ts[i] = START + i * HOUR;
    open[i] = from;
    close[i] = level;
    high[i] = i % 24 === 10 && overshoot > 0 ? from * (1 + overshoot) : Math.max(from * (1 + range), level);
    low[i] = Math.min(from, level);
    volumes[i] = volume;
  }
  return { kind: 'bars', symbol: SYMBOL, timeframe: '1h', rows, ts, columns: [open, high, low, close, volumes] };
};

/** A run of the daily strategy without any friction but what is changed. Ticks and lots are too fine to matter. */
export const plantedRun = (strategy: string, chunks: readonly Chunk[], change: Partial<RunConfig> = {}): FrictionShared => {
  const days = chunks[0]!.rows / 24;
  const config = runConfig({
    exchange: 'binance',
    from: START,
    to: START + days * DAY,
    symbols: [SYMBOL],
    timeframe: '1h',
    leverage: 3,
    fees: { kind: 'maker-taker', maker: 0, taker: 0 },
    slippage: { kind: 'none' },
    latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
    funding: { kind: 'none' },
    fills: { kind: 'bars', path: 'high-first', limits: 'through', participation: null },
    ...change,
  });
  return {
    strategy: { bundle: strategy },
    bundle: 'daily',
    params: {},
    instruments: [{ ...perpetual(SYMBOL), tickSize: 1e-4, lotSize: 1e-6 }],
    config,
    chunks,
    inputs: memoryFeed(chunks).inputs,
  };
};
