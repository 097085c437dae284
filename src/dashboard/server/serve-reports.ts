import { realpath, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { UserError } from '../../errors.js';
import { REPORT_POLICY } from './security-headers.js';
import type { RequestGuard } from './request-guard.js';

/** A part of a path: no dots at its beginning, no slash in any spelling. */
const PART = /^\w[\w.@ -]{0,199}$/;
const MOST_PARTS = 8;

const notFound = (): UserError => new UserError('not-found', 'There is no such page.', 2);

/** The file of a page below a folder, symbolic links followed. Throws `not-found` for anything that is no page, is not there or lies outside. */
export const pageFile = async (root: string, path: string): Promise<string> => {
  const parts = path.split('/');
  if (parts.length > MOST_PARTS || !path.endsWith('.html') || !parts.every(part => PART.test(part))) throw notFound();
  const [base, file] = await Promise.all([realpath(root), realpath(join(root, ...parts))]).catch(() => {
    throw notFound();
  });
  if (!file.startsWith(`${base}${sep}`)) throw notFound();
  return file;
};

/**
 * Finished pages of the workspace, for those who are logged in: `/reports/<run>/report.html` and `/live/<account>/…html`, at the path that they have in the workspace. Each is shut into a sandbox by its own policy, for
 * it may hold scripts, and names of other people's choosing.
 */
export const serveReports = (app: FastifyInstance, guard: RequestGuard, roots: Readonly<Record<'reports' | 'live', string>>): void => {
  for (const [name, root] of Object.entries(roots))
    app.get<{ Params: { '*': string } }>(`/${name}/*`, async (request, reply) => {
      await guard.requireLogin(request);
      const file = await pageFile(root, request.params['*']);
      const page = await readFile(file).catch(() => {
        throw notFound();
      });
      return reply
        .type('text/html; charset=utf-8')
        .headers({ 'content-security-policy': REPORT_POLICY, 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'private, no-cache' })
        .send(page);
    });
};
