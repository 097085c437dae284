import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import { UserError } from '../../errors.js';
import { API_ROOT, ROUTES } from '../api/routes.js';
import type { Identity } from '../identity/identity.js';
import type { QueueBoard } from '../queue/queue-board.js';
import { eventStreams, type EventStreamsOptions } from './event-stream.js';
import { knownHosts } from './known-hosts.js';
import { loginCookie } from './login-cookie.js';
import { meHandlers, type ServerAbout } from './me-handlers.js';
import { openApiDocument } from './openapi.js';
import { problemOf, problemText } from './problem.js';
import { requestGuard } from './request-guard.js';
import { PERMISSIONS_POLICY, securityHeaders } from './security-headers.js';
import { serveBoard } from './serve-board.js';
import { serveEndpoints, type ServedHandlers } from './serve-endpoints.js';
import { servePages } from './serve-pages.js';
import { serveReports } from './serve-reports.js';
import { serveStream } from './serve-stream.js';
import type { StreamSource } from './stream-source.js';

export interface ServerOptions {
  readonly handlers: ServedHandlers;
  readonly stream: StreamSource;
  readonly identity: Identity;
  /** The queue's board; null where no queue is configured. */
  readonly board: QueueBoard | null;
  readonly about: ServerAbout;
  /** Address that it will listen on; the port too, where it is not 0. */
  readonly host: string;
  readonly port: number;
  /** PEM of certificate and key. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Further names by which browsers come. */
  readonly publicHosts?: readonly string[];
  /** Folder of the built pages. */
  readonly webRoot: string;
  /** Folders of finished pages: `reports` and `live` of the workspace. */
  readonly reportsRoot: string;
  readonly liveRoot: string;
  readonly now: () => number;
  /** Told of defects, with what is needed to mend them; and never of what was sent. */
  readonly log: (text: string) => void;
  readonly checkAnswers?: boolean;
  readonly requestsAMinute?: number;
  /** Pace and limits of the streams, for tests. */
  readonly streams?: Partial<EventStreamsOptions>;
}

const BODY_LIMIT = 256 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';
/** A request that has not come whole by then never will. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 70_000;
/** Ten browsers with a dozen tables each, all from one address. */
const REQUESTS_A_MINUTE = 6_000;

const [, COMMAND_PATH = ''] = ROUTES['accounts.command'].split(' ');
/** Where halts come in, with the other commands to a session. */
const COMMAND_URL = `${API_ROOT}${COMMAND_PATH}`;

/** The dashboard's server: API, stream, pages and reports behind one guard. It does not listen yet. Whatever is sent, it answers with a status below 500 unless it has a defect, which it logs. */
export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { identity, tls, host, about, now, log } = options;
  const app = fastify({
    serverFactory: handler => {
      const server = tls === null ? createHttp(handler) : createHttps({ ...tls, minVersion: 'TLSv1.2' }, handler);
      return Object.assign(server, { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS });
    },
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 400 },
    // What cannot even be routed, such as a broken escape in the address.
    frameworkErrors: (_error, _request, reply) => {
      const { problem } = problemOf(Object.assign(new Error(), { statusCode: 400 }));
      reply.hijack();
      reply.raw.writeHead(400, { 'content-type': JSON_TYPE, 'x-content-type-options': 'nosniff' }).end(problemText(problem));
    },
  });
  const portNow = (): number => {
    const address = app.server.address();
    return typeof address === 'object' && address !== null ? address.port : options.port;
  };
  const hosts = knownHosts({ host, port: portNow, isTls: tls !== null, publicHosts: options.publicHosts ?? [] });
  const cookie = loginCookie(tls !== null, portNow);
  const guard = requestGuard({ hosts, identity, credentialOf: cookie.credentialOf });
  const defect = (error: unknown): void => log(error instanceof Error ? (error.stack ?? error.message) : String(error));

  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _request, reply) => {
    const { status, problem, isDefect } = problemOf(error);
    if (isDefect) defect(error);
    void reply.code(status).type(JSON_TYPE).header('cache-control', 'no-store').send(problemText(problem));
  });
  await app.register(fastifyHelmet, securityHeaders(tls !== null));
  await app.register(fastifyCookie);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', PERMISSIONS_POLICY);
    guard.checkRequest(request);
  });
  await app.register(fastifyRateLimit, { global: false });
  // For every address, those that are not there included.
  app.addHook(
    'onRequest',
    app.rateLimit({
      max: options.requestsAMinute ?? REQUESTS_A_MINUTE,
      timeWindow: '1 minute',
      // Whoever else asks from the same address, such as any page of elsewhere for ours, must not use up what a halt needs.
      allowList: ({ routeOptions, method }) => method === 'POST' && routeOptions.url === COMMAND_URL,
      // Who hangs up at once has no address any more.
      keyGenerator: ({ ip }) => String(ip),
    }),
  );
  app.setNotFoundHandler(() => {
    throw new UserError('not-found', 'There is nothing at this address.', 2);
  });

  const me = meHandlers(identity, about, now);
  const document = openApiDocument(about.version);
  serveEndpoints(app, {
    guard,
    handlers: options.handlers,
    ownHandlers: visit => ({
      ...me(visit),
      'system.health': () => Promise.resolve({ ok: true }),
      'system.openapi': () => Promise.resolve(document),
    }),
    giveCookie: cookie.give,
    takeCookie: cookie.take,
    checkAnswers: options.checkAnswers ?? false,
  });
  const streams = eventStreams({ source: options.stream, version: about.version, onDefect: defect, ...options.streams });
  serveStream(app, guard, streams);
  app.addHook('preClose', () => Promise.resolve(streams.closeAll()));
  serveReports(app, guard, { reports: options.reportsRoot, live: options.liveRoot });
  if (options.board !== null) await serveBoard(app, { guard, board: options.board, defect });
  await servePages(app, options.webRoot);
  return app;
};
