import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { cachedLake } from '../../../src/cluster/lake/cached-lake.js';
import { PATIENCE } from '../../../src/cluster/lake/download.js';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { sha256 } from '../../contracts/lake.js';
import { cuttingServer, type Mood } from './cutting-server.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();
const SIZE = 1_000_000;
const BYTES = randomBytes(SIZE);
const HASH = sha256(BYTES);

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
const server = async (moods: readonly Mood[], bytes: Uint8Array = BYTES) => {
  const started = await cuttingServer(new Map([[HASH, bytes]]), moods);
  open.push(started.close);
  return { ...started, lake: openLake(started.url, { pauseMs: 1, silenceMs: 300 }) };
};

describe('a transfer that breaks off', () => {
  test('goes on where it stopped: no byte crosses twice', async () => {
    const { lake, requests, sent } = await server([{ cutAfter: 300_000 }, { cutAfter: 200_000 }, { cutAfter: 499_999 }]);
    expect(sha256(await lake.get(HASH))).toBe(HASH);
    expect(requests).toEqual(['GET whole', 'GET bytes=300000-', 'GET bytes=500000-', 'GET bytes=999999-']);
    expect(sent()).toBe(SIZE);
  });

  test('goes on as long as each try brings something', async () => {
    const { lake, requests } = await server(Array.from({ length: 20 }, () => ({ cutAfter: 40_000 })));
    expect(sha256(await lake.get(HASH))).toBe(HASH);
    expect(requests).toHaveLength(21);
  });

  test('begins anew where a server knows no ranges', async () => {
    const { lake, sent } = await server([{ cutAfter: 300_000 }, 'without ranges']);
    expect(sha256(await lake.get(HASH))).toBe(HASH);
    expect(sent()).toBe(SIZE + 300_000);
  });

  test('survives a server that is starting, and one that falls silent', async () => {
    const { lake, requests } = await server([{ status: 503 }, { status: 502 }, 'silent', 'well']);
    expect(sha256(await lake.get(HASH))).toBe(HASH);
    expect(requests).toHaveLength(4);
  });

  test('is given up after tries that brought nothing, in words', async () => {
    const { lake, requests } = await server(Array.from({ length: 9 }, () => ({ status: 503 })));
    await expect(lake.get(HASH)).rejects.toMatchObject({
      code: 'lake-unreachable',
      message: expect.stringMatching(/503/),
      fix: expect.anything(),
    });
    expect(requests).toHaveLength(PATIENCE.tries);
  });

  test('from nowhere is unreachable', async () => {
    const { url, close } = await server([]);
    await close();
    await expect(openLake(url, { pauseMs: 1 }).get(HASH)).rejects.toMatchObject({
      code: 'lake-unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('is fetched once more from its beginning when its halves do not fit, and is corrupt when that is no better', async () => {
    const spoilt = Buffer.from(BYTES);
    spoilt[10] = (spoilt[10] ?? 0) ^ 1;
    const { lake, requests } = await server([{ cutAfter: 300_000 }], spoilt);
    await expect(lake.get(HASH)).rejects.toMatchObject({ code: 'lake-corrupt' });
    expect(requests).toEqual(['GET whole', 'GET bytes=300000-', 'GET whole']);
  });

  test('leaves a part that another process goes on with', async () => {
    const cache = fresh();
    const part = join(cache, HASH.slice(0, 2), `${HASH}.part`);
    const first = await server([{ cutAfter: 400_000 }, ...Array.from({ length: 9 }, () => ({ status: 503 }))]);
    await expect(cachedLake(first.lake, cache, { limitBytes: 1e9, pauseMs: 1 }).get(HASH)).rejects.toMatchObject({
      code: 'lake-unreachable',
    });
    expect(statSync(part).size).toBe(400_000);
    const second = await server([]);
    const seen: object[] = [];
    const again = cachedLake(second.lake, cache, { limitBytes: 1e9, pauseMs: 1, onPart: each => seen.push(each) });
    expect(sha256(await again.get(HASH))).toBe(HASH);
    expect(second.requests).toEqual(['GET bytes=400000-']);
    expect(seen).toEqual([{ hash: HASH, bytes: 600_000, from: 'lake' }]);
    expect(existsSync(part)).toBe(false);
    expect(sha256(readFileSync(join(cache, HASH.slice(0, 2), HASH)))).toBe(HASH);
  });
});
