import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { z } from 'zod';
import { ENDPOINTS } from '../../../src/dashboard/api/endpoints.js';
import type { Me } from '../../../src/dashboard/api/me-api.js';
import { API_ROOT, ROUTES, type EndpointName } from '../../../src/dashboard/api/routes.js';
import { securityHeaders } from '../../../src/dashboard/server/security-headers.js';
import { accounts } from './canned/accounts.js';
import { accountsTrade } from './canned/accounts-trade.js';
import { CannedRefusal } from './canned/canned.js';
import { data } from './canned/data.js';
import { me } from './canned/me.js';
import { models } from './canned/models.js';
import { promotion } from './canned/promotion.js';
import { JOBS, research } from './canned/research.js';
import { queue } from './canned/queue.js';
import { fakeSession, SYMBOLS, type FakeSession } from './canned/session.js';
import { settings } from './canned/settings.js';

/** The policy that the real server gives its pages. */
const policy = (): string => {
  const { contentSecurityPolicy: given } = securityHeaders(false);
  if (typeof given !== 'object') throw new Error('the server gives its pages no policy');
  return Object.entries(given.directives ?? {})
    .map(
      ([name, values]) => `${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} ${[...(values as Iterable<string>)].join(' ')}`,
    )
    .join('; ');
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What a test switches while pages are open. */
export interface FakeSwitches {
  /** Nothing is in the workspace, and no account trades. */
  empty: boolean;
  /** Every endpoint but `me.show` refuses. */
  errors: boolean;
  /** ms before an endpoint answers. */
  slow: number;
  /** Updates a second on the stream. */
  rate: number;
  /** Nothing happens by itself. */
  still: boolean;
  /** The stream answers 503. */
  down: boolean;
  /** Nobody is logged in. */
  anonymous: boolean;
  roles: Me['roles'];
  hasPassword: boolean;
}

/** A stand-in for the dashboard's server: the built pages under the real policy, canned answers for every endpoint, and a stream that ticks. */
export interface FakeServer {
  readonly url: string;
  readonly port: number;
  readonly switches: FakeSwitches;
  readonly session: FakeSession;
  /** Requests of the API that came, as `GET /accounts`. */
  readonly asked: readonly string[];
  /** What schemas complained of: a canned answer that is none. */
  readonly wrong: readonly string[];
  /** Ends every stream at once, as a server that was killed does. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

const CANNED = { ...me, ...accounts, ...accountsTrade, ...research, ...models, ...promotion, ...queue, ...data, ...settings };

const routes = (Object.keys(ROUTES) as EndpointName[]).map(name => {
  const [method = '', path = ''] = ROUTES[name].split(' ');
  const words = [...path.matchAll(/:(\w+)/g)].map(([, word]) => word!);
  return { name, method, words, pattern: new RegExp(`^${path.replace(/\./g, '\\.').replace(/:\w+/g, '([^/]+)')}$`) };
});

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : (JSON.parse(text) as unknown);
};

/** Starts on loopback. `web` is the folder of the built pages; `port` 0 takes any. */
export const fakeServer = async ({
  web,
  port = 0,
  rate = 4,
}: {
  readonly web: string;
  readonly port?: number;
  readonly rate?: number;
}): Promise<FakeServer> => {
  const session = fakeSession();
  const switches: FakeSwitches = {
    empty: false,
    errors: false,
    slow: 0,
    rate,
    still: false,
    down: false,
    anonymous: false,
    roles: ['viewer', 'researcher', 'operator', 'approver'],
    hasPassword: true,
  };
  const asked: string[] = [];
  const wrong: string[] = [];
  const streams = new Set<ServerResponse>();
  const whoLooks = (): Me => ({
    name: 'ana',
    roles: switches.roles,
    isConfigured: true,
    hasPassword: switches.hasPassword,
    csrf: 'c'.repeat(32),
    expiresAt: Date.now() + 8 * 3_600_000,
    workspace: '/home/ana/desk',
    version: '0.1.0',
    hasQueue: true,
  });

  const json = (response: ServerResponse, status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value));
  };
  const refuse = (response: ServerResponse, { status, code, message, fix }: CannedRefusal): void =>
    json(response, status, { error: { code, message, fix } });

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const path = url.pathname.slice(API_ROOT.length);
    asked.push(`${request.method} ${path}`);
    if (asked.length > 5000) asked.splice(0, 1000);
    const route = routes.find(({ method, pattern }) => method === request.method && pattern.test(path));
    if (route === undefined) return refuse(response, new CannedRefusal(404, 'unknown-path', `There is nothing at ${path}.`));
    const body = request.method === 'GET' ? {} : await bodyOf(request);
    if (switches.slow > 0) await new Promise(done => setTimeout(done, switches.slow));
    if (route.name === 'me.login' || route.name === 'me.redeem') {
      const given = body as { password?: string; token?: string };
      if (given.password === 'right password' || given.token === 'good') {
        switches.anonymous = false;
        return json(response, 200, whoLooks());
      }
      return refuse(
        response,
        route.name === 'me.login'
          ? new CannedRefusal(401, 'wrong-login', 'Name or password is wrong.', 'Ask an operator for a new link if you forgot it.')
          : new CannedRefusal(401, 'link-spent', 'This link has been used, or is too old.', 'Start quantai dashboard again for a new one.'),
      );
    }
    if (switches.anonymous) return refuse(response, new CannedRefusal(401, 'login', 'Nobody is logged in.', 'Log in.'));
    if (route.name === 'me.show') return json(response, 200, whoLooks());
    if (route.name === 'me.logout') {
      switches.anonymous = true;
      return json(response, 200, { done: true });
    }
    if (switches.errors)
      return refuse(
        response,
        new CannedRefusal(500, 'failed', 'The journal cannot be read.', 'quantai verify journal tells where it is torn.'),
      );
    if (request.method !== 'GET' && request.headers['x-csrf-token'] !== whoLooks().csrf)
      return refuse(response, new CannedRefusal(403, 'csrf', 'The request carries no token of this login.'));
    const endpoint = ENDPOINTS[route.name];
    const found = route.pattern.exec(path)!;
    const parse = (schema: z.ZodType, value: unknown): unknown => {
      const read = schema.safeParse(value);
      if (!read.success)
        throw new CannedRefusal(
          400,
          'malformed',
          read.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; '),
        );
      return read.data;
    };
    try {
      const make = CANNED[route.name] as ((asking: unknown) => unknown) | undefined;
      if (make === undefined) throw new CannedRefusal(404, 'not-canned', `${route.name} has no canned answer.`);
      const value = make({
        params: parse(endpoint.params, Object.fromEntries(route.words.map((word, at) => [word, decodeURIComponent(found[at + 1]!)]))),
        query: parse(endpoint.query, Object.fromEntries(url.searchParams)),
        body: parse(endpoint.body, body),
        session,
        empty: switches.empty,
      });
      const checked = endpoint.answer.safeParse(value);
      if (!checked.success) wrong.push(`${route.name}: ${checked.error.message}`);
      json(response, 200, value);
    } catch (error) {
      if (error instanceof CannedRefusal) refuse(response, error);
      else throw error;
    }
  };

  let clock: ReturnType<typeof setTimeout> | null = null;
  const send = (response: ServerResponse, event: string, value: unknown, id?: string): void => {
    response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
  };
  interface Listening {
    readonly response: ServerResponse;
    readonly account: string | null;
    readonly topics: ReadonlySet<string>;
    readonly symbol: string;
    told: number;
  }
  const listening = new Map<ServerResponse, Listening>();
  let turns = 0;
  const tell = (to: Listening): void => {
    if (to.account === null) return;
    const fresh = session.facts.slice(to.told);
    if (to.topics.has('facts') && fresh.length > 0) {
      to.told = session.facts.length;
      send(to.response, 'facts', { facts: fresh }, `${to.account}:${to.told}`);
    }
    if (to.topics.has('account')) send(to.response, 'account', session.account(to.account));
    if (to.topics.has('market')) send(to.response, 'market', session.marketTick(to.symbol));
  };
  const slowly = (to: Listening): void => {
    if (to.topics.has('accounts')) send(to.response, 'accounts', { accounts: switches.empty ? [] : session.lines() });
    if (to.topics.has('jobs')) {
      const [first, ...rest] = JOBS;
      send(to.response, 'jobs', {
        jobs: switches.empty ? [] : [{ ...first, done: Math.min(200, 84 + turns / 8), note: 'fold 3 of 6' }, ...rest],
      });
    }
  };
  const beat = (): void => {
    if (streams.size > 0 && !switches.still) {
      turns++;
      session.tick();
      for (const to of listening.values()) {
        tell(to);
        if (turns % Math.max(1, Math.round(switches.rate)) === 0) slowly(to);
      }
    }
    clock = setTimeout(beat, 1000 / switches.rate);
  };
  beat();

  const stream = (request: IncomingMessage, response: ServerResponse, url: URL): void => {
    if (switches.anonymous) return refuse(response, new CannedRefusal(401, 'login', 'Nobody is logged in.'));
    if (switches.down) return refuse(response, new CannedRefusal(503, 'down', 'The server is starting.'));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const account = switches.empty ? null : url.searchParams.get('account');
    const last = /:(\d+)$/.exec(String(request.headers['last-event-id'] ?? ''))?.[1] ?? url.searchParams.get('after');
    const to: Listening = {
      response,
      account,
      topics: new Set((url.searchParams.get('topics') ?? '').split(',')),
      symbol: url.searchParams.get('symbol') ?? SYMBOLS[0],
      told: last === null ? session.facts.length : Number(last),
    };
    streams.add(response);
    listening.set(response, to);
    response.on('close', () => {
      streams.delete(response);
      listening.delete(response);
    });
    send(response, 'hello', { account, after: to.told, version: '0.1.0' }, account !== null ? `${account}:${to.told}` : undefined);
    slowly(to);
    tell(to);
  };

  const page = async (response: ServerResponse, path: string): Promise<void> => {
    const file = extname(path) === '' ? '/index.html' : normalize(path);
    const headers = {
      'content-security-policy': policy(),
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'cache-control': file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    try {
      const content = await readFile(join(web, file));
      response.writeHead(200, headers).end(content);
    } catch {
      response.writeHead(404, headers).end('Not found.');
    }
  };

  const cut = (): void => {
    for (const response of streams) response.destroy();
  };

  const turn = (url: URL): void => {
    for (const [name, value] of url.searchParams) {
      if (name === 'cut') cut();
      else if (name === 'slow' || name === 'rate') switches[name] = Number(value);
      else if (name === 'roles') switches.roles = value.split(',') as Me['roles'];
      else if (name === 'empty' || name === 'errors' || name === 'down' || name === 'anonymous' || name === 'hasPassword')
        switches[name] = value === '1';
    }
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const work = async (): Promise<void> => {
      if (url.pathname === '/_fake') {
        turn(url);
        json(response, 200, switches);
      } else if (url.pathname === `${API_ROOT}/stream`) stream(request, response, url);
      else if (url.pathname.startsWith(`${API_ROOT}/`)) await answer(request, response, url);
      else if (url.pathname.startsWith('/reports/'))
        response
          .writeHead(200, {
            'content-type': 'text/html',
            'content-security-policy': "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'",
          })
          .end('<!doctype html><html lang="en"><title>Report</title><body><h1>Report of a run</h1></body></html>');
      else await page(response, url.pathname);
    };
    work().catch((error: unknown) => {
      wrong.push(`${request.method} ${url.pathname}: ${String(error)}`);
      if (!response.headersSent) json(response, 500, { error: { code: 'fake', message: String(error), fix: null } });
    });
  });
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    switches,
    session,
    asked,
    wrong,
    cut,
    close: async () => {
      if (clock !== null) clearTimeout(clock);
      cut();
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
};
