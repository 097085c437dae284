import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { memoryFeed } from '../../src/datasets/memory-feed.js';
import { readFiles } from '../../src/datasets/import/read-files.js';
import { MarginConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import type { Chunk } from '../../src/events/market.js';
import { backtest } from '../../src/sim/backtest.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { resolveParams } from '../../src/strategies/params.js';
import { perpetual } from '../engine/scenario.js';
import { built } from './built-example.js';

vi.setConfig({ testTimeout: 120_000 });

const PERPETUAL = 'BTC/USDT:USDT';
const SPOT = 'BTC/USDT';
const EIGHT_HOURS = 8 * 3_600_000;
const FOLDER = '../shared/data/binance';

const carry = async (chunks: readonly Chunk[], margin: object, more: { rebalanceBand?: number } = {}): Promise<RunResult> => {
  const strategy = await built('examples/hedged-carry.ts');
  const bars = chunks.find(({ kind }) => kind === 'bars') as Chunk;
  const config = runConfig({
    exchange: 'binance',
    from: bars.ts[0] ?? 0,
    to: (bars.ts[bars.rows - 1] ?? 0) + EIGHT_HOURS,
    symbols: [PERPETUAL, SPOT],
    timeframe: '8h',
    margin: MarginConfig.parse({ mode: 'cross', ...margin }),
    ...more,
  });
  const scale = { tickSize: 0.1, lotSize: 0.001, maintenanceMarginRate: 0.004 };
  return backtest({
    strategy,
    params: resolveParams(strategy.params, {}),
    bundle: 'test',
    config,
    instruments: [perpetual(PERPETUAL, scale), perpetual(SPOT, { ...scale, kind: 'spot' })],
    feed: memoryFeed(chunks),
  });
};

/** A price that rises fourfold and pays a hundredth of a per cent every eight hours. */
const rising = (rows: number): Chunk[] => {
  const ts = Float64Array.from({ length: rows }, (_, i) => i * EIGHT_HOURS);
  const close = ts.map((_, i) => Math.round(10_000 + (300_000 * (i + 1)) / rows) / 10);
  const open = close.map((price, i) => close[i - 1] ?? price);
  const bars = (symbol: string): Chunk => ({
    kind: 'bars',
    symbol,
    timeframe: '8h',
    rows,
    ts,
    columns: [
      open,
      close.map((c, i) => Math.max(c, open[i]!)),
      close.map((c, i) => Math.min(c, open[i]!)),
      close,
      new Float64Array(rows).fill(1e6),
    ],
  });
  const columns = [new Float64Array(rows).fill(0.0001), new Float64Array(rows).fill(EIGHT_HOURS)];
  return [bars(PERPETUAL), bars(SPOT), { kind: 'funding', symbol: PERPETUAL, rows, ts, columns }];
};

const funded = ({ funding }: RunResult): number => funding.reduce((sum, { amount }) => sum + amount, 0);

describe('a funding carry hedged with coins', () => {
  it('is what the funding pays less the costs, where coins back the short or the legs are kept equal', async () => {
    const chunks = rising(300);
    const backed = await carry(chunks, { spotCollateral: 1 });
    expect(backed.liquidations).toEqual([]);
    const costs = backed.fills.reduce((sum, { fee, slippage }) => sum + fee + slippage, 0);
    // The two legs are a lot apart at most: a thousandth of a coin that rose by 30,000.
    expect(Math.abs(backed.finalEquity - backed.initialCapital - funded(backed) + costs)).toBeLessThan(60);
    expect(funded(backed)).toBeGreaterThan(1_000);
  });

  it('ends in a liquidation where wallets are separate and nobody brings money over', async () => {
    const alone = await carry(rising(300), {});
    expect(alone.liquidations.map(({ symbol, after }) => [symbol, after])).toEqual([[PERPETUAL, 0]]);
    const fed = await carry(rising(300), {}, { rebalanceBand: 0.1 });
    expect(fed.liquidations).toEqual([]);
    expect(fed.finalEquity).toBeGreaterThan(fed.initialCapital);
  });

  const hasData = existsSync(`${FOLDER}-spot_BTCUSDT_8h_2023-01_2024-07.csv.gz`);
  it.skipIf(!hasData)(
    'on Binance’s spot, perpetual and funding of 2023 and 2024 is what docs/venue.md says (skipped where ../shared is absent)',
    async () => {
      const read = async (name: string, symbol: string): Promise<Chunk> => {
        const [imported] = await readFiles([`${FOLDER}-${name}_2023-01_2024-07.csv.gz`], { mode: 'report', exchange: 'binance', symbol });
        return imported!.series;
      };
      const chunks = [
        await read('usdm_BTCUSDT_8h', PERPETUAL),
        await read('spot_BTCUSDT_8h', SPOT),
        await read('usdm_BTCUSDT_funding', PERPETUAL),
      ];
      const total = ({ finalEquity, initialCapital }: RunResult): number => finalEquity / initialCapital - 1;
      const alone = await carry(chunks, { liquidation: { fee: 0.0125 } });
      expect(alone.liquidations.length).toBe(1);
      expect(total(alone)).toBeLessThan(0);
      const backed = await carry(chunks, { spotCollateral: 0.95 });
      expect(backed.liquidations).toEqual([]);
      expect(total(backed)).toBeGreaterThan(0.1);
      expect(total(backed)).toBeLessThan(0.15);
    },
  );
});
