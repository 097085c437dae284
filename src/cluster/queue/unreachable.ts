import { failed, UserError } from '../../errors.js';
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
  /^(ECONN|EHOST|ENET|ETIMEDOUT|EPIPE|EAI_AGAIN|57P0[123]$|08\d\d\d$|53300$)|connection (is closed|terminated|ended)|timeout (exceeded|expired)|connect ETIMEDOUT|max retries per request|stream isn't writeable|command (timed out|aborted)|LOADING|client has encountered a connection error|not queryable|server closed the connection|the database system is/i;

/** Whether an error says that the database is not there at the moment, so that trying again may help. */
export const isAway = (error: unknown): boolean => codesOf(error).some(text => AWAY.test(text));

/** What a database's refusal means to who named it; anything else as it came. Never with the password. */
export const unreachable = (place: QueuePlace, error: unknown): unknown => {
  if (error instanceof UserError) return error;
  const codes = codesOf(error);
  const has = (pattern: RegExp): boolean => codes.some(text => pattern.test(text));
  const { server, kind } = place;
  if (has(/^ENOTFOUND$/)) return failed('queue-unreachable', `${server}: there is no such host.`, 'Look at the host in --on.');
  if (has(/^(28P01|28000)$|^(WRONGPASS|NOAUTH)|password authentication failed|SASL/))
    return failed('queue-refused', `${server} does not let ${place.shown} in.`, 'Look at user and password in --on.');
  if (has(/^3D000$/))
    return failed(
      'queue-refused',
      `${server} has no database ${new URL(place.url).pathname.slice(1)}.`,
      'Make it with createdb, or name another in --on.',
    );
  if (has(/^42501$/))
    return failed('queue-refused', `${server}: the user of ${place.shown} may not make tables.`, 'Grant it CREATE on the database.');
  if (isAway(error))
    return failed(
      'queue-unreachable',
      `${server} does not answer.`,
      kind === 'postgres' ? 'Is it started? Try: psql with the same address.' : 'Is it started? Try: redis-cli ping.',
    );
  return error;
};
