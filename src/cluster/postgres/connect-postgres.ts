import pg from 'pg';
import { failed, messageOf, UserError, usageError } from '../../errors.js';
import type { Postgres, Queries } from './postgres.js';
import { PostgresClient } from './postgres-client.js';
import { postgresRefusal } from './postgres-refusal.js';
import { postgresSettings, sslModeOf } from './postgres-settings.js';

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
/** A transaction in which nothing happens for so long is of a process that stands still: the server ends it, and everybody else goes on. */
const STILL_MS = 60_000;
/** Who holds a lock through work of another kind gives a sign more often than that. */
const SIGN_MS = 10_000;
/** How the server finds out that a machine is gone that said no goodbye, within half a minute. Nothing is lost where it cannot. */
const NOTICE_THE_DEAD = `SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000`;

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
  // It let go of one who stood still with something in hand.
  '25P03',
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
  sslModeOf(url);
  const { username, hostname, port, pathname, searchParams } = new URL(url);
  const user = searchParams.get('user') || decodeURIComponent(username) || (process.env['PGUSER'] ?? '');
  // What stands behind the question mark goes first, as it does for the connection: two hosts are two registries.
  const server = `${searchParams.get('host') || hostname || 'localhost'}:${searchParams.get('port') || port || '5432'}`;
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

const isAway = (error: unknown): boolean =>
  error instanceof UserError && (error.code === 'registry-away' || error.code === 'registry-lock-lost');

const lockLost = ({ shown }: Where): UserError =>
  new UserError(
    'registry-lock-lost',
    `The connection to ${shown} broke while this process held a lock there: another may have worked beside it.`,
    4,
    'Look what was recorded before it is done again.',
  );

/** What PostgreSQL or the network says, as one sentence and its fix; anything else as it came. */
const explained = (error: unknown, where: Where): unknown => {
  if (error instanceof UserError) return error;
  const { server, user, database } = where;
  const refusal = postgresRefusal(error, { server: `PostgreSQL at ${server}`, user });
  if (refusal !== null) return failed(`registry-${refusal.kind}`, refusal.message, refusal.fix);
  const code = codeOf(error);
  switch (code) {
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
  const open = (): pg.Pool => {
    const made = new pg.Pool({
      ...postgresSettings(url),
      Client: PostgresClient,
      max: MOST,
      connectionTimeoutMillis: connectMs,
      query_timeout: answerMs,
      keepAlive: true,
      allowExitOnIdle: true,
      onConnect: client => client.query(NOTICE_THE_DEAD).catch(ignore),
      application_name: 'quantai',
    });
    // A connection that breaks while nobody uses it is replaced by the next statement's; without a listener it would end the process.
    made.on('error', () => undefined);
    return made;
  };
  let opened: pg.Pool | undefined;
  // A certificate that cannot be read is told by the statement that needs it: what can do without the registry, such as a halt, does.
  const pool = (): pg.Pool => (opened ??= open());

  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explained(error, where);
    }
  };
  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await told(() => pool().connect());
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

  /** All of `work` or nothing of it. */
  const transacted = <T>(work: (queries: Queries, client: pg.PoolClient) => Promise<T>): Promise<T> =>
    withClient(async client => {
      const queries = queriesOf(client);
      await queries.query('BEGIN');
      try {
        // Whatever the server's own settings: what counts is on its disk.
        await queries.query(`SET LOCAL synchronous_commit = on; SET LOCAL idle_in_transaction_session_timeout = ${STILL_MS}`);
        const result = await work(queries, client);
        await queries.query('COMMIT');
        return result;
      } catch (error) {
        // One that did not answer is dropped as it is: what is said to it now waits behind what it did not answer, and the server takes all back with the connection.
        if (!isAway(error)) await queries.query('ROLLBACK').catch(ignore);
        throw error;
      }
    });

  /** The last holder or waiter of each name in this process: they take turns here, or waiters would take every connection from who works. */
  const turns = new Map<string, Promise<unknown>>();
  const held = <T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T> =>
    transacted(async ({ query }, client) => {
      await query(`SET LOCAL lock_timeout = ${Math.max(1, Math.round(patienceMs))}`);
      await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      let isLost = false;
      const lose = (): void => void (isLost = true);
      client.on('error', lose);
      const sign = setInterval(() => void query('SELECT 1').catch(lose), SIGN_MS);
      try {
        const result = await work();
        // Also of a connection that broke unnoticed. What was done meanwhile may have been done beside another holder.
        await query('SELECT 1').catch(lose);
        if (isLost) throw lockLost(where);
        return result;
      } finally {
        clearInterval(sign);
        client.off('error', lose);
      }
    });

  return {
    shown: where.shown,
    query: (text, values) => told(() => rowsOf(pool(), text, values)),
    transaction: work => transacted(work),
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
    close: async () => {
      await opened?.end();
    },
  };
};

const ignore = (): undefined => undefined;
