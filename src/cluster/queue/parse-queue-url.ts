import { usageError } from '../../errors.js';
import { sslModeOf } from '../postgres/postgres-settings.js';
import type { QueuePlace } from './queue-place.js';

/** Kind of database and its usual port, by protocol. */
const KINDS = {
  'postgres:': { kind: 'postgres', name: 'PostgreSQL', port: '5432' },
  'postgresql:': { kind: 'postgres', name: 'PostgreSQL', port: '5432' },
  'redis:': { kind: 'redis', name: 'Redis', port: '6379' },
  'rediss:': { kind: 'redis', name: 'Redis', port: '6379' },
} as const;

const EXAMPLE = 'Give it like postgres://user:password@host:5432/database or redis://host:6379.';

/** The place that a URL names. Throws a usage error for any other text, which it does not repeat: it may hold a password. */
export const parseQueueUrl = (text: string): QueuePlace => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usageError('bad-queue', 'The place of a queue is not a URL.', EXAMPLE);
  }
  const found = KINDS[url.protocol as keyof typeof KINDS];
  if (found === undefined) throw usageError('bad-queue', `A queue is in PostgreSQL or in Redis, not in ${url.protocol}//.`, EXAMPLE);
  const { kind, name, port } = found;
  if (url.hostname === '') throw usageError('bad-queue', 'The place of a queue names no host.', EXAMPLE);
  if (kind === 'postgres' && url.pathname.length < 2) throw usageError('bad-queue', 'The place of a queue names no database.', EXAMPLE);
  if (kind === 'redis' && !/^\/?\d*$/.test(url.pathname))
    throw usageError('bad-queue', 'A database of Redis has a number, and the place of the queue names another.', EXAMPLE);
  if (kind === 'postgres') sslModeOf(text);
  const user = url.username === '' ? '' : `${url.username}@`;
  return {
    kind,
    url: text,
    shown: `${url.protocol}//${user}${url.host}${url.pathname}`,
    server: `${name} at ${url.hostname}:${url.port === '' ? port : url.port}`,
  };
};
