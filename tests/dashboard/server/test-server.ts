import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createIdentity, type Identity } from '../../../src/dashboard/identity/identity.js';
import { createServer, type ServerOptions } from '../../../src/dashboard/server/create-server.js';
import type { StreamSource } from '../../../src/dashboard/server/stream-source.js';
import type { AuditWord } from '../../../src/promotion/audit/audit-record.js';
import type { Role } from '../../../src/promotion/people/role.js';

export const HOST = '127.0.0.1:4780';
export const ORIGIN = `http://${HOST}`;

/** A login as a browser holds it. */
export interface Browser {
  readonly cookie: string;
  readonly csrf: string;
}

/** A server over a folder of its own, with handlers that note who asked for what and answer an empty object. */
export interface TestServer {
  readonly folder: string;
  readonly app: FastifyInstance;
  readonly identity: Identity;
  /** Who works here; changed at will. Empty: no users are set up, and `owner` has all roles. */
  readonly people: Map<string, { roles: readonly Role[] }>;
  readonly recorded: { readonly actor: string; readonly word: AuditWord }[];
  readonly handled: { readonly name: string; readonly asked: unknown }[];
  readonly defects: string[];
  /** Wall clock, set at will. */
  readonly clock: { now: number };
  readonly enter: (name: string) => Promise<Browser>;
  /** A request as the browser's own page would send it. */
  readonly send: (
    browser: Browser | null,
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => ReturnType<typeof inject>;
  /** The same folder with a server of its own, as after a kill. */
  readonly again: () => Promise<TestServer>;
  readonly close: () => Promise<void>;
}

export const emptySource: StreamSource = {
  lastPosition: () => Promise.resolve(0),
  facts: async function* () {},
  watch: () => () => undefined,
};

const inject = (app: FastifyInstance, options: InjectOptions) => app.inject(options);

export const testServer = async (given: Partial<ServerOptions> = {}, at?: string, clock = { now: Date.now() }): Promise<TestServer> => {
  const folder = at ?? (await mkdtemp(join(tmpdir(), 'dashboard-')));
  const people: TestServer['people'] = new Map();
  const recorded: { actor: string; word: AuditWord }[] = [];
  const handled: { name: string; asked: unknown }[] = [];
  const defects: string[] = [];
  const webRoot = join(folder, 'web');
  await mkdir(join(webRoot, 'assets'), { recursive: true });
  await Promise.all([
    writeFile(join(webRoot, 'index.html'), '<!doctype html><title>pages</title>'),
    writeFile(join(webRoot, 'assets', 'main-abc.js'), 'export {};'),
    mkdir(join(folder, 'reports'), { recursive: true }),
    mkdir(join(folder, 'live'), { recursive: true }),
  ]);
  const identity = createIdentity({
    folder: join(folder, 'dashboard'),
    now: () => clock.now,
    people: () => Promise.resolve(new Map(people)),
    owner: 'owner',
    warn: text => defects.push(text),
    record: (actor, words) => {
      recorded.push(...words.map(word => ({ actor, word })));
      return Promise.resolve();
    },
  });
  const handlers = new Proxy({} as ServerOptions['handlers'], {
    get: (_, name) => (asked: unknown) => {
      handled.push({ name: String(name), asked });
      return Promise.resolve({});
    },
  });
  const app = await createServer({
    handlers,
    stream: emptySource,
    identity,
    about: { workspace: '/somewhere', version: '0.0.0', hasQueue: false },
    board: null,
    host: '127.0.0.1',
    port: 4780,
    tls: null,
    webRoot,
    reportsRoot: join(folder, 'reports'),
    liveRoot: join(folder, 'live'),
    now: () => clock.now,
    log: text => defects.push(text),
    requestsAMinute: 1_000_000,
    ...given,
  });
  const send: TestServer['send'] = (browser, method, url, body, headers = {}) =>
    inject(app, {
      method: method as 'GET',
      url,
      headers: {
        host: HOST,
        ...(method !== 'GET' && { origin: ORIGIN }),
        ...(browser && { cookie: browser.cookie, ...(method !== 'GET' && { 'x-csrf-token': browser.csrf }) }),
        ...headers,
      },
      ...(body !== undefined && { payload: body as object }),
    });
  return {
    folder,
    app,
    identity,
    people,
    recorded,
    handled,
    defects,
    clock,
    send,
    enter: async name => {
      const answer = await send(null, 'POST', '/api/v1/login/link', { token: await identity.makeLink(name) });
      const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
      return { cookie, csrf: answer.json<{ csrf: string }>().csrf };
    },
    again: async () => {
      await app.close();
      return testServer(given, folder, clock);
    },
    close: async () => {
      await app.close();
      // A note that a slow disk held up may still come to its end in here.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
};
