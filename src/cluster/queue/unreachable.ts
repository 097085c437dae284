import { failed, messageOf, UserError } from '../../errors.js';
import { postgresRefusal, tlsRefusal, type Refusal } from '../postgres/postgres-refusal.js';
import type { QueuePlace } from './queue-place.js';

const codesOf = (error: unknown): readonly string[] => {
  if (!(error instanceof Error)) return [];
  // Several addresses of one host name were tried.
  const inner = error instanceof AggregateError ? error.errors : [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...own, error.message, ...inner.flatMap(codesOf), ...codesOf(error.cause)];
};

/** Of the operating system, of `pg`, of ioredis, and of a server that goes down or comes up. */
const AWAY =
  /^(ECONN|EHOST|ENET|ENOTFOUND$|ETIMEDOUT|EPIPE|EAI_AGAIN|57P0[123]$|08\d\d\d$)|connection (is closed|terminated|ended)|timeout (exceeded|expired)|query read timeout|connect ETIMEDOUT|max retries per request|stream isn't writeable|command (timed out|aborted)|LOADING|client has encountered a connection error|not queryable|server closed the connection|the database system is/i;
/** The server has as many connections as it allows. */
const CROWDED = /^53300$|max number of clients/i;
/** It only reads: one that followed another and is about to take its place, or has lost it. */
const READ_ONLY = /^25006$|^READONLY/;
/** Two statements that stood in each other's way, of which one was given up: the next try succeeds. */
const COLLIDED = /^(40P01|40001)$/;

const isOf = (patterns: readonly RegExp[], error: unknown): boolean =>
  codesOf(error).some(text => patterns.some(pattern => pattern.test(text)));

/** Whether an error says that the database cannot do it at the moment, so that trying again may help. Of one that was never reached a host that does not exist is another matter: see `unreachable`. */
export const isAway = (error: unknown): boolean => isOf([AWAY, CROWDED, READ_ONLY, COLLIDED], error);

/** Whether an error is none that a person would want to hear of. */
export const isCollision = (error: unknown): boolean => isOf([COLLIDED], error);

/** What a person is told of a database that `isAway`, as a clause. */
export const awayWords = ({ server, kind }: QueuePlace, error: unknown): string => {
  if (isOf([CROWDED], error))
    return `${server} has no connection left (${kind === 'postgres' ? 'max_connections' : 'maxclients'} of its settings)`;
  if (isOf([READ_ONLY], error)) return `${server} only reads at the moment`;
  return `${server} does not answer`;
};

const userOf = ({ url }: QueuePlace): string => {
  const { username, searchParams } = new URL(url);
  return searchParams.get('user') || decodeURIComponent(username) || (process.env['PGUSER'] ?? '');
};

/** Why Redis lets nobody in; null for an error of another kind. */
const redisRefusal = (server: string, error: unknown): Refusal | null => {
  const said = messageOf(error);
  const login = (message: string, fix: string): Refusal => ({ kind: 'login', message, fix });
  // In answer to the first question that it is asked, which ioredis puts before it.
  if (/\bNOAUTH\b/.test(said)) return login(`${server} wants a password.`, 'Give it in the URL: redis://:password@host, or QUANTAI_ON.');
  if (/\bWRONGPASS\b|invalid password/.test(said))
    return login(
      `${server} does not take this password, or has no such user.`,
      'Mend the URL: redis://:password@host, or redis://user:password@host.',
    );
  if (/\bNOPERM\b/.test(said)) return login(`${server} does not permit it to this user: ${said}.`, 'Let whoever runs it grant it.');
  if (/DB index is out of range|invalid DB index/i.test(said))
    return login(
      `${server} has no database of that number.`,
      'Name a lower one: Redis has 16, from 0, unless its setting "databases" says otherwise.',
    );
  return tlsRefusal(error, { server, trust: 'Name the certificate of who issued it in NODE_EXTRA_CA_CERTS.' });
};

/** What a database's refusal means to who named it; anything else as it came. Never with the password. */
export const unreachable = (place: QueuePlace, error: unknown): unknown => {
  if (error instanceof UserError) return error;
  const codes = codesOf(error);
  const has = (pattern: RegExp): boolean => codes.some(text => pattern.test(text));
  const { server, kind } = place;
  if (has(/^ENOTFOUND$/))
    return failed(
      'queue-unreachable',
      `${server}: there is no such host.`,
      'Look at the host in its URL: --on, QUANTAI_ON or cluster.on of the settings.',
    );
  const refusal = kind === 'postgres' ? postgresRefusal(error, { server, user: userOf(place) }) : redisRefusal(server, error);
  if (refusal !== null) return failed('queue-refused', refusal.message, refusal.fix);
  if (has(/^3D000$/))
    return failed(
      'queue-refused',
      `${server} has no database ${new URL(place.url).pathname.slice(1)}.`,
      'Make it with createdb, or name another in --on.',
    );
  if (has(/^42501$/))
    return failed('queue-refused', `${server}: the user of ${place.shown} may not make tables.`, 'Grant it CREATE on the database.');
  if (has(CROWDED))
    return failed(
      'queue-unreachable',
      `${awayWords(place, error)}.`,
      'A worker and a command that submits take up to six each: raise that setting, or let fewer run at once.',
    );
  if (has(READ_ONLY))
    return failed('queue-unreachable', `${awayWords(place, error)}.`, 'Name the server that writes in --on, not one that follows it.');
  if (has(AWAY))
    return failed(
      'queue-unreachable',
      `${awayWords(place, error)}.`,
      kind === 'postgres' ? 'Is it started? Try: psql with the same address.' : 'Is it started? Try: redis-cli ping.',
    );
  return error;
};
