import fc from 'fast-check';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDB, streamDoubles } from '../src/duckdb.js';
import { readParquet, writeParquet } from '../src/parquet.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantai-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a table as a Parquet file', () => {
  it('comes back with every double and every text, whatever they are', async () => {
    const text = fc.option(
      fc.string({ unit: 'binary' }).filter(value => !value.includes('\0')),
      { nil: null },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.double(), text), { maxLength: 5000, size: 'max' }), async rows => {
        const path = join(folder, 'table.parquet');
        const numbers = Float64Array.from(rows, ([number]) => number);
        const texts = rows.map(([, value]) => value);
        await writeParquet(path, { 'a "number"': numbers, text: texts });
        const table = await readParquet(path);
        expect(table.rows).toBe(rows.length);
        expect(Object.keys(table.columns)).toEqual(['a "number"', 'text']);
        const back = table.columns['a "number"'];
        expect(back).toBeInstanceOf(Float64Array);
        expect([...(back ?? [])].every((value, i) => Object.is(value, numbers[i]))).toBe(true);
        expect(table.columns['text']).toEqual(texts);
      }),
      { numRuns: 15 },
    );
  });

  it('writes missing numbers as NULL, so that SQL averages what is there', async () => {
    const path = join(folder, 'missing.parquet');
    await writeParquet(path, { a: Float64Array.of(1, NaN, 3), b: [null, 2, 4] });
    const engine = await openDuckDB({ threads: 1 });
    const stream = await streamDoubles(
      engine.connection,
      `SELECT avg(a), count(a)::DOUBLE, avg(b), a FROM read_parquet('${path}') GROUP BY ALL ORDER BY a`,
    );
    expect((await stream.next())?.columns.map(column => [...column])).toEqual([
      [1, 3, NaN],
      [1, 1, 0],
      [NaN, 4, 2],
      [1, 3, NaN],
    ]);
    expect(await stream.next()).toBeUndefined();
    engine.close();
  });

  it('is the same file for the same table and appears under its name only when whole', async () => {
    const column = Float64Array.from({ length: 10_000 }, (_, i) => Math.sqrt(i));
    const paths = [join(folder, 'same-1.parquet'), join(folder, 'same-2.parquet')];
    for (const path of paths) await writeParquet(path, { column });
    const [a, b] = await Promise.all(paths.map(path => readFile(path)));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
    expect((await readdir(folder)).filter(name => name.endsWith('.tmp'))).toEqual([]);
  });

  it('refuses columns of different lengths and tables without columns', async () => {
    const path = join(folder, 'refused.parquet');
    await expect(writeParquet(path, { a: Float64Array.of(1), b: [] })).rejects.toThrow(/differ in length/);
    await expect(writeParquet(path, {})).rejects.toThrow(/no columns/);
    expect((await readdir(folder)).filter(name => name.startsWith('refused'))).toEqual([]);
  });
});

describe('the engine', () => {
  it('streams integers, decimals and NULLs as doubles, in order, over many chunks', async () => {
    const engine = await openDuckDB();
    const query = 'SELECT i, (i / 4)::DECIMAL(12, 2)::DOUBLE, CASE WHEN i % 3 = 0 THEN NULL ELSE i::DOUBLE END FROM range(10000) t(i)';
    const stream = await streamDoubles(engine.connection, query);
    let i = 0;
    for (let batch = await stream.next(); batch !== undefined; batch = await stream.next())
      for (let row = 0; row < batch.rows; row++, i++)
        expect(batch.columns.map(column => column[row])).toEqual([i, i / 4, i % 3 === 0 ? NaN : i]);
    expect(i).toBe(10_000);
    engine.close();
  });

  it('never loads an extension on demand, and can be locked to a folder for good', async () => {
    const engine = await openDuckDB({ readOnlyRoot: folder });
    const rejects = (sql: string): Promise<void> => expect(engine.connection.run(sql), sql).rejects.toThrow();
    await writeParquet(join(folder, 'inside.parquet'), { a: Float64Array.of(1) });
    expect((await engine.connection.runAndReadAll(`SELECT a FROM read_parquet('${join(folder, 'inside.parquet')}')`)).getRows()).toEqual([
      [1],
    ]);
    await rejects(`SELECT * FROM read_text('/etc/hostname')`);
    await rejects(`SELECT * FROM read_text('${folder}-other/x')`);
    await rejects(`SET enable_external_access = true`);
    await rejects(`SET allowed_directories = ['/']`);
    engine.close();
    const open = await openDuckDB();
    await expect(open.connection.run(`SELECT * FROM read_parquet('https://example.invalid/x.parquet')`)).rejects.toThrow(
      /httpfs|autoload/i,
    );
    open.close();
  });
});
