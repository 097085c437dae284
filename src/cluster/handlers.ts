import type { JobHandler } from './job-engine.js';

const PLATFORM_MODULE = /^[a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*)+$/;

/** Extension of the platform's modules as they run here: `.ts` when a test runner executes the source, `.js` once built. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/**
 * Where a handler's module is. A handler is named by its path in the source tree without extension, such as `experiments/evaluate`, so that folders above this one
 * add handlers without this one importing them, and so that each worker finds its own copy. A `file:` URL names a module outside the platform.
 * Throws a RangeError for any other text: names cannot climb out of the tree.
 */
export const handlerUrl = (handler: string): string => {
  if (handler.startsWith('file:')) return handler;
  if (!PLATFORM_MODULE.test(handler)) throw new RangeError(`"${handler}" is not the name of a job handler`);
  return new URL(`../${handler}${EXTENSION}`, import.meta.url).href;
};

const loaded = new Map<string, Promise<JobHandler<unknown, unknown, unknown>>>();

const load = async (handler: string): Promise<JobHandler<unknown, unknown, unknown>> => {
  const module = (await import(handlerUrl(handler))) as { handle?: unknown };
  if (typeof module.handle !== 'function') throw new TypeError(`${handler} exports no function "handle"`);
  return module.handle as JobHandler<unknown, unknown, unknown>;
};

/** The handler's function; its module is imported once. */
export const loadHandler = (handler: string): Promise<JobHandler<unknown, unknown, unknown>> => {
  let pending = loaded.get(handler);
  if (pending === undefined) loaded.set(handler, (pending = load(handler)));
  return pending;
};
