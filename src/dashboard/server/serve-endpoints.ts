import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserError } from '../../errors.js';
import { ENDPOINTS, type Handlers, type MeHandlers } from '../api/endpoints.js';
import type { Asked, Caller } from '../api/endpoint.js';
import { API_ROOT, ROUTES, type EndpointName } from '../api/routes.js';
import type { LoggedIn } from '../identity/identity.js';
import { permissionsAsked, requireRoles } from './asked-permissions.js';
import { checkedInput } from './checked-input.js';
import type { Visit } from './me-handlers.js';
import type { RequestGuard } from './request-guard.js';

/** What the server answers by itself. */
type OwnHandlers = MeHandlers & Pick<Handlers, 'system.health' | 'system.openapi'>;
/** What the work is done by. */
export type ServedHandlers = Omit<Handlers, keyof OwnHandlers>;

export interface ServeEndpointsOptions {
  readonly guard: RequestGuard;
  readonly handlers: ServedHandlers;
  readonly ownHandlers: (visit: Visit) => OwnHandlers;
  readonly giveCookie: (reply: FastifyReply, secret: string, maxAgeMs: number) => void;
  readonly takeCookie: (reply: FastifyReply) => void;
  /** Checks every answer against its schema, for tests: an answer of another shape is a defect. */
  readonly checkAnswers: boolean;
}

const NOBODY: Caller = { name: '', roles: [], by: 'nobody' };
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

/** Every endpoint of the table at its path, and 405 for the other methods of that path. */
export const serveEndpoints = (app: FastifyInstance, options: ServeEndpointsOptions): void => {
  const { guard, handlers, ownHandlers, checkAnswers } = options;
  const visitors = new WeakMap<FastifyRequest, LoggedIn>();
  const taken = new Map<string, Method[]>([[`${API_ROOT}/stream`, ['GET']]]);

  for (const [name, route] of Object.entries(ROUTES) as [EndpointName, string][]) {
    const [method = 'GET', path = ''] = route.split(' ') as [Method, string];
    const url = `${API_ROOT}${path}`;
    const endpoint = ENDPOINTS[name];
    taken.set(url, [...(taken.get(url) ?? []), method]);
    app.route({
      method,
      url,
      // Before the body is read: who may not ask has nothing parsed.
      onRequest: async request => {
        if (endpoint.roles === 'public') return;
        const who = await guard.requireLogin(request);
        requireRoles(who.caller, [{ roles: endpoint.roles }]);
        visitors.set(request, who);
      },
      handler: async (request, reply) => {
        const who = visitors.get(request) ?? null;
        const caller = who?.caller ?? NOBODY;
        const params: unknown = checkedInput(endpoint.params, 'path', request.params);
        const query: unknown = checkedInput(endpoint.query, 'query', request.query);
        const body: unknown = checkedInput(endpoint.body, 'body', request.body === undefined ? {} : request.body);
        requireRoles(caller, permissionsAsked(name, body) ?? []);
        const visit: Visit = {
          who,
          address: request.ip,
          giveCookie: (secret, maxAgeMs) => options.giveCookie(reply, secret, maxAgeMs),
          takeCookie: () => options.takeCookie(reply),
        };
        const own = ownHandlers(visit);
        // The table says that handler and endpoint belong together, which the compiler cannot follow through a name that it does not know.
        const handle = (name in own ? Reflect.get(own, name) : Reflect.get(handlers, name)) as (
          asked: Asked<unknown, unknown, unknown>,
        ) => Promise<unknown>;
        const answer = await handle({ caller, params, query, body });
        reply.header('cache-control', 'no-store');
        return checkAnswers ? endpoint.answer.parse(answer) : answer;
      },
    });
  }
  for (const [url, methods] of taken)
    app.route({
      method: METHODS.filter(method => !methods.includes(method)),
      url,
      onRequest: (_request, reply, _done) => {
        reply.header('allow', methods.join(', '));
        throw new UserError('wrong-method', `Here only ${methods.join(' and ')} is taken.`, 2);
      },
      handler: () => Promise.resolve({}),
    });
};
