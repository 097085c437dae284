import { inferInstrument } from '../../../src/datasets/import/infer-instrument.js';
import type { CheckContext } from '../../../src/datasets/quality/check.js';
import type { Imported, Series } from '../../../src/datasets/series.js';
import { timeframeMs, type Timeframe } from '../../../src/market/timeframe.js';
import { random } from '../../../src/random.js';

/** A random walk with a tick of 0.01 whose bars hang together: a clean series by construction. */
export const randomBars = (
  seed: number,
  rows: number,
  timeframe: Timeframe = '1h',
  start = Date.UTC(2023, 0, 1),
  symbol = 'BTC/USDT:USDT',
): Series => {
  const rng = random(seed);
  const step = timeframeMs(timeframe);
  const columns = Array.from({ length: 5 }, () => new Float64Array(rows));
  const [open, high, low, close, volume] = columns;
  const ts = new Float64Array(rows);
  const cents = (x: number): number => Math.round(x * 100) / 100;
  let price = 20_000;
  for (let i = 0; i < rows; i++) {
    const next = cents(price * Math.exp(0.004 * rng.normal()));
    ts[i] = start + i * step;
    if (open) open[i] = price;
    if (close) close[i] = next;
    if (high) high[i] = cents(Math.max(price, next) * (1 + 0.001 * rng.next()) + 0.01);
    if (low) low[i] = cents(Math.min(price, next) * (1 - 0.001 * rng.next()) - 0.01);
    if (volume) volume[i] = Math.round(1e6 * (1 + 50 * rng.next())) / 1e4;
    price = next;
  }
  return { kind: 'bars', symbol, timeframe, rows, ts, columns };
};

/** Line i + 2 of `bars.csv`: a header stands above the rows. */
export const contextOf = (step: number, extra: Partial<CheckContext> = {}): CheckContext => ({
  file: 'bars.csv',
  exchange: 'bybit',
  step,
  naive: false,
  locate: index => ({ file: 'bars.csv', row: index + 2 }),
  ...extra,
});

export const csvOf = (series: Series): string =>
  ['ts,open,high,low,close,volume', ...Array.from(series.ts, (ts, i) => [ts, ...series.columns.map(column => column[i])].join(','))].join(
    '\n',
  ) + '\n';

export const imported = (series: Series, reading: Record<string, string> = {}): Imported => ({
  series,
  instrument: inferInstrument(series, { exchange: 'bybit', symbol: series.symbol }),
  source: { file: 'bars.csv', sha256: '', bytes: 0, rows: series.rows, reading },
  findings: [],
  synthetic: true,
});

export const codes = (findings: readonly { code: string }[]): string[] => findings.map(found => found.code);
