import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFiles } from '../../../src/datasets/import/read-files.js';
import type { ImportOptions } from '../../../src/datasets/import/options.js';
import type { Finding, Imported } from '../../../src/datasets/series.js';
import { formatTime } from '../../../src/time.js';

const DATA = '../shared/data/';
const read = async (file: string, options: Partial<ImportOptions> = {}): Promise<Imported> => {
  const [one] = await readFiles([DATA + file], { mode: 'report', ...options });
  if (!one) throw new Error('nothing read');
  return one;
};
const found = ({ findings }: Imported, code: string): Finding | undefined => findings.find(finding => finding.code === code);
const all = ({ findings }: Imported, code: string): Finding[] => findings.filter(finding => finding.code === code);

/** The figures expected here are those of SOURCES.md, or were counted in the files with awk. */
describe.skipIf(!existsSync(DATA))('real faulty files, imported as a stranger would (needs ../shared/data)', () => {
  test('BNX: 1:100 redenomination after a halt of 150 hours, on line 11250', async () => {
    const bnx = await read('dirty/binance-spot_BNXUSDT_1h.csv.gz');
    expect(found(bnx, 'redenomination')).toMatchObject({
      row: 11_250,
      severity: 'error',
      file: `${DATA}dirty/binance-spot_BNXUSDT_1h.csv.gz`,
    });
    expect(found(bnx, 'redenomination')?.message).toMatch(/1:100 .*150h.*175\.5.*1\.755/);
    expect(found(bnx, 'gap')).toMatchObject({ count: 150 });
  });

  test('FTT: nothing for 7,468 hours, on line 14135', async () => {
    const ftt = await read('dirty/binance-spot_FTTUSDT_1h.csv.gz');
    expect(found(ftt, 'long-halt')).toMatchObject({ row: 14_135, severity: 'error' });
    expect(found(ftt, 'long-halt')?.message).toContain('7,468 hours');
  });

  test('LUNA: another coin under the old name after 438 hours, on line 9667', async () => {
    const luna = await read('dirty/binance-spot_LUNAUSDT_1h.csv.gz');
    expect(found(luna, 'symbol-reuse')).toMatchObject({ row: 9_667, severity: 'error' });
    expect(found(luna, 'symbol-reuse')?.message).toMatch(/438h.*×171,116/);
    expect(found(luna, 'long-halt')?.message).toContain('438 hours');
  });

  test('NBT: 2,570 bars without volume and 4,942 flat ones', async () => {
    const nbt = await read('dirty/binance-spot_NBTUSDT_1h.csv.gz');
    expect(found(nbt, 'zero-volume')).toMatchObject({ count: 2_570, severity: 'warning' });
    expect(found(nbt, 'flat-run')).toMatchObject({ count: 4_942, severity: 'warning' });
  });

  test('mislabelled futures: two holes of exactly 500 bars', async () => {
    const holes = all(await read('dirty/binance_BTCUSDT_1h_mislabelled.csv.gz'), 'pagination-hole');
    expect(holes.map(({ row, count, severity }) => [row, count, severity])).toEqual([
      [1_002, 500, 'error'],
      [2_002, 500, 'error'],
    ]);
  });

  test('funding in a local clock: 3 h off the grid, with the zone to read it in', async () => {
    const local = await read('dirty/binance_BTCUSDT_funding_local-time.csv.gz');
    expect(local.series).toMatchObject({ kind: 'funding', symbol: 'BTC/USDT:USDT', rows: 4_383 });
    expect(found(local, 'local-time')).toMatchObject({ row: 2, count: 4_383, severity: 'error' });
    expect(found(local, 'local-time')?.message).toContain('--zone +03:00');
    const mended = await read('dirty/binance_BTCUSDT_funding_local-time.csv.gz', { zone: '+03:00' });
    const good = await read('binance-usdm_BTCUSDT_funding_2020-2023.csv.gz');
    expect(mended.series.ts).toEqual(good.series.ts);
    expect(mended.series.columns).toEqual(good.series.columns);
    expect(mended.findings.every(finding => finding.severity === 'info')).toBe(true);
  });

  test('Coinbase newest first: junk line, order, and five bars that repeat others', async () => {
    const file = 'dirty/coinbase_BTCUSD_1h_newest-first.csv.gz';
    const coinbase = await read(file);
    expect(coinbase.series).toMatchObject({ rows: 20_111, timeframe: '1h', symbol: 'BTC/USD' });
    expect(coinbase.source.reading['columns']).toContain('volume ← volume_btc');
    expect(found(coinbase, 'junk-line')).toMatchObject({ row: 1 });
    expect(found(coinbase, 'newest-first')).toMatchObject({ row: 3, severity: 'error' });
    expect(found(coinbase, 'out-of-order')).toMatchObject({ row: 16_901, count: 5, severity: 'error' });
    const block = found(coinbase, 'repeated-block');
    expect(block).toMatchObject({ row: 16_909, count: 5, severity: 'error' });
    expect(formatTime(block?.ts ?? 0)).toBe('2017-11-12 04:00');
    expect(found(coinbase, 'zero-volume')).toMatchObject({ count: 28 });
    expect(found(coinbase, 'gap')).toBeUndefined();
    expect([coinbase.series.ts[0], coinbase.series.ts.at(-1)]).toEqual([Date.UTC(2017, 6, 1, 11), Date.UTC(2019, 9, 17, 9)]);
    const repaired = await read(file, { mode: 'repair' });
    expect(found(repaired, 'newest-first')).toMatchObject({ severity: 'warning', repaired: 'sorted by time' });
  });

  test('many exchanges in one file: refused with the 18 series; one of them shows the clock of London', async () => {
    const file = 'dirty/multi-exchange_8h_local-time.csv.gz';
    await expect(read(file)).rejects.toMatchObject({ code: 'several-series', exitCode: 2, fix: expect.stringContaining('--filter') });
    await expect(read(file)).rejects.toThrow(/18 series.*exchange=bybit crypto=bitcoin pair=BTCUSDT contract=perpetual/);
    const filter = { exchange: 'binance', pair: 'BTCUSDT' };
    const symbol = 'BTC/USDT:USDT';
    const jump = found(await read(file, { filter, symbol }), 'clock-jump');
    expect(jump).toMatchObject({ row: 4_558, count: 3, severity: 'error' });
    expect(jump?.message).toMatch(/9h at line 4558 .*7h at line 16276.*--zone Europe\/London/);
    for (const [kind, good] of [
      ['bars', 'binance-usdm_BTCUSDT_8h_2023-01_2024-07.csv.gz'],
      ['funding', 'binance-usdm_BTCUSDT_funding_2023-01_2024-07.csv.gz'],
    ] as const) {
      const mended = await read(file, { filter, symbol, kind, zone: 'Europe/London' });
      expect(mended.findings.every(finding => finding.severity === 'info')).toBe(true);
      const reference = await read(good, { symbol });
      expect(mended.series.ts).toEqual(reference.series.ts);
      expect(mended.series.columns).toEqual(reference.series.columns);
    }
  });

  test('one-minute bars with 538 gaps', async () => {
    const gaps = await read('dirty/unknown-spot_BTC_1m_2017-11_gaps.csv.gz', { symbol: 'UNITTEST/BTC' });
    expect(found(gaps, 'sparse')).toMatchObject({ row: 8, count: 717, severity: 'warning' });
    expect(found(gaps, 'sparse')?.message).toContain('538 gaps');
  });

  test('clean files have neither errors nor warnings, and strict lets them pass', async () => {
    for (const name of ['BTCUSDT_1h', 'ETHUSDT_1h', 'SOLUSDT_1h', 'BTCUSDT_funding', 'BTCUSDT_mark_1h', 'BTCUSDT_quotes_1m_2022-12-13']) {
      const clean = await read(`bybit-linear_${name}.csv.gz`, { mode: 'strict' });
      expect(clean.findings.filter(finding => finding.severity !== 'info')).toEqual([]);
    }
  });

  test('recorded books, quotes and trades are read without loss', async () => {
    const book = await read('binance-usdm_BTCUSDT_2024-08-08_book_l2.csv.gz');
    expect(book.series).toMatchObject({ kind: 'book', rows: 445_521 });
    expect(book.findings.filter(finding => finding.severity === 'error')).toEqual([]);
    expect((await read('binance-usdm_BTCUSDT_2024-08-08_bookticker.csv.gz')).series).toMatchObject({ kind: 'quotes', rows: 66_089 });
    expect((await read('binance-usdm_BTCUSDT_2024-08-08_trades.csv.gz')).series).toMatchObject({ kind: 'trades', rows: 21_313 });
    expect((await read('binance-usdm_BTCUSDT_open-interest_1h.csv.gz')).series).toMatchObject({ kind: 'open-interest', rows: 168 });
  });
});
