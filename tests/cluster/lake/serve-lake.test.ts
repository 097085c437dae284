import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderError } from '../../../src/cluster/lake/lake-errors.js';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { pruneLake } from '../../../src/cluster/lake/prune-lake.js';
import { serveLake, type LakeServer, type LakeServerOptions } from '../../../src/cluster/lake/serve-lake.js';
import { sha256 } from '../../contracts/lake.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();
const TOKEN = 'a token of the test';
const BYTES = randomBytes(100_000);
const HASH = sha256(BYTES);
const PATH = `/${HASH.slice(0, 2)}/${HASH}`;

describe('the server of a lake', () => {
  let server: LakeServer;
  let folder: string;
  const start = async (options: Partial<LakeServerOptions> = {}): Promise<void> => {
    folder = fresh();
    server = await serveLake({ folder, host: '127.0.0.1', port: 0, token: TOKEN, ...options });
  };
  beforeEach(() => start());
  afterEach(() => server.close());

  const ask = (path: string, { token = TOKEN, ...init }: RequestInit & { readonly token?: string | null } = {}): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      ...init,
      headers: { ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    });
  const put = (token: string | null = TOKEN, path = PATH, body = BYTES): Promise<Response> =>
    ask(path, { token, method: 'PUT', body: new Uint8Array(body) });

  test('lets nobody write or read without the token', async () => {
    expect((await put(null)).status).toBe(403);
    expect((await put('another')).status).toBe(403);
    expect(existsSync(join(folder, HASH.slice(0, 2)))).toBe(false);
    expect((await put()).status).toBe(201);
    expect((await ask(PATH, { token: null })).status).toBe(403);
    expect((await ask(PATH, { token: TOKEN.slice(1) })).status).toBe(403);
    expect((await ask(PATH)).status).toBe(200);
  });

  test('tells a client without the token so, in words and without the token that it has', async () => {
    const lake = openLake(server.url, { token: 'a wrong token, kept secret', pauseMs: 1 });
    const refused = await lake.put(HASH, BYTES).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'lake-refused', exitCode: 4, fix: expect.stringContaining('QUANTAI_LAKE_TOKEN') });
    expect(String(refused)).not.toContain('kept secret');
  });

  test('reads openly, and writes not at all, when it was started so', async () => {
    await put();
    await server.close();
    server = await serveLake({ folder, host: '127.0.0.1', port: 0, token: undefined });
    expect((await ask(PATH, { token: null })).status).toBe(200);
    expect((await put()).status).toBe(403);
    await server.close();
    server = await serveLake({ folder, host: '127.0.0.1', port: 0, token: TOKEN, openReads: true });
    expect((await ask(PATH, { token: null })).status).toBe(200);
    expect((await put(null)).status).toBe(403);
  });

  test('answers ranges and conditions as static servers do', async () => {
    await put();
    const middle = await ask(PATH, { headers: { range: 'bytes=100-199' } });
    expect([middle.status, middle.headers.get('content-range'), middle.headers.get('etag')]).toEqual([
      206,
      'bytes 100-199/100000',
      `"${HASH}"`,
    ]);
    expect(Buffer.from(await middle.arrayBuffer()).equals(BYTES.subarray(100, 200))).toBe(true);
    expect((await ask(PATH, { headers: { range: 'bytes=100000-' } })).status).toBe(416);
    expect((await ask(PATH, { headers: { range: 'bytes=5-', 'if-range': '"another"' } })).status).toBe(200);
    expect((await ask(PATH, { headers: { 'if-none-match': `"${HASH}"` } })).status).toBe(304);
    const head = await ask(PATH, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '100000']);
  });

  test.each([
    '/',
    '/..%2f..%2fetc/passwd',
    '/../../etc/passwd',
    `/ab/${HASH.slice(1)}`,
    `/zz/${HASH}`,
    `/${HASH.startsWith('00') ? '01' : '00'}/${HASH}`,
    `${PATH}?x=1`,
    `${PATH}.tmp`,
    '/datasets/..%2fHEAD.json',
    '/datasets/.json',
    `/${HASH}`,
  ])('knows no path %s', async path => {
    await put();
    // As it stands, without a client that tidies it.
    const answer = await new Promise<string>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () =>
        socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\n\r\n`),
      );
      let text = '';
      socket.on('data', data => (text += String(data))).on('end', () => resolve(text));
    });
    expect(answer.split('\r\n', 1)[0]).toBe('HTTP/1.1 404 Not Found');
  });

  test('takes nothing that has another hash, leaves nothing of it, and serves the right one after', async () => {
    expect((await put(TOKEN, PATH, randomBytes(100_000))).status).toBe(422);
    expect(readdirSync(join(folder, HASH.slice(0, 2)))).toEqual([]);
    expect((await put()).status).toBe(201);
    expect((await put()).status).toBe(204);
  });

  test('takes nothing larger than its limit, said before or found out', async () => {
    await server.close();
    await start({ maxPartBytes: 99_999 });
    expect((await put()).status).toBe(413);
    const stream = new ReadableStream({
      start: controller => {
        controller.enqueue(new Uint8Array(BYTES));
        controller.close();
      },
    });
    const said = await ask(PATH, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit).then(
      response => response.status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(said);
    expect(readdirSync(join(folder, HASH.slice(0, 2)))).toEqual([]);
    await expect(openLake(server.url, { token: TOKEN, pauseMs: 1 }).put(HASH, BYTES)).rejects.toMatchObject({
      code: 'lake-unreachable',
      message: expect.stringContaining('413'),
    });
  });

  test('keeps nothing of a writer that went away', async () => {
    await new Promise<void>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(`PUT ${PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 100000\r\n\r\n`);
        socket.write(BYTES.subarray(0, 50_000), () => setTimeout(() => socket.destroy(), 50));
      });
      socket.on('close', () => resolve());
    });
    await expect.poll(() => readdirSync(join(folder, HASH.slice(0, 2)))).toEqual([]);
  });

  test.each([
    ['a file', { series: [{ files: [{ path: 'a.parquet', sha256: '../secret.txt', bytes: 6 }] }] }],
    ['its parent', { series: [], parent: '../secret.txt' }],
    ['a file by a number', { series: [{ files: [{ path: 'a.parquet', sha256: 7, bytes: 6 }] }] }],
  ])('looks for nothing beside the folder when a manifest names %s by a path', async (_what, more) => {
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const manifest = Buffer.from(JSON.stringify({ format: 1, ...more }));
    await ask(`/${sha256(manifest).slice(0, 2)}/${sha256(manifest)}`, { method: 'PUT', body: new Uint8Array(manifest) });
    const answer = await ask('/datasets/btc.json', { method: 'PUT', body: sha256(manifest) });
    expect([answer.status, await answer.text()]).toEqual([422, 'that version is no manifest of a dataset\n']);
    expect((await ask('/datasets/btc.json')).status).toBe(404);
    await expect(openLake(folder).has('../secret.txt')).rejects.toThrow(RangeError);
    await expect(openLake(folder).get('../secret.txt')).rejects.toThrow(RangeError);
  });

  test('lists no version whose parts are not all there', async () => {
    const manifest = Buffer.from(JSON.stringify({ format: 1, series: [{ files: [{ path: 'a.parquet', sha256: HASH, bytes: 100_000 }] }] }));
    const lake = openLake(server.url, { token: TOKEN, pauseMs: 1 });
    await lake.put(sha256(manifest), manifest);
    await expect(lake.addVersion('btc', sha256(manifest))).rejects.toMatchObject({
      message: expect.stringContaining('1 parts of that version are not here'),
    });
    await lake.put(HASH, BYTES);
    await lake.addVersion('btc', sha256(manifest));
    expect(await lake.versions('btc')).toEqual([sha256(manifest)]);
  });
});

describe('pruning a lake', () => {
  const longAgo = Date.now() / 1000 - 40 * 86_400;
  const monthAgo = Date.now() - 30 * 86_400_000;

  test('removes what nobody used, and never what a dataset needs', async () => {
    const folder = fresh();
    const lake = openLake(folder);
    const put = async (bytes: Uint8Array): Promise<string> => {
      await lake.put(sha256(bytes), bytes);
      const path = join(folder, sha256(bytes).slice(0, 2), sha256(bytes));
      utimesSync(path, longAgo, longAgo);
      return sha256(bytes);
    };
    const old = await put(randomBytes(1_000));
    const read = await put(randomBytes(1_000));
    const asked = await put(randomBytes(1_000));
    const month = await put(randomBytes(1_000));
    const manifest = await put(
      Buffer.from(JSON.stringify({ format: 1, series: [{ files: [{ path: 'a.parquet', sha256: month, bytes: 1_000 }] }] })),
    );
    await lake.addVersion('btc', manifest);
    await lake.get(read);
    await lake.has(asked);
    const left = join(folder, 'ab', 'x.1-1.tmp');
    mkdirSync(join(folder, 'ab'), { recursive: true });
    writeFileSync(left, 'x');
    utimesSync(left, longAgo, longAgo);
    expect(await pruneLake(folder, monthAgo)).toMatchObject({ parts: 2, bytes: 1_001 });
    expect(await Promise.all([old, read, asked, month, manifest].map(hash => lake.has(hash)))).toEqual([false, true, true, true, true]);
  });

  test('removes nothing when it cannot tell what a dataset needs', async () => {
    const folder = fresh();
    const lake = openLake(folder);
    await lake.put(HASH, BYTES);
    mkdirSync(join(folder, 'datasets'));
    writeFileSync(join(folder, 'datasets', 'btc.json'), '{');
    await expect(pruneLake(folder, Date.now() + 1_000)).rejects.toThrow();
    expect(await lake.has(HASH)).toBe(true);
  });
});

describe('the address of a lake', () => {
  test.each([
    ['', /empty/],
    ['ftp://a/b', /nothing is known of ftp/],
    ['http://me:secret@host/lake', /QUANTAI_LAKE_TOKEN/],
    ['http://', /no address/],
    ['https://host/lake?x=1', /ends with its path/],
  ])('%s is refused with a fix', (url, message) => {
    expect(() => openLake(url)).toThrow(message);
    try {
      openLake(url);
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-lake', exitCode: 2 });
      expect(String(error)).not.toContain('secret');
    }
  });

  test('a relative folder is told to workers as an absolute one', () => {
    expect(openLake('some/lake').url).toBe(join(process.cwd(), 'some/lake'));
  });
});

test('a full disk, a folder of others and a share that is gone are told in words', () => {
  const said = (code: string) => folderError('/mnt/lake', Object.assign(new Error(code), { code }));
  expect(said('ENOSPC')).toMatchObject({ code: 'lake-full', message: 'The disk of /mnt/lake is full.' });
  expect(said('EACCES')).toMatchObject({ code: 'lake-refused' });
  expect(said('ESTALE')).toMatchObject({ code: 'lake-unreachable' });
});
