import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROOT } from '../../../src/dashboard/api/routes.js';
import { PAGE_PATHS } from '../../../src/dashboard/server/serve-pages.js';
import { readFileSync } from 'node:fs';
import { HOST, ORIGIN, testServer, type Browser, type TestServer } from './test-server.js';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await testServer();
  browser = await server.enter('owner');
});
afterAll(() => server.close());

const command = { command: 'halt' };
const COMMAND = `${API_ROOT}/accounts/main/command`;
const codeOf = (answer: { json: <T>() => T }): string => answer.json<{ error: { code: string } }>().error.code;

describe('what stands before the API', () => {
  it('answers to its own names only, whatever the path', async () => {
    for (const host of ['evil.example', 'evil.example:4780', '127.0.0.1', '127.0.0.1:4781', '127.0.0.1:4780.evil.example', '']) {
      for (const url of ['/', '/api/v1/health', `${API_ROOT}/accounts`, '/nothing']) {
        const answer = await server.send(browser, 'GET', url, undefined, { host });
        expect([host, url, answer.statusCode]).toEqual([host, url, 403]);
      }
    }
    for (const host of ['127.0.0.1:4780', 'localhost:4780', 'LOCALHOST:4780', '[::1]:4780'])
      expect((await server.send(null, 'GET', `${API_ROOT}/health`, undefined, { host })).statusCode).toBe(200);
  });

  it('takes no write from another origin, nor one that names none, and no read that a foreign page sends', async () => {
    const before = server.handled.length;
    for (const origin of [
      'http://evil.example',
      'null',
      'http://127.0.0.1:9999',
      'https://127.0.0.1:4780',
      'http://127.0.0.1:4780.evil.example',
    ]) {
      const answer = await server.send(browser, 'POST', COMMAND, command, { origin });
      expect([origin, answer.statusCode, codeOf(answer)]).toEqual([origin, 403, 'wrong-origin']);
      expect((await server.send(browser, 'GET', `${API_ROOT}/stream?topics=jobs`, undefined, { origin })).statusCode).toBe(403);
    }
    const { cookie, csrf } = browser;
    const nameless = await server.app.inject({
      method: 'POST',
      url: COMMAND,
      headers: { host: HOST, cookie, 'x-csrf-token': csrf },
      payload: command,
    });
    expect(nameless.statusCode).toBe(403);
    for (const site of ['cross-site', 'same-site']) {
      expect((await server.send(browser, 'POST', COMMAND, command, { 'sec-fetch-site': site })).statusCode).toBe(403);
      expect((await server.send(browser, 'GET', `${API_ROOT}/accounts`, undefined, { 'sec-fetch-site': site })).statusCode).toBe(403);
      expect((await server.send(browser, 'GET', '/reports/a/report.html', undefined, { 'sec-fetch-site': site })).statusCode).toBe(403);
    }
    expect(server.handled.length).toBe(before);
    expect((await server.send(browser, 'POST', COMMAND, command, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
    // A link in a mail opens the page, which has no data in it.
    expect((await server.send(null, 'GET', '/risk', undefined, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200);
  });

  it('takes no write without the word of the login, and none with that of another login', async () => {
    const other = await server.enter('owner');
    for (const csrf of [undefined, '', 'x', other.csrf, browser.csrf.slice(0, -1), `${browser.csrf} `]) {
      const headers = { host: HOST, origin: ORIGIN, cookie: browser.cookie, ...(csrf !== undefined && { 'x-csrf-token': csrf }) };
      const answer = await server.app.inject({ method: 'POST', url: COMMAND, headers, payload: command });
      // A header's blanks at its end are no part of it.
      if (csrf?.trim() !== browser.csrf) expect([csrf, answer.statusCode]).toEqual([csrf, 403]);
    }
    expect((await server.send(browser, 'POST', COMMAND, command)).statusCode).toBe(200);
  });

  it('refuses what is too large, too long, no JSON, malformed, poisoned, too deep, or sent with a wrong method', async () => {
    const post = (payload: string, headers: Record<string, string> = {}) =>
      server.app.inject({
        method: 'POST',
        url: COMMAND,
        headers: {
          host: HOST,
          origin: ORIGIN,
          cookie: browser.cookie,
          'x-csrf-token': browser.csrf,
          'content-type': 'application/json',
          ...headers,
        },
        payload,
      });
    const before = server.handled.length;
    expect((await post(JSON.stringify({ ...command, reason: 'x'.repeat(300_000) }))).statusCode).toBe(413);
    expect((await post('{"command":"halt"', {})).statusCode).toBe(400);
    expect((await post('', {})).statusCode).toBe(400);
    expect((await post('null')).statusCode).toBe(400);
    expect((await post('[]')).statusCode).toBe(400);
    expect((await post('{"command":"halt","__proto__":{"flatten":true}}')).statusCode).toBe(400);
    expect((await post('{"command":"halt","constructor":{"prototype":{"flatten":true}}}')).statusCode).toBe(400);
    expect((await post('{"command":"halt","more":1}')).statusCode).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/html'])
      expect((await post('command=halt', { 'content-type': type })).statusCode).toBe(415);
    const deep = `{"key":"a","value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const answer = await server.app.inject({
      method: 'PUT',
      url: `${API_ROOT}/settings`,
      headers: { host: HOST, origin: ORIGIN, cookie: browser.cookie, 'x-csrf-token': browser.csrf, 'content-type': 'application/json' },
      payload: deep,
    });
    expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'bad-input']);
    expect((await server.send(browser, 'GET', `${API_ROOT}/audit?text=${'x'.repeat(9000)}`)).statusCode).toBe(414);
    expect((await server.send(browser, 'GET', `${API_ROOT}/accounts/%E0%A4%A/equity`)).statusCode).toBe(400);
    expect((await server.send(browser, 'GET', `${API_ROOT}/accounts/..%2f..%2fetc/equity`)).statusCode).toBe(400);
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
      const wrong = await server.send(browser, method, COMMAND);
      expect([method, wrong.statusCode, wrong.headers['allow']]).toEqual([method, 405, 'POST']);
    }
    expect((await server.send(browser, 'GET', `${API_ROOT}/nothing`)).statusCode).toBe(404);
    expect(server.handled.length).toBe(before);
    expect(server.defects).toEqual([]);
  });

  it('names the field that is wrong, and repeats nothing that could be taken for a tag', async () => {
    const answer = await server.send(browser, 'POST', COMMAND, { command: 'halt', '<script>alert(1)</script>': 1 });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.body).not.toContain('<');
    expect((await server.send(browser, 'POST', COMMAND, { command: 'dance' })).json()).toMatchObject({
      error: { code: 'bad-input', message: expect.stringContaining('"command" of the body') as string },
    });
  });

  it('sends the headers that shut a page in with everything, refusals included', async () => {
    for (const url of ['/', `${API_ROOT}/health`, `${API_ROOT}/accounts`, '/nothing', '/icon.svg', '/reports/a/b.html']) {
      const { headers } = await server.send(null, 'GET', url);
      const policy = String(headers['content-security-policy']);
      for (const directive of [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
      ])
        expect([url, policy.split(/; ?/)]).toEqual([url, expect.arrayContaining([directive]) as string[]]);
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('keeps the cookie from scripts and other sites', async () => {
    const answer = await server.send(null, 'POST', `${API_ROOT}/login/link`, { token: await server.identity.makeLink('owner') });
    const [cookie = ''] = [answer.headers['set-cookie'] ?? ''].flat();
    expect(cookie).toMatch(/^quantai_session_4780=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('slows down an address that asks without end', async () => {
    const slow = await testServer({ requestsAMinute: 20 });
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) statuses.push((await slow.send(null, 'GET', `${API_ROOT}/me`)).statusCode);
    expect(statuses.filter(status => status === 401)).toHaveLength(20);
    expect(statuses.filter(status => status === 429)).toHaveLength(10);
    // Whoever used it up, such as a page of elsewhere that loads ours over and over: a halt is still taken.
    const halting = await slow.send(null, 'POST', COMMAND, command);
    expect([halting.statusCode, codeOf(halting)]).toEqual([401, 'not-logged-in']);
    await slow.close();
  });
});

describe('pages', () => {
  it('serves the one page at the path of every tab and nowhere else, built files for long, the page itself never from a cache', async () => {
    const tabs = [...readFileSync('src/dashboard/web/tabs.ts', 'utf8').matchAll(/path: '([^']+)'/g)].map(match => match[1]!);
    expect(tabs.length).toBeGreaterThan(8);
    expect([...PAGE_PATHS].sort()).toEqual([...tabs, '/login'].sort());
    for (const path of PAGE_PATHS) {
      const answer = await server.send(null, 'GET', path);
      expect([path, answer.statusCode, answer.headers['cache-control']]).toEqual([path, 200, 'no-store']);
    }
    expect((await server.send(null, 'GET', '/assets/main-abc.js')).headers['cache-control']).toContain('immutable');
    for (const path of ['/index', '/api', '/x/y', '/assets/', '/assets/none.js', '/.env'])
      expect([403, 404]).toContain((await server.send(null, 'GET', path)).statusCode);
  });

  it('leaves no way out of its folders', async () => {
    const { folder } = server;
    await mkdir(join(folder, 'reports', 'run-1'), { recursive: true });
    await mkdir(join(folder, 'live', 'main', 'parity'), { recursive: true });
    await Promise.all([
      writeFile(join(folder, 'reports', 'run-1', 'report.html'), '<p>report'),
      writeFile(join(folder, 'reports', 'run-1', 'journal.ndjson'), 'facts'),
      writeFile(join(folder, 'reports', 'compare-a-b.html'), '<p>compared'),
      writeFile(join(folder, 'live', 'main', 'parity', 'day.html'), '<p>parity'),
      writeFile(join(folder, 'secret.html'), 'secret'),
      symlink(join(folder, 'secret.html'), join(folder, 'reports', 'run-1', 'link.html')),
      symlink(folder, join(folder, 'reports', 'up')),
    ]);
    expect((await server.send(null, 'GET', '/reports/run-1/report.html')).statusCode).toBe(401);
    for (const [url, text] of [
      ['/reports/run-1/report.html', '<p>report'],
      ['/reports/compare-a-b.html', '<p>compared'],
      ['/live/main/parity/day.html', '<p>parity'],
    ] as const) {
      const answer = await server.send(browser, 'GET', url);
      expect([answer.statusCode, answer.body]).toEqual([200, text]);
      expect(answer.headers['content-security-policy']).toMatch(/^sandbox allow-scripts; default-src 'none'/);
      expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'self'");
      expect(answer.headers['x-frame-options']).toBe('SAMEORIGIN');
    }
    for (const path of [
      'run-1/link.html',
      'up/secret.html',
      '../secret.html',
      '%2e%2e/secret.html',
      '..%2fsecret.html',
      'run-1/..%2f..%2fsecret.html',
      'run-1%2freport.html%00.html',
      '%2fetc%2fpasswd.html',
      'run-1/journal.ndjson',
      'run-1/',
      'run-1',
      '.html',
      '',
      'run-1\\..\\..\\secret.html',
      'none/report.html',
    ]) {
      const answer = await server.send(browser, 'GET', `/reports/${path}`);
      expect([path, answer.statusCode >= 400 && answer.statusCode < 500, answer.body.includes('secret')]).toEqual([path, true, false]);
    }
  });

  it('cannot be led outside by a path that no client library would send', async () => {
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const address = server.app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const get = (path: string, more: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(
          { host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}`, cookie: browser.cookie, ...more } },
          answer => {
            let body = '';
            answer.on('data', part => (body += String(part)));
            answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
          },
        );
        sent.on('error', reject);
        sent.end();
      });
    // However the address is spelled, a page of elsewhere reads nothing.
    for (const spelled of [
      '/%61pi/v1/accounts',
      '/%61%70i/v1/me',
      `http://127.0.0.1:${port}${API_ROOT}/accounts`,
      '/%6Cive/main/report.html',
      '/r%65ports/a/b.html',
    ])
      expect([spelled, (await get(spelled, { 'sec-fetch-site': 'cross-site' })).status]).toEqual([spelled, 403]);
    for (const path of [
      '/../package.json',
      '/assets/../../package.json',
      '/reports/run-1/../../secret.html',
      '//etc/passwd',
      '/assets/%2e%2e/%2e%2e/secret.html',
    ]) {
      const { status, body } = await get(path);
      expect([path, status >= 400 && status < 500, /secret$|"name"|root:/.test(body)]).toEqual([path, true, false]);
    }
  });
});
