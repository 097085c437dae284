import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountDesk } from '../../../src/dashboard/accounts/account-desk.js';
import { accountHandlers } from '../../../src/dashboard/accounts/account-handlers.js';
import { ENDPOINTS } from '../../../src/dashboard/api/endpoints.js';
import { API_ROOT, ROUTES, type EndpointName } from '../../../src/dashboard/api/routes.js';
import type { Platform } from '../../../src/dashboard/platform.js';
import { openJobs } from '../../../src/dashboard/workbench/jobs.js';
import { queueHandlers } from '../../../src/dashboard/queue/queue-handlers.js';
import { workbenchHandlers } from '../../../src/dashboard/workbench/workbench-handlers.js';
import { usageError } from '../../../src/errors.js';
import { ROLES } from '../../../src/promotion/people/role.js';
import { sampleRequest } from '../server/sample-requests.js';
import { HOST, ORIGIN, testServer, type Browser, type TestServer } from '../server/test-server.js';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
const TAG = '<script>alert(1)</script>';

/** Every file below a folder with what is in it and when it was written. */
const photograph = async (folder: string): Promise<string> => {
  const hash = createHash('sha256');
  const walk = async (at: string): Promise<void> => {
    for (const name of (await readdir(at)).sort()) {
      const path = join(at, name);
      const info = await stat(path);
      hash.update(`${path} ${info.mode} `);
      if (info.isDirectory()) await walk(path);
      else hash.update(`${info.mtimeMs} `).update(await readFile(path));
    }
  };
  await walk(folder);
  return hash.digest('hex');
};

/** A word of a path or query: what is meant, what is near it, and what only somebody with a plan would send. */
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('main', 'sample', '7', 'r1', 'BTC/USDT:USDT') },
  { weight: 2, arbitrary: fc.string({ maxLength: 30, unit: 'binary' }) },
  fc.constantFrom(
    '..',
    '../../etc/passwd',
    '%2e%2e',
    '\0',
    'a'.repeat(500),
    TAG,
    "'; DROP TABLE runs; --",
    '-1',
    '1e309',
    'NaN',
    '__proto__',
    '',
    '--as',
    '--workspace=/',
  ),
);
const encoded = word.map(text => {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
});
/** Escapes that no browser would send. */
const rawWord = fc.oneof(
  { weight: 8, arbitrary: encoded },
  fc.constantFrom('%', '%zz', '%E0%A4%A', '%00', '..%2f..%2f', '//', '?', '#', ';a=b', '%252e%252e'),
);

const url = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.array(rawWord, { minLength: 2, maxLength: 2 }),
    fc.array(
      fc.tuple(fc.constantFrom('after', 'limit', 'from', 'symbol', 'runs', 'text', 'topics', 'account', '__proto__', 'x'), rawWord),
      { maxLength: 3 },
    ),
    fc.constantFrom('', '/', '/..', '//', '/x'),
  )
  .map(([name, words, query, end]) => {
    const [, path = ''] = ROUTES[name].split(' ');
    let n = 0;
    const filled = path.replace(/:\w+/g, () => words[n++] ?? '');
    return `${API_ROOT}${filled}${end}${query.length === 0 ? '' : `?${query.map(([key, value]) => `${key}=${value}`).join('&')}`}`;
  });

const body = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES).map(name => JSON.stringify(sampleRequest(name).body ?? {})) },
  { weight: 3, arbitrary: fc.json() },
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc.constantFrom(
    '',
    'null',
    '{"__proto__":{"x":1}}',
    '['.repeat(5000),
    `{"value":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    `"${TAG}"`,
    'x'.repeat(300_000),
    '\u0000',
    '1e999',
  ),
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/xml',
  'multipart/form-data',
  TAG,
  '',
);

/** What an answer must never be. */
const wrongWith = (answer: { statusCode: number; body: string; headers: Record<string, unknown> }): string | null => {
  if (answer.statusCode >= 500) return `${answer.statusCode}: ${answer.body}`;
  if (/\bat .+\.(?:ts|js):\d+/.test(answer.body)) return `a stack trace: ${answer.body}`;
  if (answer.statusCode >= 400 && /<script/i.test(answer.body)) return `an echo: ${answer.body}`;
  if (answer.body !== '' && answer.headers['x-content-type-options'] !== 'nosniff') return 'no nosniff';
  return null;
};

let server: TestServer;
let owner: Browser;
let viewer: Browser;
beforeAll(async () => {
  server = await testServer();
  server.people.set('chief', { roles: ROLES }).set('viewer', { roles: ['viewer'] });
  owner = await server.enter('chief');
  viewer = await server.enter('viewer');
});
afterAll(() => server.close());

describe('whatever is sent', () => {
  it('by somebody who may not: no write is done, nothing is written, no answer is a 5xx, a trace or an echo', async () => {
    const before = await photograph(server.folder);
    const clock = server.clock.now;
    const intruder = fc.constantFrom<readonly [name: string, headers: Record<string, string>]>(
      ['nobody', { host: HOST, origin: ORIGIN }],
      ['a foreign page', { host: HOST, origin: 'http://evil.example', cookie: owner.cookie, 'x-csrf-token': owner.csrf }],
      ['without the word', { host: HOST, origin: ORIGIN, cookie: owner.cookie }],
      ['with the word of another', { host: HOST, origin: ORIGIN, cookie: owner.cookie, 'x-csrf-token': viewer.csrf }],
      ['under a foreign name', { host: 'evil.example', origin: 'http://evil.example', cookie: owner.cookie, 'x-csrf-token': owner.csrf }],
      ['with a made-up token', { host: HOST, authorization: `Bearer qat_${'x'.repeat(43)}` }],
      ['with a made-up cookie', { host: HOST, origin: ORIGIN, cookie: `quantai_session_4780=${'x'.repeat(43)}`, 'x-csrf-token': 'x' }],
    );
    await fc.assert(
      fc.asyncProperty(intruder, method, url, contentType, body, async ([name, headers], verb, path, type, payload) => {
        const handled = server.handled.length;
        const answer = await server.app.inject({
          method: verb as 'GET',
          url: path,
          headers: { ...headers, ...(type !== '' && { 'content-type': type }) },
          ...(verb !== 'GET' && verb !== 'HEAD' && { payload }),
        });
        // Guessing on and on would be slowed down, which is tested elsewhere.
        server.clock.now += 3_600_000;
        expect([name, verb, path, wrongWith(answer)]).toEqual([name, verb, path, null]);
        const done = server.handled.slice(handled).filter(each => !ROUTES[each.name as EndpointName].startsWith('GET'));
        expect([name, verb, path, done]).toEqual([name, verb, path, []]);
      }),
      { numRuns: 3_000 },
    );
    server.clock.now = clock;
    expect(await photograph(server.folder)).toBe(before);
    expect(server.defects).toEqual([]);
  });

  it('by somebody who is logged in, to handlers over a real folder: no answer is a 5xx, and reading writes nothing', async () => {
    const folder = server.folder;
    const refuse = () => Promise.reject(usageError('unknown-thing', 'There is no such thing.'));
    const platform = {
      workspace: folder,
      version: '0',
      owner: 'owner',
      ask: refuse,
      tell: refuse,
      people: () => Promise.resolve(new Map()),
      begin: () => ({ pid: null, ended: Promise.resolve({ exitCode: 0, document: null, said: '' }), cancel: () => undefined }),
    } satisfies Platform;
    const jobs = await openJobs({ platform, file: join(folder, 'jobs.ndjson') });
    const real = await testServer({
      handlers: {
        ...workbenchHandlers({ platform, jobs }),
        ...queueHandlers(null),
        ...accountHandlers({ platform, desk: accountDesk(folder), audit: () => Promise.resolve() }),
      },
    });
    const reader = await real.enter('owner');
    const before = await photograph(folder);
    await fc.assert(
      fc.asyncProperty(url, async path => {
        // The stream does not end.
        if (path.startsWith(`${API_ROOT}/stream`)) return;
        const answer = await real.send(reader, 'GET', path);
        expect([path, wrongWith(answer), real.defects.splice(0)]).toEqual([path, null, []]);
      }),
      { numRuns: 1_000 },
    );
    expect(await photograph(folder)).toBe(before);
    await fc.assert(
      fc.asyncProperty(method, url, contentType, body, async (verb, path, type, payload) => {
        const answer = await real.app.inject({
          method: verb as 'GET',
          url: path,
          headers: {
            host: HOST,
            origin: ORIGIN,
            cookie: reader.cookie,
            'x-csrf-token': reader.csrf,
            ...(type !== '' && { 'content-type': type }),
          },
          ...(verb !== 'GET' && verb !== 'HEAD' && { payload }),
        });
        real.clock.now += 60_000;
        expect([verb, path, wrongWith(answer), real.defects.splice(0)]).toEqual([verb, path, null, []]);
        // It may have logged out, or be idle for too long by now.
        if (answer.statusCode === 401) Object.assign(reader, await real.enter('owner'));
      }),
      { numRuns: 1_000 },
    );
    await jobs.close();
    await real.close();
  });

  it('as bytes that are hardly HTTP: the server answers with 4xx or hangs up, and goes on', async () => {
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const address = server.app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const send = (bytes: string): Promise<string> =>
      new Promise(resolve => {
        let text = '';
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes, 'latin1'));
        socket.setTimeout(2_000, () => socket.destroy());
        socket.on('data', part => (text += part.toString('latin1')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(text));
      });
    const line = fc.tuple(
      fc.constantFrom('GET', 'POST', 'TRACE', 'CONNECT', 'FOO', 'get', ''),
      fc.oneof(url, fc.constantFrom('*', 'http://evil.example/', '/\u00ff', ' ', '/a b')),
      fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', 'X'),
    );
    const header = fc.oneof(
      fc.constant(`Host: 127.0.0.1:${port}`),
      fc.constantFrom(
        'Content-Length: 5',
        'Content-Length: -1',
        'Content-Length: 99999999999',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: chunked, identity',
        'X: \u0000',
        `Cookie: ${'a=b; '.repeat(800)}`,
        'Expect: 100-continue',
        'Upgrade: websocket',
        'no colon',
        `X-Long: ${'y'.repeat(20_000)}`,
      ),
    );
    await fc.assert(
      fc.asyncProperty(line, fc.array(header, { maxLength: 4 }), body, async ([verb, path, version], headers, rest) => {
        const answer = await send(
          `${verb} ${path} ${version}\r\n${headers.map(each => `${each}\r\n`).join('')}Connection: close\r\n\r\n${rest.slice(0, 2_000)}`,
        );
        const [, status = ''] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
        expect([verb, path, headers, status === '' || Number(status) < 500, /\bat .+\.(?:ts|js):\d+/.test(answer)]).toEqual([
          verb,
          path,
          headers,
          true,
          false,
        ]);
      }),
      { numRuns: 500 },
    );
    expect((await fetch(`http://127.0.0.1:${port}${API_ROOT}/health`)).status).toBe(200);
    expect(server.defects).toEqual([]);
  });
});
