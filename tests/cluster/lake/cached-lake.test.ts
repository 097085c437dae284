import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { cachedLake } from '../../../src/cluster/lake/cached-lake.js';
import { openLake, type OpenLake } from '../../../src/cluster/lake/open-lake.js';
import { sha256 } from '../../contracts/lake.js';
import { overwrite } from './overwrite.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();

describe('a cache before a lake', () => {
  let remote: OpenLake;
  let transfers: string[];
  let cache: string;
  beforeEach(() => {
    const lake = openLake(fresh());
    transfers = [];
    cache = fresh();
    remote = {
      ...lake,
      transfer: (hash, from, signal) => {
        transfers.push(hash);
        return lake.transfer(hash, from, signal);
      },
    };
  });
  const put = async (size: number): Promise<string> => {
    const bytes = randomBytes(size);
    await remote.put(sha256(bytes), bytes);
    return sha256(bytes);
  };
  const fileOf = (hash: string): string => join(cache, hash.slice(0, 2), hash);
  const open = (limitBytes = 1e9) => cachedLake(remote, cache, { limitBytes, pauseMs: 1 });

  test('fetches a part once, for later processes too', async () => {
    const hash = await put(200_000);
    const first = open();
    await first.get(hash);
    await first.get(hash);
    expect(sha256(await open().get(hash))).toBe(hash);
    expect(transfers).toEqual([hash]);
  });

  test('fetches anew what was spoilt on its disk', async () => {
    const hash = await put(200_000);
    await open().get(hash);
    await overwrite(fileOf(hash), 100, Buffer.from('spoilt'));
    expect(sha256(await open().get(hash))).toBe(hash);
    expect(transfers).toHaveLength(2);
    expect(sha256(await open().get(hash))).toBe(hash);
    expect(transfers).toHaveLength(2);
  });

  test('lets go what was used longest ago beyond its limit', async () => {
    const lake = open(250_000);
    const hashes = [await put(100_000), await put(100_000), await put(100_000)] as const;
    const [a, b, c] = hashes;
    await lake.get(a);
    await lake.get(b);
    // Used an hour and two hours ago; the first is then used again.
    utimesSync(fileOf(a), Date.now() / 1000 - 7_200, Date.now() / 1000 - 7_200);
    utimesSync(fileOf(b), Date.now() / 1000 - 3_600, Date.now() / 1000 - 3_600);
    await lake.get(a);
    await lake.get(c);
    expect(hashes.map(hash => existsSync(fileOf(hash)))).toEqual([true, false, true]);
  });

  test('gives a part that is larger than its limit', async () => {
    const hash = await put(300_000);
    expect(sha256(await open(1_000).get(hash))).toBe(hash);
  });

  test('is shared by two workers: a part that both want crosses once', async () => {
    const hashes = await Promise.all(Array.from({ length: 6 }, () => put(150_000)));
    const [one, two] = [open(), open()];
    const got = await Promise.all([one, two].flatMap(lake => hashes.map(hash => lake.get(hash))));
    expect(got.map(sha256)).toEqual([...hashes, ...hashes]);
    expect(transfers.toSorted()).toEqual(hashes.toSorted());
    expect(readdirSync(cache, { recursive: true }).filter(name => /\.(part|lock)$/.test(String(name)))).toEqual([]);
  });

  test('goes on with a part of a process that was killed, whose last bytes are wrong', async () => {
    const hash = await put(200_000);
    mkdirSync(join(cache, hash.slice(0, 2)), { recursive: true });
    writeFileSync(`${fileOf(hash)}.part`, Buffer.alloc(50_000, 7));
    expect(sha256(await open().get(hash))).toBe(hash);
    expect(transfers).toHaveLength(2);
    expect(sha256(await open().get(hash))).toBe(hash);
    expect(transfers).toHaveLength(2);
  });

  test('takes over from a machine that is gone, and not from one that is at work', async () => {
    const hash = await put(200_000);
    const lock = `${fileOf(hash)}.lock`;
    const part = `${fileOf(hash)}.part`;
    mkdirSync(join(cache, hash.slice(0, 2)), { recursive: true });
    writeFileSync(lock, '17.0 a-container-that-is-gone');
    writeFileSync(part, '');
    const ago = Date.now() / 1000 - 150;
    utimesSync(lock, ago, ago);
    const got = open().get(hash);
    // Something of it came just now.
    expect(await Promise.race([got, pause(300)])).toBe(undefined);
    utimesSync(part, ago, ago);
    expect(sha256(await got)).toBe(hash);
    expect(existsSync(lock)).toBe(false);
  });

  test('is done without where its folder cannot be written to', async () => {
    const hash = await put(200_000);
    // A file where the folder would be: nobody, not even root, can write there.
    const blocked = join(fresh(), 'file');
    writeFileSync(blocked, '');
    chmodSync(blocked, 0o400);
    expect(sha256(await cachedLake(remote, blocked, { limitBytes: 1e9 }).get(hash))).toBe(hash);
  });

  test('says not-in-lake as the lake does, and leaves nothing', async () => {
    const hash = sha256(randomBytes(8));
    await expect(open().get(hash)).rejects.toMatchObject({ code: 'not-in-lake' });
    expect(readdirSync(join(cache, hash.slice(0, 2)))).toEqual([]);
  });
});
