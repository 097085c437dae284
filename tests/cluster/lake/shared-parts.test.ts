import { deepStrictEqual } from 'node:assert';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SharedAddress } from '../../../src/cluster/lake/shared-parts.js';
import { fetchShared } from '../../../src/cluster/lake/fetch-shared.js';
import { openLake, type OpenLake } from '../../../src/cluster/lake/open-lake.js';
import { publishShared } from '../../../src/cluster/lake/publish-shared.js';
import { platformImports, withPlatformOf } from '../../../src/strategies/bundle.js';
import { loadStrategy, resolveStrategy } from '../../../src/strategies/load.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();

const there = async (
  shared: unknown,
  lake: OpenLake = openLake(fresh()),
): Promise<{ readonly address: SharedAddress; readonly back: unknown }> => {
  const address = await publishShared(shared, lake);
  return { address, back: await fetchShared(address, lake, { bundles: fresh() }) };
};

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(item => item.isFile())
    .map(item => join(item.parentPath, item.name));

const columns = fc.oneof(
  fc.float64Array({ maxLength: 9 }),
  fc.float32Array({ maxLength: 9 }),
  fc.int32Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.bigInt64Array({ maxLength: 9 }),
  // Large enough to be a part, and a window of a larger buffer.
  fc
    .integer({ min: 8_192, max: 9_000 })
    .map(length => new Float64Array(length + 3).map((_, i) => (i % 7 === 0 ? NaN : -i / 3)).subarray(3)),
);

const values = fc.anything({
  values: [
    fc.constantFrom(NaN, -0, Infinity, -Infinity, undefined, null),
    fc.double(),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc.bigInt(),
    fc.date(),
    columns,
  ],
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withNullPrototype: true,
  maxDepth: 4,
});

describe('what jobs share', () => {
  test('comes back as structured cloning gives it', async () => {
    const lake = openLake(fresh());
    const bundles = fresh();
    await fc.assert(
      fc.asyncProperty(values, async value => {
        const back = await fetchShared(await publishShared(value, lake), lake, { bundles });
        deepStrictEqual(back, structuredClone(value));
      }),
      { numRuns: 400 },
    );
  });

  test('keeps keys in their order, and __proto__ as a key', async () => {
    const { back } = await there({ b: 1, a: 2, ...JSON.parse('{"__proto__": 3}') });
    expect(Object.keys(back as object)).toEqual(['b', 'a', '__proto__']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  test('keeps what is in two places one, and a circle closed', async () => {
    const column = new Float64Array(10_000).fill(1.5);
    const instrument = { symbol: 'BTC/USDT:USDT' };
    const shared: Record<string, unknown> = { a: column, b: [column], c: instrument, d: new Map([[instrument, instrument]]) };
    shared['self'] = shared;
    const { back } = await there(shared);
    const made = back as { a: unknown; b: unknown[]; c: unknown; d: Map<unknown, unknown>; self: unknown };
    expect(made.b[0]).toBe(made.a);
    expect(made.d.get(made.c)).toBe(made.c);
    expect(made.self).toBe(made);
  });

  test('puts columns on shared memory, each content once', async () => {
    const lakeFolder = fresh();
    const lake = openLake(lakeFolder);
    const ts = new Float64Array(20_000).map((_, i) => i * 60_000);
    const { back, address } = await there({ chunks: [{ ts }, { ts: ts.slice() }, { ts: ts.subarray(0, 10_000) }] }, lake);
    const { chunks } = back as { chunks: readonly { ts: Float64Array }[] };
    expect(chunks[0]?.ts.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(chunks[0]?.ts.buffer).toBe(chunks[1]?.ts.buffer);
    expect(chunks[2]?.ts).toEqual(ts.subarray(0, 10_000));
    // Two contents and the document.
    expect(files(lakeFolder)).toHaveLength(3);
    const document = files(lakeFolder).find(path => path.endsWith(address.hash));
    expect(address.bytes).toBe(160_000 + 80_000 + readFileSync(document ?? '').length);
  });

  test('gives the same address for the same content, and sends nothing again', async () => {
    const lake = openLake(fresh());
    let puts = 0;
    const counting: OpenLake = { ...lake, put: (hash, bytes) => ((puts += 1), lake.put(hash, bytes)) };
    const make = () => ({ column: new Float64Array(10_000).fill(0.1), config: { seed: 1, from: -Infinity } });
    const first = await publishShared(make(), counting);
    expect(puts).toBe(2);
    expect(await publishShared(make(), counting)).toEqual(first);
    expect(puts).toBe(2);
  });

  test.each([
    ['a function', { config: { fees: () => 0 } }, /config\.fees is a function/],
    ['an object of a class', { list: [new URL('http://a')] }, /list\[0\] is of class URL/],
    ['a symbol', { a: Symbol('x') }, /a is a symbol/],
    ['a view without a type', { a: new DataView(new ArrayBuffer(8)) }, /a is of class DataView/],
  ])('refuses %s, and says where it stands', async (_, shared, message) => {
    await expect(publishShared(shared, openLake(fresh()))).rejects.toThrow(message);
  });

  test('says so when a part is gone, and when one is spoilt', async () => {
    const folder = fresh();
    const lake = openLake(folder);
    const address = await publishShared({ a: new Float64Array(10_000) }, lake);
    const part = files(folder).find(path => !path.endsWith(address.hash)) ?? '';
    writeFileSync(part, Buffer.alloc(80_000, 1));
    await expect(fetchShared(address, lake, { bundles: fresh() })).rejects.toMatchObject({ code: 'lake-corrupt' });
    await expect(
      fetchShared({ ...address, hash: address.hash.replace(/^./, x => (x === '0' ? '1' : '0')) }, lake, { bundles: fresh() }),
    ).rejects.toMatchObject({
      code: 'not-in-lake',
    });
  });

  test("brings a strategy's bundle, importable where the platform lies elsewhere", async () => {
    const home = fresh();
    const source = join(home, 'mine.ts');
    writeFileSync(
      source,
      "import { defineStrategy, target, bars } from 'quantai-trad';\nexport default defineStrategy({ name: 'mine', params: {}, needs: ({ universe, timeframe }) => bars(universe, timeframe), decide: bar => target(bar.symbol, 1) });\n",
    );
    const { ref } = await resolveStrategy(source, { cacheDir: join(home, 'cache') });
    const lake = openLake(join(home, 'lake'));
    const address = await publishShared({ strategy: ref, bundle: 'x' }, lake);
    // No path of this installation is in the lake.
    const text = files(join(home, 'lake'))
      .map(path => readFileSync(path, 'utf8'))
      .join('\n');
    expect(text).toContain('from "quantai-trad"');
    expect(text).not.toMatch(/^import .*"file:/m);
    const back = (await fetchShared(address, lake, { bundles: join(home, 'there') })) as { strategy: { bundle: string } };
    expect(back.strategy.bundle).toMatch(/there\/mine-[0-9a-f]{8}-[0-9a-f]{64}\.mjs$/);
    expect((await loadStrategy(back.strategy)).name).toBe('mine');
    // Whoever changes the file there is found out.
    writeFileSync(back.strategy.bundle, readFileSync(back.strategy.bundle, 'utf8').replace(', 1)', ', 2)'));
    await expect(loadStrategy(back.strategy)).rejects.toMatchObject({ code: 'altered-bundle' });
  });

  test('names the platform in a bundle as its author did, and back', () => {
    const text = 'import { a } from "quantai-trad";\nimport { map } from "rxjs/operators";\nconst x = "import from quantai-trad";\n';
    const here = withPlatformOf(text);
    expect(here).toMatch(/from "file:.*index\.(js|ts)";/);
    expect(platformImports(here)).toBe(text);
  });
});
