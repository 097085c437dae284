import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { failed } from '../../errors.js';

/** Addresses of the pages. All of them are the one `index.html`, which shows the right one. */
export const PAGE_PATHS = [
  '/',
  '/market',
  '/signals',
  '/orders',
  '/models',
  '/risk',
  '/research',
  '/queue',
  '/promotion',
  '/data',
  '/journal',
  '/settings',
  '/login',
] as const;

const FOREVER = 'public, max-age=31536000, immutable';

/** The built pages. They hold no data and need no login. */
export const servePages = async (app: FastifyInstance, webRoot: string): Promise<void> => {
  for (const path of PAGE_PATHS)
    app.get(path, async (_request, reply) => {
      const page = await readFile(join(webRoot, 'index.html'), 'utf8').catch(() => {
        throw failed('no-pages', 'The pages of the dashboard are not built.', 'In a source checkout: npm run build.');
      });
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page);
    });
  if (!existsSync(webRoot)) return;
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    // Names under assets hold a hash of what is in them.
    setHeaders: (response, path) => {
      response.setHeader('cache-control', path.startsWith(join(webRoot, 'assets')) ? FOREVER : 'no-cache');
    },
  });
};
