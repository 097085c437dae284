import { createHash, randomBytes } from 'node:crypto';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenLake } from '../../src/cluster/lake/open-lake.js';
import { overwrite } from '../cluster/lake/overwrite.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A lake under test. */
export interface OpenedLake {
  readonly lake: OpenLake;
  /** The folder behind it, for a test that spoils what is there. */
  readonly folder: string;
  close(): Promise<void>;
}

/** What every lake promises. */
export const lakeContract = (name: string, open: () => Promise<OpenedLake>): void => {
  describe(`${name} is a lake`, () => {
    let opened: OpenedLake;
    let lake: OpenLake;
    beforeEach(async () => {
      opened = await open();
      lake = opened.lake;
    });
    afterEach(() => opened.close());
    const fileOf = (hash: string): string => join(opened.folder, hash.slice(0, 2), hash);

    test.each([0, 1, 65_536, 3_000_001])('gives back what was put: %i bytes, on shared memory of their size', async size => {
      const bytes = randomBytes(size);
      const hash = sha256(bytes);
      expect(await lake.has(hash)).toBe(false);
      await lake.put(hash, bytes);
      expect(await lake.has(hash)).toBe(true);
      const back = await lake.get(hash);
      expect(back.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(back.buffer.byteLength).toBe(size);
      expect(sha256(back)).toBe(hash);
    });

    test('takes columns on shared memory, and a window of a larger buffer', async () => {
      const all = new Float64Array(new SharedArrayBuffer(8 * 40_000)).map((_, i) => i / 3);
      const window = new Uint8Array(all.buffer, 8_000, 160_000);
      const hash = sha256(window);
      await lake.put(hash, window);
      expect(sha256(await lake.get(hash))).toBe(hash);
    });

    test('keeps once what is put twice, by several at the same time too', async () => {
      const bytes = randomBytes(500_000);
      const hash = sha256(bytes);
      await Promise.all(Array.from({ length: 5 }, () => lake.put(hash, bytes)));
      await lake.put(hash, bytes);
      expect(sha256(await lake.get(hash))).toBe(hash);
    });

    test('refuses content that is not what its hash says', async () => {
      const hash = sha256(randomBytes(10));
      await expect(lake.put(hash, randomBytes(200_000))).rejects.toThrow(/hash|content/);
      expect(await lake.has(hash)).toBe(false);
    });

    test('says not-in-lake for what it does not have, with a fix', async () => {
      await expect(lake.get(sha256(randomBytes(9)))).rejects.toMatchObject({
        code: 'not-in-lake',
        exitCode: 1,
        fix: expect.stringContaining('publish'),
      });
    });

    test('says lake-corrupt when a byte turned, and when the end is gone', async () => {
      const bytes = randomBytes(300_000);
      const hash = sha256(bytes);
      await lake.put(hash, bytes);
      await overwrite(fileOf(hash), 150_000, Buffer.from([(bytes[150_000] ?? 0) ^ 1]));
      await expect(lake.get(hash)).rejects.toMatchObject({ code: 'lake-corrupt', exitCode: 3 });
      await rm(fileOf(hash));
      await lake.put(hash, bytes);
      await truncate(fileOf(hash), 299_999);
      await expect(lake.get(hash)).rejects.toMatchObject({ code: 'lake-corrupt' });
    });

    test('begins in the middle when asked to', async () => {
      const bytes = randomBytes(100_000);
      const hash = sha256(bytes);
      await lake.put(hash, bytes);
      for (const from of [0, 1, 99_999, 100_000]) {
        const { from: first, chunks } = await lake.transfer(hash, from);
        const got: Uint8Array[] = [];
        for await (const chunk of chunks) got.push(chunk);
        expect(first).toBe(from);
        expect(Buffer.concat(got).equals(bytes.subarray(from))).toBe(true);
      }
    });

    test('stops when it is told to', async () => {
      const bytes = randomBytes(2_000_000);
      await lake.put(sha256(bytes), bytes);
      await expect(lake.get(sha256(bytes), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    });

    test('lists versions of datasets, the newest last', async () => {
      const versions = ['a', 'b'].map(text => sha256(Buffer.from(text)));
      expect(await lake.versions('btc')).toEqual([]);
      // A version counts once its manifest and files are there: these name no files.
      const manifests = versions.map((_, i) => Buffer.from(JSON.stringify({ format: 1, series: [], i })));
      const [a = '', b = ''] = manifests.map(sha256);
      for (const manifest of manifests) await lake.put(sha256(manifest), manifest);
      await lake.addVersion('btc', a);
      await lake.addVersion('btc', b);
      expect(await lake.versions('btc')).toEqual([a, b]);
      await lake.addVersion('btc', a);
      expect(await lake.versions('btc')).toEqual([b, a]);
      expect(await lake.versions('eth')).toEqual([]);
    });
  });
};
