import { describe, expect, it } from 'vitest';
import { inferInstrument } from '../../src/datasets/import/infer-instrument.js';
import { reconcileInstrument } from '../../src/datasets/instruments.js';
import type { Series } from '../../src/datasets/series.js';
import { HOUR } from '../../src/time.js';

const bars = (symbol: string, close: number[]): Series => {
  const prices = Float64Array.from(close);
  return {
    kind: 'bars',
    symbol,
    timeframe: '1h',
    rows: close.length,
    ts: prices.map((_, i) => i * HOUR),
    columns: [prices, prices, prices, prices, prices.map(() => 1.25)],
  };
};
const marks = (symbol: string): Series => ({
  kind: 'mark',
  symbol,
  rows: 2,
  ts: Float64Array.of(0, 1),
  columns: [Float64Array.of(1.23456, 2.34567)],
});

describe('trading units of an imported instrument', () => {
  it('are those of the venue where it is listed, whatever the file shows', () => {
    const symbol = 'ETH/USDT:USDT';
    expect(inferInstrument(bars(symbol, [2000, 2100]), { exchange: 'bybit', symbol })).toMatchObject({
      tickSize: 0.01,
      lotSize: 0.01,
      minNotional: 5,
      maintenanceMarginRate: 0.005,
    });
    expect(inferInstrument(marks(symbol), { exchange: 'binanceusdm', symbol })).toMatchObject({
      tickSize: 0.01,
      lotSize: 0.001,
      minNotional: 20,
    });
  });

  it('keep a finer tick that the prices show, because venues coarsen ticks over the years', () => {
    const symbol = 'SOL/USDT:USDT';
    const instrument = inferInstrument(bars(symbol, [20.005, 21.11]), { exchange: 'bybit', symbol });
    expect(instrument.tickSize).toBeLessThanOrEqual(0.005);
    expect(instrument.source).toContain('finer than its 0.01');
  });

  it('have the venue’s smallest minimum notional where only the venue is listed, and none invented elsewhere', () => {
    const symbol = 'DOGE/USDT:USDT';
    expect(inferInstrument(bars(symbol, [0.1, 0.2]), { exchange: 'binance', symbol }).minNotional).toBe(5);
    expect(inferInstrument(bars(symbol, [0.1, 0.2]), { exchange: 'elsewhere', symbol }).minNotional).toBe(0);
  });

  it('are not lost when funding or marks of the same instrument are imported before or after its bars', () => {
    const symbol = 'DOGE/USDT:USDT';
    const fromBars = inferInstrument(bars(symbol, [0.1, 0.2, 0.35]), { exchange: 'bybit', symbol });
    const fromMarks = inferInstrument(marks(symbol), { exchange: 'bybit', symbol });
    expect(fromMarks.source).toMatch(/^not inferred/);
    expect(reconcileInstrument(fromBars, fromMarks, 'd')).toEqual(fromBars);
    expect(reconcileInstrument(fromMarks, fromBars, 'd')).toEqual(fromBars);
  });
});
