import type { FastifyInstance } from 'fastify';
import { API_ROOT } from '../api/routes.js';
import type { EventStreams } from './event-stream.js';
import type { RequestGuard } from './request-guard.js';
import { streamRequest } from './stream-request.js';

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // A proxy that collects what it passes on would hold messages back.
  'x-accel-buffering': 'no',
};

/** `GET /api/v1/stream`, for everybody who is logged in. */
export const serveStream = (app: FastifyInstance, guard: RequestGuard, streams: EventStreams): void => {
  app.get(`${API_ROOT}/stream`, async (request, reply) => {
    const who = await guard.requireLogin(request);
    const lastEventId = request.headers['last-event-id'];
    await streams.open({
      request: streamRequest(request.query, Array.isArray(lastEventId) ? lastEventId[0] : lastEventId),
      login: who.session ?? `token ${who.caller.name}`,
      begin: () => {
        reply.hijack();
        reply.raw.socket?.setNoDelay(true);
        for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...HEAD }))
          if (value !== undefined) reply.raw.setHeader(name, value);
        reply.raw.writeHead(200);
        return reply.raw;
      },
      isLoggedIn: () => guard.isLoggedIn(request),
    });
  });
};
