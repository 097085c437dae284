import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFiles } from '../../../src/datasets/import/read-files.js';
import type { ImportOptions } from '../../../src/datasets/import/options.js';
import { compareSeries } from '../../../src/datasets/quality/against.js';
import { zone } from '../../../src/datasets/quality/zone.js';
import type { Finding, Imported, Series } from '../../../src/datasets/series.js';
import { DAY, HOUR } from '../../../src/time.js';
import { codes, imported, randomBars } from './random-bars.js';

const mapped = (series: Series, change: (values: Float64Array, index: number) => Float64Array): Series => ({
  ...series,
  columns: series.columns.map(change),
});
const faults = (findings: readonly Finding[]): Finding[] => findings.filter(found => found.code !== 'compared');
const aggregate = (fine: Series, n: number): Series => {
  const rows = Math.floor(fine.rows / n);
  const pick = (f: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => f(i * n));
  const [open, high, low, close, volume] = fine.columns.map(column => (from: number, to: number) => column.slice(from, to));
  const none = new Float64Array(0);
  return {
    ...fine,
    timeframe: '8h',
    rows,
    ts: pick(i => fine.ts[i] ?? NaN),
    columns: [
      pick(i => open?.(i, i + 1)[0] ?? NaN),
      pick(i => Math.max(...(high?.(i, i + n) ?? none))),
      pick(i => Math.min(...(low?.(i, i + n) ?? none))),
      pick(i => close?.(i + n - 1, i + n)[0] ?? NaN),
      pick(i => (volume?.(i, i + n) ?? none).reduce((sum, v) => sum + v, 0)),
    ],
  };
};

describe('what one file cannot show, against a good one', () => {
  const good = imported(randomBars(7, 6_000, '1h', Date.UTC(2023, 0, 1)));

  test('the same series has nothing to tell but the overlap', () => {
    const findings = compareSeries(good, good);
    expect(codes(findings)).toEqual(['compared']);
    expect(findings[0]?.message).toContain('0 of 6,000 closes differ');
  });

  test('a constant shift of hours is a zone; one bar late is a label', () => {
    const shifted = (hours: number): Imported => imported({ ...good.series, ts: good.series.ts.map(t => t + hours * HOUR) });
    const [late] = faults(compareSeries(shifted(3), good));
    expect(late).toMatchObject({ code: 'wrong-zone', severity: 'error' });
    expect(late?.message).toContain('--zone +03:00');
    const [early] = faults(compareSeries(shifted(-5), good));
    expect(early?.message).toContain('--zone -05:00');
    const [label] = faults(compareSeries(shifted(1), good));
    expect(label).toMatchObject({ code: 'wrong-label', severity: 'error' });
    expect(label?.message).toContain('--label close');
  });

  test('a clock with daylight saving is named, and a label that stays wrong beside it', () => {
    const london = zone('Europe/London');
    const fine = randomBars(7, 13_000, '1h', Date.UTC(2022, 11, 31, 20));
    const windows = aggregate(fine, 8);
    const file = imported({ ...windows, ts: windows.ts.map(t => t + 4 * HOUR + london.offsetAt(t + 4 * HOUR)) });
    for (const source of [imported(windows), imported(fine)]) {
      const findings = faults(compareSeries(file, source));
      expect(codes(findings)).toEqual(['wrong-zone', 'wrong-label']);
      expect(findings[0]?.message).toContain('--zone Europe/London');
      expect(findings[1]?.message).toContain('middle of the bars, 4h after they open');
    }
  });

  test('the finer series is aggregated whichever side it is on', () => {
    const coarse = imported(aggregate(good.series, 8));
    expect(faults(compareSeries(coarse, good))).toEqual([]);
    expect(faults(compareSeries(good, coarse))).toEqual([]);
  });

  test('another random walk is another symbol', () => {
    expect(codes(faults(compareSeries(imported(randomBars(8, 6_000)), good)))).toEqual(['wrong-symbol']);
  });

  test('prices times 1000 are another scale', () => {
    const scaled = imported(mapped(good.series, (values, i) => (i < 4 ? values.map(v => v * 1000) : values)));
    const [found] = faults(compareSeries(scaled, good));
    expect(found?.code).toBe('different-scale');
    expect(found?.message).toContain('×1000');
  });

  test('a premium of 5 bp, other ticks and a fifth of the volume are another market', () => {
    const spot = imported(mapped(good.series, (values, i) => values.map(v => (i < 4 ? Math.round(v * 1.0005 * 1e4) / 1e4 : v / 5))));
    const [found] = faults(compareSeries(spot, good));
    expect(found).toMatchObject({ code: 'wrong-market', severity: 'error' });
    expect(found?.message).toMatch(/0\.0001.*0\.01/);
  });

  test('series without a common period are not compared, and it says so', () => {
    const later = imported(randomBars(7, 1_000, '1h', Date.UTC(2030, 0, 1)));
    expect(compareSeries(later, good)).toMatchObject([{ code: 'not-compared', severity: 'warning' }]);
    const funding = imported({ ...good.series, kind: 'funding', columns: good.series.columns.slice(0, 2) });
    expect(compareSeries(funding, good)).toMatchObject([{ code: 'not-compared', severity: 'warning' }]);
  });

  test('funding rates tell the zone of their clock and another market', () => {
    const rows = 900;
    const rates = (seed: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => ((i * 7919 * seed) % 997) * 1e-7);
    const series = (seed: number, shift: (t: number) => number): Imported =>
      imported({
        kind: 'funding',
        symbol: 'BTC/USDT:USDT',
        rows,
        ts: Float64Array.from({ length: rows }, (_, i) => shift(Date.UTC(2023, 0, 1) + (i * DAY) / 3)),
        columns: [rates(seed), new Float64Array(rows).fill(8 * HOUR)],
      });
    const honest = series(1, t => t);
    expect(faults(compareSeries(honest, honest))).toEqual([]);
    expect(
      compareSeries(
        series(1, t => t + 3 * HOUR + 7),
        honest,
      )[1]?.message,
    ).toContain('--zone +03:00');
    const london = zone('Europe/London');
    expect(
      compareSeries(
        series(1, t => t + london.offsetAt(t)),
        honest,
      )[1]?.message,
    ).toContain('--zone Europe/London');
    expect(
      compareSeries(
        series(2, t => t),
        honest,
      )[1],
    ).toMatchObject({ code: 'wrong-market', severity: 'error' });
  });
});

const DATA = '../shared/data/';
const read = async (file: string, options: Partial<ImportOptions> = {}): Promise<Imported> => {
  const [one] = await readFiles([DATA + file], { mode: 'report', symbol: 'BTC/USDT:USDT', ...options });
  if (!one) throw new Error('nothing read');
  return one;
};

describe.skipIf(!existsSync(DATA))('real pairs (needs ../shared/data)', () => {
  test('a file named futures that holds spot prices', async () => {
    const findings = compareSeries(await read('dirty/binance_BTCUSDT_1h_mislabelled.csv.gz'), await read('bybit-linear_BTCUSDT_1h.csv.gz'));
    const [found] = faults(findings);
    expect(found).toMatchObject({ code: 'wrong-market', severity: 'error', count: 2418 });
    expect(found?.message).toContain('prices move in 0.01 and not 0.1');
  });

  test('bars labelled in the middle of their window, in London time', async () => {
    const file = await read('dirty/multi-exchange_8h_local-time.csv.gz', { filter: { exchange: 'bybit', pair: 'BTCUSDT' } });
    for (const source of ['bybit-linear_BTCUSDT_8h_2023-01_2024-07.csv.gz', 'bybit-linear_BTCUSDT_1h.csv.gz']) {
      const findings = faults(compareSeries(file, await read(source)));
      expect(codes(findings)).toEqual(['wrong-zone', 'wrong-label']);
      expect(findings[0]?.message).toContain('--zone Europe/London');
      expect(findings[1]?.message).toContain('−4h');
    }
  });

  test('the same file read in London time against Binance has no fault left', async () => {
    const file = await read('dirty/multi-exchange_8h_local-time.csv.gz', {
      filter: { exchange: 'binance', pair: 'BTCUSDT' },
      zone: 'Europe/London',
    });
    expect(codes(compareSeries(file, await read('binance-usdm_BTCUSDT_8h_2023-01_2024-07.csv.gz')))).toEqual(['compared']);
  });

  test('funding in UTC+3', async () => {
    const good = await read('binance-usdm_BTCUSDT_funding_2020-2023.csv.gz');
    const [found] = faults(compareSeries(await read('dirty/binance_BTCUSDT_funding_local-time.csv.gz'), good));
    expect(found).toMatchObject({ code: 'wrong-zone', count: 4383 });
    expect(found?.message).toContain('--zone +03:00');
    expect(faults(compareSeries(await read('dirty/binance_BTCUSDT_funding_local-time.csv.gz', { zone: '+03:00' }), good))).toEqual([]);
  });

  test('ether for bitcoin', async () => {
    const findings = compareSeries(await read('bybit-linear_ETHUSDT_1h.csv.gz'), await read('bybit-linear_BTCUSDT_1h.csv.gz'));
    expect(codes(faults(findings))).toEqual(['wrong-symbol']);
  });

  test('the same market of another venue is only a warning', async () => {
    const findings = compareSeries(
      await read('binance-usdm_BTCUSDT_8h_2023-01_2024-07.csv.gz'),
      await read('bybit-linear_BTCUSDT_1h.csv.gz'),
    );
    expect(faults(findings)).toMatchObject([{ code: 'other-market', severity: 'warning' }]);
  });
});
