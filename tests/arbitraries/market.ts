import fc from 'fast-check';
import type { Chunk } from '../../src/events/market.js';
import type { Instrument } from '../../src/market/instrument.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import { random } from '../../src/random.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { HOUR } from '../../src/time.js';

/** A small market for property tests: hourly bars, funding every eight hours and mark prices for a few perpetuals. */
export interface SmallMarket {
  readonly chunks: Chunk[];
  readonly instruments: Instrument[];
  readonly config: RunConfig;
}

const START = Date.UTC(2024, 0, 1);

export const smallMarket = (seed: number, bars: number, symbolCount: number, overrides: Partial<RunConfig> = {}): SmallMarket => {
  const chunks: Chunk[] = [];
  const instruments: Instrument[] = [];
  for (let s = 0; s < symbolCount; s++) {
    const symbol = `${'ABCDE'[s] ?? 'X'}/USDT:USDT`;
    const draw = random(`${seed}/${symbol}`);
    instruments.push({
      symbol,
      exchange: 'synthetic',
      kind: 'linear-perpetual',
      tickSize: 0.1,
      lotSize: 0.001,
      minNotional: 5,
      contractSize: 1,
      maxLeverage: 50,
      maintenanceMarginRate: 0.005,
      source: 'property test',
    });
    const column = (): Float64Array => new Float64Array(bars);
    const [ts, o, h, l, c, v] = [column(), column(), column(), column(), column(), column()] as const;
    const tick = (x: number): number => Math.max(1, Math.round(x * 10)) / 10;
    let price = 100 + 50 * s;
    let trend = 0;
    for (let i = 0; i < bars; i++) {
      if (i % 40 === 0) trend = 0.004 * draw.normal();
      const open = tick(price * (1 + 0.001 * draw.normal()));
      const close = tick(open * (1 + trend + 0.01 * draw.normal()));
      ts[i] = START + i * HOUR;
      o[i] = open;
      c[i] = close;
      h[i] = tick(Math.max(open, close) * (1 + 0.005 * draw.next()));
      l[i] = tick(Math.min(open, close) * (1 - 0.005 * draw.next()));
      v[i] = Math.round(1e6 * draw.next()) / 1000;
      price = close;
    }
    chunks.push({ kind: 'bars', symbol, timeframe: '1h', rows: bars, ts, columns: [o, h, l, c, v] });
    const settlements = Math.floor(bars / 8);
    chunks.push({
      kind: 'funding',
      symbol,
      rows: settlements,
      ts: Float64Array.from({ length: settlements }, (_, i) => START + (i + 1) * 8 * HOUR),
      columns: [Float64Array.from({ length: settlements }, () => 0.0003 * draw.normal()), new Float64Array(settlements).fill(8 * HOUR)],
    });
    chunks.push({
      kind: 'mark',
      symbol,
      rows: bars,
      ts: ts.map(t => t + HOUR),
      columns: [c.map(x => x * (1 + 0.0002 * draw.normal()))],
    });
  }
  const config = {
    ...runConfig({
      exchange: 'synthetic',
      from: START + 20 * HOUR,
      to: START + bars * HOUR,
      symbols: instruments.map(i => i.symbol),
      timeframe: '1h',
      seed,
    }),
    ...overrides,
  };
  return { chunks, instruments, config };
};

/** Any small market. */
export const anyMarket = (overrides: Partial<RunConfig> = {}): fc.Arbitrary<SmallMarket> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      bars: fc.integer({ min: 60, max: 260 }),
      symbols: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ seed, bars, symbols }) => smallMarket(seed, bars, symbols, overrides));
