import pg from 'pg';
import { failed, messageOf, UserError, usageError } from '../../errors.js';
import type { Postgres, Queries } from './postgres.js';

/** How long a server is waited for. */
export interface Patience {
  /** For a connection, ms. */
  readonly connectMs?: number;
  /** For the answer to a statement, ms: on a network that swallows packets it would never come. */
  readonly answerMs?: number;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 120_000;
/** Connections of one process. */
const MOST = 6;

/** Codes of the operating system and of PostgreSQL by which nobody is there who could answer. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  // Shutting down, crashed, starting up; no connection left for us; and connections that failed.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08003',
  '08006',
]);
const AWAY_TEXT = /timeout|timed out|connection terminated|client has encountered a connection error|not queryable/i;

interface Where {
  /** `user@host:port/database` */
  readonly shown: string;
  readonly server: string;
  readonly user: string;
  readonly database: string;
}

const isUrl = (text: string): boolean => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);

const whereOf = (url: string): Where => {
  if (!isUrl(url))
    throw usageError(
      'bad-postgres-url',
      // What is no URL may be a password that was pasted.
      'The registry is not named by a PostgreSQL URL.',
      'Write postgres://user@host:5432/database; the password may come from PGPASSWORD or ~/.pgpass.',
    );
  const { username, hostname, port, pathname } = new URL(url);
  const user = decodeURIComponent(username) || (process.env['PGUSER'] ?? '');
  const server = `${hostname || 'localhost'}:${port || '5432'}`;
  const database = decodeURIComponent(pathname.slice(1)) || user;
  return { shown: `${user === '' ? '' : `${user}@`}${server}/${database}`, server, user, database };
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : // Several addresses of one name were tried.
      error instanceof AggregateError && error.errors.length > 0
      ? codeOf(error.errors[0])
      : '';

const away = ({ server }: Where): UserError =>
  failed('registry-away', `PostgreSQL at ${server} does not answer.`, 'Is it started, and does the network reach it?');

/** What PostgreSQL or the network says, as one sentence and its fix; anything else as it came. */
const explained = (error: unknown, where: Where): unknown => {
  if (error instanceof UserError) return error;
  const { server, user, database } = where;
  const code = codeOf(error);
  switch (code) {
    case '28P01':
    case '28000':
      return failed(
        'registry-login',
        `PostgreSQL at ${server} does not let ${user === '' ? 'this user' : `"${user}"`} in: wrong password, or no such user.`,
        'Mend the URL, PGPASSWORD or ~/.pgpass.',
      );
    case '3D000':
      return failed('no-database', `PostgreSQL at ${server} has no database "${database}".`, `Make it: createdb ${database}`);
    case '42501':
      return failed(
        'registry-forbidden',
        `PostgreSQL at ${server} does not permit it to "${user}": ${messageOf(error)}.`,
        'Let the owner of the database grant it.',
      );
    case '42P01':
    case '3F000':
    case '42703':
      return failed(
        'registry-not-made',
        `The database ${database} at ${server} lacks what this version keeps in it: ${messageOf(error)}.`,
        'Make it with: quantai registry migrate',
      );
    case '55P03':
      return new UserError(
        'registry-busy',
        `Another process holds what is asked for in ${where.shown}.`,
        4,
        'Wait until it is done; look for a process that stands still.',
      );
    case '':
      if (error instanceof Error && AWAY_TEXT.test(error.message)) return away(where);
      // pg says so itself where the server wants a password and none was given.
      if (error instanceof Error && /password must be a string/i.test(error.message))
        return failed('registry-login', `PostgreSQL at ${server} wants a password.`, 'Give it in the URL, PGPASSWORD or ~/.pgpass.');
      return error;
    default:
      return AWAY.has(code) ? away(where) : error;
  }
};

const rowsOf = async <R extends object>(
  client: Pick<pg.ClientBase, 'query'> | pg.Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly R[]> => {
  // Without values several statements may stand in one text.
  const result = values.length === 0 ? await client.query<R>(text) : await client.query<R>(text, [...values]);
  return result.rows;
};

/** A database by its URL. Nothing is sent before the first statement. Idle connections keep no process alive. */
export const connectPostgres = (url: string, { connectMs = CONNECT_MS, answerMs = ANSWER_MS }: Patience = {}): Postgres => {
  const where = whereOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST,
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    keepAlive: true,
    allowExitOnIdle: true,
    application_name: 'quantai',
  });
  // A connection that breaks while nobody uses it is replaced by the next statement's; without a listener it would end the process.
  pool.on('error', () => undefined);

  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explained(error, where);
    }
  };
  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await told(() => pool.connect());
    client.on('error', ignore);
    let failure: unknown;
    try {
      return await work(client);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.off('error', ignore);
      // A connection in an unknown state is not given to the next one.
      client.release(failure !== undefined);
    }
  };
  const queriesOf = (client: pg.PoolClient): Queries => ({ query: (text, values) => told(() => rowsOf(client, text, values)) });

  /** The last holder or waiter of each name in this process: they take turns here, or waiters would take every connection from who works. */
  const turns = new Map<string, Promise<unknown>>();
  const held = <T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T> =>
    withClient(async client => {
      const { query } = queriesOf(client);
      await query(`SET lock_timeout = ${Math.max(1, Math.round(patienceMs))}`);
      await query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
      try {
        return await work();
      } finally {
        await query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(ignore);
        await query('RESET lock_timeout').catch(ignore);
      }
    });

  return {
    shown: where.shown,
    query: (text, values) => told(() => rowsOf(pool, text, values)),
    transaction: work =>
      withClient(async client => {
        const queries = queriesOf(client);
        await queries.query('BEGIN');
        try {
          // Whatever the server's own setting: what counts is on its disk.
          await queries.query('SET LOCAL synchronous_commit = on');
          const result = await work(queries);
          await queries.query('COMMIT');
          return result;
        } catch (error) {
          await queries.query('ROLLBACK').catch(ignore);
          throw error;
        }
      }),
    alone: async (name, patienceMs, work) => {
      const turn = (turns.get(name) ?? Promise.resolve()).then(() => held(name, patienceMs, work));
      const settled = turn.catch(ignore);
      turns.set(name, settled);
      try {
        return await turn;
      } finally {
        if (turns.get(name) === settled) turns.delete(name);
      }
    },
    close: () => pool.end(),
  };
};

const ignore = (): undefined => undefined;
