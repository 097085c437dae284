import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UserError } from '../../errors.js';
import { permissionsOf } from '../../promotion/people/permissions.js';
import { ROLES } from '../../promotion/people/role.js';
import type { LoggedIn } from '../identity/identity.js';
import { MANAGE, type QueueBoard } from '../queue/queue-board.js';
import { requireRoles } from './asked-permissions.js';
import { problemOf } from './problem.js';
import type { RequestGuard } from './request-guard.js';
import { BOARD_POLICY } from './security-headers.js';

export interface ServeBoardOptions {
  readonly guard: RequestGuard;
  readonly board: QueueBoard;
  /** Told of defects. */
  readonly defect: (error: unknown) => void;
}

/** Where the board lives. */
const BOARD_ROOT = '/queue/board';
/** The dashboard's own page of the queue: who is not logged in logs in there, and it says why a database does not answer. */
const QUEUE_PAGE = '/queue';
const LOOKING = [{ roles: ROLES }];
const MANAGING = permissionsOf(MANAGE, {}) ?? [];

/** Names of files that hold a hash of what is in them. */
const HASHED = /\.[0-9a-f]{10}\.(js|css)$/;

/** bull-board's pages, files and API, for those who are logged in: everybody may look, and who may manage the queue changes it, on record. */
export const serveBoard = async (app: FastifyInstance, { guard, board, defect }: ServeBoardOptions): Promise<void> => {
  for (const path of board.pages)
    app.get(`${BOARD_ROOT}${path}`, async (request, reply) => {
      let who: LoggedIn;
      try {
        who = await guard.requireLogin(request);
        requireRoles(who.caller, LOOKING);
        await board.check();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return reply.header('cache-control', 'no-store').redirect(QUEUE_PAGE, 302);
      }
      return reply
        .type('text/html; charset=utf-8')
        .headers({ 'content-security-policy': BOARD_POLICY, 'cache-control': 'no-store' })
        .send(board.page(BOARD_ROOT, who.csrf));
    });
  app.get(BOARD_ROOT, (_request, reply) => reply.redirect(`${BOARD_ROOT}/`, 302));

  await app.register(
    async scope => {
      const visitors = new WeakMap<FastifyRequest, LoggedIn>();
      const mayManage = ({ caller }: LoggedIn): boolean => MANAGING.every(({ roles }) => roles.some(role => caller.roles.includes(role)));
      // In the words of ours, where the board's pages look for them.
      scope.setErrorHandler((error, _request, reply) => {
        const { status, problem, isDefect } = problemOf(error);
        if (isDefect) defect(error);
        const { message, fix } = problem.error;
        const key = status === 403 ? 'ERRORS.FORBIDDEN' : 'ERRORS.INTERNAL_SERVER_ERROR';
        void reply
          .code(status)
          .header('cache-control', 'no-store')
          .send({ error: { ...problem.error, key }, message: [message, fix].filter(Boolean).join(' ') });
      });
      scope.addHook('onRequest', async request => {
        const who = await guard.requireLogin(request);
        requireRoles(who.caller, LOOKING);
        visitors.set(request, who);
      });
      await scope.register(fastifyStatic, {
        root: board.files,
        prefix: '/static/',
        index: false,
        dotfiles: 'ignore',
        decorateReply: false,
        cacheControl: false,
        setHeaders: (response, path) => {
          response.setHeader('cache-control', HASHED.test(path) ? 'private, max-age=31536000, immutable' : 'private, no-cache');
        },
      });
      for (const { method, path, handle } of board.routes)
        scope.route<{ Params: Record<string, string>; Querystring: Record<string, unknown> }>({
          method,
          url: path,
          handler: async (request, reply) => {
            const who = visitors.get(request)!;
            const actor = who.caller.name;
            if (method !== 'GET')
              try {
                requireRoles(who.caller, MANAGING);
              } catch (error) {
                if (error instanceof UserError)
                  await board
                    .record(actor, { type: 'CommandDenied', verb: MANAGE.join(' '), code: error.code, text: error.message })
                    .catch(defect);
                throw error;
              }
            const { params, query, body } = request;
            const answer = await handle({ actor, mayManage: mayManage(who), params, query, body });
            return reply.code(answer.status).header('cache-control', 'no-store').send(answer.body);
          },
        });
    },
    { prefix: BOARD_ROOT },
  );
};
