import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { readFiles } from '../../../src/datasets/import/read-files.js';
import type { ImportOptions } from '../../../src/datasets/import/options.js';
import { openDuckDB, sqlText } from '../../../src/duckdb.js';
import type { Finding, Imported, Series } from '../../../src/datasets/series.js';
import { UserError } from '../../../src/errors.js';
import { HOUR, MINUTE } from '../../../src/time.js';
import { codes, csvOf, randomBars } from '../quality/random-bars.js';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const read = (path: string, options: Partial<ImportOptions> = {}): Promise<Imported[]> =>
  readFiles([path], { mode: 'report', exchange: 'bybit', symbol: 'BTC/USDT:USDT', ...options });
const one = async (path: string, options: Partial<ImportOptions> = {}): Promise<Imported> => {
  const [first, ...rest] = await read(path, options);
  if (!first || rest.length > 0) throw new Error('expected one series');
  return first;
};
const refusal = async (promise: Promise<unknown>): Promise<UserError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${String(error)}`);
  return error;
};
const found = ({ findings }: Imported, code: string): Finding | undefined => findings.find(finding => finding.code === code);
const severe = ({ findings }: Imported): string[] => codes(findings.filter(finding => finding.severity !== 'info'));
const same = (series: Series, expected: Series): void => {
  expect(series.kind).toBe('bars');
  expect(series.timeframe).toBe(expected.timeframe);
  expect(series.ts).toEqual(expected.ts);
  expect(series.columns).toEqual(expected.columns);
};

const bars = randomBars(11, 300, '1h');
const csv = csvOf(bars);

describe('one series comes out the same from every format', () => {
  test('CSV, with and without byte order mark, CRLF and junk line', async () => {
    same((await one(file('a.csv', csv))).series, bars);
    same((await one(file('b.csv', `\ufeffDownloaded from somewhere\r\n${csv.replaceAll('\n', '\r\n')}`))).series, bars);
    same((await one(file('bom.csv', `\ufeff${csv.slice(csv.indexOf('\n') + 1)}`))).series, bars);
    const plain = await one(file('a.csv', csv));
    expect(plain.instrument).toMatchObject({
      tickSize: 0.01,
      kind: 'linear-perpetual',
      source: expect.stringContaining('tick inferred from prices, which are finer'),
    });
    expect(plain.source.reading).toMatchObject({ kind: 'bars', timeUnit: 'ms', zone: 'UTC', timeframe: '1h (from the spacing)' });
    expect(plain.source.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(codes(plain.findings)).toEqual(['not-compared']);
  });

  test('CSV.gz, and a zip whose entries are out of order', async () => {
    same((await one(file('a.csv.gz', gzipSync(csv)))).series, bars);
    const [header, ...lines] = csv.trimEnd().split('\n');
    const part = (from: number, to: number): Uint8Array => strToU8([header, ...lines.slice(from, to)].join('\n'));
    const zip = file('a.zip', zipSync({ 'feb.csv': part(150, 300), 'jan.csv': part(0, 150) }));
    const joined = await one(zip);
    same(joined.series, bars);
    expect(severe(joined)).toEqual([]);
  });

  test('a fault in an entry of an archive is located in that entry', async () => {
    const [header, ...lines] = csv.trimEnd().split('\n');
    const broken = lines.slice(150).with(7, (lines[157] ?? '').replace(/,[\d.]+,/, ',oops,'));
    const zip = file(
      'c.zip',
      zipSync({ 'jan.csv': strToU8([header, ...lines.slice(0, 150)].join('\n')), 'feb.csv': strToU8([header, ...broken].join('\n')) }),
    );
    const read = await one(zip);
    expect(found(read, 'malformed-number')).toMatchObject({ file: `${zip}!feb.csv`, row: 9, severity: 'error' });
    expect(found(read, 'malformed-number')?.message).toContain('"oops"');
    expect(found(read, 'gap')).toMatchObject({ file: `${zip}!feb.csv`, row: 10, count: 1 });
    expect(read.series.rows).toBe(299);
  });

  test('NDJSON of objects and of arrays', async () => {
    const rows = Array.from(bars.ts, (ts, i) => [ts, ...bars.columns.map(column => column[i])]);
    const objects = rows.map(([timestamp, open, high, low, close, volume]) =>
      JSON.stringify({ timestamp, open: String(open), high, low, close, volume }),
    );
    same((await one(file('a.ndjson', objects.join('\n')))).series, bars);
    same((await one(file('b.ndjson', rows.map(row => JSON.stringify(row)).join('\n')))).series, bars);
    const broken = await one(file('c.ndjson', objects.with(4, '{"timestamp": 1').join('\n')));
    expect(found(broken, 'malformed-line')).toMatchObject({ row: 5, count: 1, severity: 'error' });
  });

  test('Parquet, with times as numbers, timestamps and zoned timestamps', async () => {
    const engine = await openDuckDB({ threads: 1 });
    const path = file('source.csv', csv);
    const write = async (name: string, time: string): Promise<string> => {
      const out = join(folder, name);
      await engine.connection.run(
        `COPY (SELECT ${time} AS time, open, high, low, close, volume FROM read_csv(${sqlText(path)})) TO ${sqlText(out)} (FORMAT parquet)`,
      );
      return out;
    };
    same((await one(await write('a.parquet', 'ts'))).series, bars);
    const naive = await one(await write('b.parquet', 'epoch_ms(ts)'));
    same(naive.series, bars);
    expect(naive.source.reading['zone']).toContain('assumed');
    const zoned = await one(await write('c.parquet', 'epoch_ms(ts)::TIMESTAMPTZ'));
    same(zoned.series, bars);
    expect(zoned.source.reading['zone']).toBe('as written');
    engine.close();
    expect((await refusal(read(file('d.parquet', 'PAR1 and then nothing of worth')))).code).toBe('bad-parquet');
  });
});

describe('exchange archives', () => {
  test('Binance klines without header, in microseconds since 2025, a change of unit within the file being told', async () => {
    const minutes = randomBars(3, 120, '1m', Date.UTC(2025, 0, 1) - 60 * MINUTE);
    const line = (i: number): string => {
      const ts = minutes.ts[i] ?? 0;
      const micro = ts >= Date.UTC(2025, 0, 1);
      const [o, h, l, c, v] = minutes.columns.map(column => column[i] ?? 0);
      const [open, close] = micro ? [ts * 1000, (ts + MINUTE) * 1000 - 1] : [ts, ts + MINUTE - 1];
      return [open, o, h, l, c, v, close, (v ?? 0) * (c ?? 0), 10, 1, 1, 0].join(',');
    };
    const lines = Array.from({ length: 120 }, (_, i) => line(i));
    const micro = await one(file('BTCUSDT-1m-2025-01.zip', zipSync({ 'BTCUSDT-1m-2025-01.csv': strToU8(lines.slice(60).join('\n')) })), {
      exchange: 'binance',
    });
    expect(micro.series.ts[0]).toBe(Date.UTC(2025, 0, 1));
    expect(micro.series.timeframe).toBe('1m');
    expect(micro.source.reading).toMatchObject({ timeUnit: 'us', layout: 'Binance klines archive', header: 'none' });
    const mixed = await one(file('mixed.csv', lines.join('\n')));
    same(mixed.series, minutes);
    expect(found(mixed, 'mixed-time-units')).toMatchObject({ row: 61, count: 60, severity: 'warning' });
  });

  test('Binance aggTrades and trades: the taker sold when the buyer was the maker', async () => {
    const agg = await one(file('agg.csv', '1001,50000.1,0.5,1,2,1735603200123,True\n1002,50000.0,0.25,3,3,1735603200123,False\n'), {
      symbol: 'BTC/USDT',
    });
    expect(agg.series).toMatchObject({ kind: 'trades', rows: 2 });
    expect(agg.series.columns.map(column => [...column])).toEqual([
      [50000.1, 50000],
      [0.5, 0.25],
      [-1, 1],
    ]);
    const trades = await one(
      file(
        't.csv',
        '3735683259,50000.1,0.5,25000.05,1735603200123000,True,True\n3735683260,50000.2,0.5,25000.1,1735603200124000,False,True\n',
      ),
    );
    expect([...trades.series.ts]).toEqual([1735603200123, 1735603200124]);
    expect(trades.series.kind).toBe('trades');
  });

  test('Binance funding rates with their interval, Bybit trades in fractional seconds', async () => {
    const rates = [0, 1, 2, 3].map(i => `${1735689600000 + i * 4 * HOUR},4,0.0001`).join('\n');
    const funding = await one(file('BTCUSDT-fundingRate-2025-01.csv', `calc_time,funding_interval_hours,last_funding_rate\n${rates}\n`));
    expect(funding.series.kind).toBe('funding');
    expect([...(funding.series.columns[1] ?? [])]).toEqual([4, 4, 4, 4].map(h => h * HOUR));
    const bybit = await one(
      file(
        'BTCUSDT2020-03-25.csv',
        'timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n' +
          '1585180700.0647,BTCUSDT,Buy,0.042,6698.5,PlusTick,b1,2.8e+10,0.042,281.3\n1585180700.1,BTCUSDT,Sell,0.1,6698.5,ZeroMinusTick,b2,6.7e+10,0.1,669.8\n',
      ),
    );
    expect(bybit.series.ts[0]).toBeCloseTo(1585180700064.7, 3);
    expect([...(bybit.series.columns[2] ?? [])]).toEqual([1, -1]);
  });

  test('mark candles labelled by their open become the mark at the close', async () => {
    const rows = [0, 1, 2].map(i => `${Date.UTC(2024, 0, 1) + i * HOUR},100,103,99,${101 + i}`).join('\n');
    const mark = await one(file('BTC_mark_1h.csv', `ts,open,high,low,close\n${rows}\n`));
    expect(mark.series.kind).toBe('mark');
    expect([...mark.series.ts]).toEqual([1, 2, 3].map(h => Date.UTC(2024, 0, 1, h)));
    expect([...(mark.series.columns[0] ?? [])]).toEqual([101, 102, 103]);
    const index = await one(file('two.csv', `ts,price\n${Date.UTC(2024, 0, 1)},5\n${Date.UTC(2024, 0, 1, 1)},6\n`), { kind: 'index' });
    expect([...index.series.ts]).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 1, 1)]);
  });

  test('quotes, a book with snapshot and updates, open interest, and a universe of two symbols', async () => {
    const quotes = await one(
      file(
        'q.csv',
        'recv_ns,ts,update_id,bid,bid_qty,ask,ask_qty\n1723161255088169167,1723161256313,1,10,1,11,2\n1723161255088169168,1723161256313,2,12,1,11,2\n',
      ),
    );
    expect(quotes.series.columns.map(column => column[0])).toEqual([10, 1, 11, 2]);
    expect(found(quotes, 'crossed-quote')).toMatchObject({ row: 3, count: 1 });
    const book = await one(
      file(
        'b.csv',
        'ts,kind,first_id,last_id,prev_id,side,price,qty\n1723161256000,snapshot,,10,,bid,9,1\n1723161256001,update,11,12,10,ask,10,2\n1723161256002,update,15,16,14,ask,10,0\n',
      ),
    );
    expect(book.series.columns.map(column => column[1])).toEqual([-1, 10, 2, 0, 11, 12, 10]);
    expect(found(book, 'book-gap')).toMatchObject({ row: 4, count: 1 });
    const oi = await one(
      file('oi.csv', `create_time,symbol,sum_open_interest\n2024-01-01 00:00:00,BTCUSDT,5\n2024-01-01 00:05:00,BTCUSDT,6\n`),
    );
    expect(oi.series).toMatchObject({ kind: 'open-interest', rows: 2 });
    const universe = await read(
      file(
        'u.csv',
        `ts,symbol,listed\n${Date.UTC(2023, 0, 1)},AAAUSDT,1\n${Date.UTC(2023, 0, 1)},BBBUSDT,1\n${Date.UTC(2023, 6, 1)},BBBUSDT,0\n`,
      ),
    );
    expect(universe.map(({ series }) => [series.symbol, [...(series.columns[0] ?? [])]])).toEqual([
      ['AAA/USDT', [1]],
      ['BBB/USDT', [1, 0]],
    ]);
  });
});

describe('damage and doubt', () => {
  test('malformed numbers, missing fields, wrong field counts and impossible dates cost their row and are named', async () => {
    const lines = csv.trimEnd().split('\n');
    const damaged = lines
      .with(10, (lines[10] ?? '').replace(/^(\d+),[^,]*/, '$1,12x4'))
      .with(20, (lines[20] ?? '').replace(/^(\d+),[^,]*/, '$1,'))
      .with(30, `${lines[30]},extra`)
      .with(40, (lines[40] ?? '').replace(/^\d+/, 'noon'));
    const read = await one(file('damaged.csv', `${damaged.join('\n')}\n`));
    expect(found(read, 'malformed-number')).toMatchObject({ row: 11, count: 1, severity: 'error' });
    expect(found(read, 'missing-value')).toMatchObject({ row: 21, count: 1, severity: 'error' });
    expect(found(read, 'wrong-field-count')).toMatchObject({ row: 31, count: 1, severity: 'error' });
    expect(found(read, 'malformed-time')).toMatchObject({ row: 41, count: 1, severity: 'error' });
    expect(read.series.rows).toBe(296);
    expect(found(read, 'gap')).toMatchObject({ count: 4 });
  });

  test('a truncated gzip keeps its good rows and says where it ends', async () => {
    const packed = gzipSync(csv);
    const read = await one(file('cut.csv.gz', packed.subarray(0, Math.floor(packed.length * 0.6))));
    expect(read.series.rows).toBeGreaterThan(100);
    expect(read.series.rows).toBeLessThan(300);
    expect(read.series.ts).toEqual(bars.ts.slice(0, read.series.rows));
    expect(read.series.columns).toEqual(bars.columns.map(column => column.slice(0, read.series.rows)));
    expect(found(read, 'truncated-gzip')).toMatchObject({ severity: 'error', row: read.series.rows + 1 });
    const corrupt = Buffer.from(packed);
    corrupt[packed.length - 6] = (corrupt[packed.length - 6] ?? 0) ^ 255;
    expect(severe(await one(file('corrupt.csv.gz', corrupt)))).toContain('corrupt-gzip');
  });

  test('a truncated zip keeps its good rows', async () => {
    const packed = zipSync({ 'a.csv': strToU8(csv) }, { level: 6 });
    const read = await one(file('cut.zip', packed.subarray(0, Math.floor(packed.length * 0.6))));
    expect(read.series.rows).toBeGreaterThan(50);
    expect(read.series.ts).toEqual(bars.ts.slice(0, read.series.rows));
    expect(found(read, 'truncated-zip')).toMatchObject({ severity: 'error' });
  });

  test('newest first and exact repeats are mended with --repair and told; without it they stay errors but are not handed over', async () => {
    const [header, ...lines] = csv.trimEnd().split('\n');
    const path = file('newest.csv', [header, ...lines.toReversed().toSpliced(50, 0, lines.at(-50) ?? '')].join('\n'));
    for (const mode of ['report', 'repair'] as const) {
      const read = await one(path, { mode });
      same(read.series, bars);
      const severity = mode === 'repair' ? 'warning' : 'error';
      expect(found(read, 'newest-first')).toMatchObject({ severity, count: 301, ...(mode === 'repair' && { repaired: 'sorted by time' }) });
      expect(found(read, 'duplicate')).toMatchObject({ severity, count: 1 });
    }
    const refused = await refusal(read(path, { mode: 'strict' }));
    expect(refused).toMatchObject({ code: 'bad-data', exitCode: 3 });
    expect(refused.message).toContain('newest-first');
    expect(refused.message).toContain(`${path} line 2`);
  });

  test('rows that contradict each other are not handed over unless a rule says which to believe', async () => {
    const lines = csv.trimEnd().split('\n');
    const path = file('conflict.csv', lines.toSpliced(100, 0, (lines[99] ?? '').replace(/,[^,]*$/, ',7')).join('\n'));
    const read = await one(path);
    expect(found(read, 'conflicting-duplicate')).toMatchObject({ row: 101, count: 1, severity: 'error' });
    expect(read.series.rows).toBe(299);
    const first = await one(path, { duplicates: 'first' });
    same(first.series, bars);
    expect(found(first, 'conflicting-duplicate')).toMatchObject({ severity: 'warning' });
    expect((await one(path, { duplicates: 'last' })).series.columns[4]?.[98]).toBe(7);
  });

  test('several series in one file are refused with the list and the filter, which then takes one', async () => {
    const text =
      'time,exchange,pair,open,high,low,close,volume,funding rate\n' +
      [0, 8, 16]
        .flatMap(h =>
          ['BTCUSDT', 'ETHUSDT'].map(
            (pair, k) =>
              `2024-01-01 ${String(h).padStart(2, '0')}:00:00,okx,${pair},${10 + k},${12 + k},${9 + k},${11 + k},5,0.000${h + 1}`,
          ),
        )
        .join('\n');
    const path = file('several.csv', text);
    const error = await refusal(read(path));
    expect(error).toMatchObject({ code: 'several-series', exitCode: 2 });
    expect(error.message).toContain('pair=ETHUSDT (3 rows)');
    expect(error.fix).toContain('--filter "pair=BTCUSDT"');
    const eth = await one(path, { filter: { pair: 'ethusdt' }, symbol: 'ETH/USDT:USDT' });
    expect([...(eth.series.columns[0] ?? [])]).toEqual([11, 11, 11]);
    expect(found(eth, 'other-kind')?.message).toContain('--kind funding');
    const funding = await one(path, { filter: { pair: 'ETHUSDT' }, symbol: 'ETH/USDT:USDT', kind: 'funding' });
    expect([...(funding.series.columns[0] ?? [])]).toEqual([0.0001, 0.0009, 0.00017]);
    expect((await refusal(read(path, { filter: { pair: 'DOGE' } }))).message).toContain('BTCUSDT, ETHUSDT');
  });

  test('options override what is told: columns, label, zone, timeframe and units', async () => {
    const shuffled = csv.replace('ts,open,high,low,close,volume', 'x,a,b,c,d,e');
    const columns = { time: 'x', open: 'a', high: 2, low: 'c', close: 'd', volume: 'e' };
    same((await one(file('x.csv', shuffled), { columns })).series, bars);
    expect((await refusal(read(file('x.csv', shuffled)))).message).toContain('x, a, b, c, d, e');
    expect((await refusal(read(file('x.csv', shuffled), { columns: { ...columns, open: 'nothing' } }))).code).toBe('unknown-column');
    const closed = await one(file('a.csv', csv), { label: 'close' });
    expect(closed.series.ts[0]).toBe((bars.ts[0] ?? 0) - HOUR);
    const local = await one(file('a.csv', csv), { zone: '+03:00' });
    expect(local.series.ts[0]).toBe((bars.ts[0] ?? 0) - 3 * HOUR);
    expect((await refusal(read(file('a.csv', csv), { timeframe: '4h' }))).code).toBe('timeframe-mismatch');
    const custom = await one(file('a.csv', csv), { instrument: { tickSize: 0.5 } });
    expect(custom.instrument).toMatchObject({ tickSize: 0.5, source: expect.stringMatching(/; tickSize given by the user$/) });
  });

  test('a file of another market than named, an empty file and a missing one', async () => {
    const eth = csv
      .split('\n')
      .map((line, i) => (line === '' ? '' : i === 0 ? `symbol,${line}` : `ETHUSDT,${line}`))
      .join('\n');
    expect(found(await one(file('eth.csv', eth)), 'symbol-mismatch')).toMatchObject({ severity: 'error', row: 2 });
    expect((await refusal(read(file('empty.csv', '')))).exitCode).toBe(3);
    expect((await refusal(read(join(folder, 'none.csv')))).code).toBe('no-file');
  });

  test('a month missing between the files of one series is a gap', async () => {
    const [header, ...lines] = csv.trimEnd().split('\n');
    const paths = [lines.slice(0, 100), lines.slice(150)].map((rows, i) => file(`m${i}.csv`, [header, ...rows].join('\n')));
    const [, second] = await readFiles(paths, { mode: 'report', symbol: 'BTC/USDT:USDT' });
    expect(second && found(second, 'gap')).toMatchObject({ count: 50, file: paths[1] });
  });
});
