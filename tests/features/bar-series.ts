import { computeColumns } from '../../src/features/batch.js';
import type { Feature } from '../../src/features/feature.js';
import type { Bar, Chunk } from '../../src/events/market.js';
import { random } from '../../src/random.js';
import { DAY, HOUR } from '../../src/time.js';

/** Columns of bars; what is left out is the close (prices) or 1 (volume). */
export interface BarSeries {
  readonly open?: readonly number[];
  readonly high?: readonly number[];
  readonly low?: readonly number[];
  readonly close: readonly number[];
  readonly volume?: readonly number[];
}

/** The series as a chunk of daily (or hourly) bars from 2024-01-01. */
export const chunkOf = (series: BarSeries, timeframe: '1d' | '1h' = '1d'): Chunk => {
  const rows = series.close.length;
  const start = Date.UTC(2024, 0, 1);
  const column = (values: readonly number[] | undefined): Float64Array => Float64Array.from(values ?? series.close);
  return {
    kind: 'bars',
    symbol: 'TEST/USDT:USDT',
    timeframe,
    rows,
    ts: Float64Array.from({ length: rows }, (_, i) => start + i * (timeframe === '1d' ? DAY : HOUR)),
    columns: [
      column(series.open),
      column(series.high),
      column(series.low),
      column(series.close),
      series.volume ? Float64Array.from(series.volume) : new Float64Array(rows).fill(1),
    ],
  };
};

/** Bar objects of a chunk, fresh ones. */
export const barsOf = (chunk: Chunk): Bar[] => {
  const [open, high, low, close, volume] = chunk.columns;
  const length = chunk.timeframe === '1h' ? HOUR : DAY;
  return Array.from({ length: chunk.rows }, (_, i) => ({
    symbol: chunk.symbol,
    timeframe: chunk.timeframe ?? '1d',
    openTime: chunk.ts[i] ?? NaN,
    ts: (chunk.ts[i] ?? NaN) + length,
    open: open?.[i] ?? NaN,
    high: high?.[i] ?? NaN,
    low: low?.[i] ?? NaN,
    close: close?.[i] ?? NaN,
    volume: volume?.[i] ?? NaN,
  }));
};

/** One output of a feature over a series. */
export const valuesOf = (feature: Feature, series: BarSeries | Chunk, output?: string, timeframe: '1d' | '1h' = '1d'): number[] => {
  const chunk = 'kind' in series ? series : chunkOf(series, timeframe);
  const index = output === undefined ? 0 : feature.outputs.indexOf(output);
  return Array.from(computeColumns(feature, chunk)[index] ?? []);
};

/** A seeded random walk of plausible bars. */
export const randomSeries = (seed: number, rows: number): Required<BarSeries> => {
  const draw = random(seed);
  const series = { open: [] as number[], high: [] as number[], low: [] as number[], close: [] as number[], volume: [] as number[] };
  let last = 100;
  for (let i = 0; i < rows; i++) {
    const open = last * (1 + 0.002 * draw.normal());
    const close = open * (1 + 0.01 * draw.normal());
    series.open.push(open);
    series.close.push(close);
    series.high.push(Math.max(open, close) * (1 + 0.004 * draw.next()));
    series.low.push(Math.min(open, close) * (1 - 0.004 * draw.next()));
    series.volume.push(10 + 1000 * draw.next());
    last = close;
  }
  return series;
};
