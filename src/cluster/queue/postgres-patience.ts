import type pg from 'pg';
import { PostgresClient } from '../postgres/postgres-client.js';

/** For a new connection, login included: one to a host that does not answer is given up. A loaded server takes a second or two. */
const CONNECT_MS = 10_000;
/** For an answer. A server that stands still, or a network that swallows everything, would otherwise be waited for without end. */
const ANSWER_MS = 30_000;
/** For one's turn at a connection of the pool. Beyond two answers that never came: those who wait behind others are not told that the server is away. */
const TURN_MS = 90_000;

/** The pool has one limit for connecting and for waiting; connecting has one of its own here. */
export class PatientClient extends PostgresClient {
  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, connectionTimeoutMillis: CONNECT_MS });
  }
}

/** How long PostgreSQL is waited for, as settings of a pool. What it did not do in time is done again: see `persevere`. */
export const POSTGRES_PATIENCE = {
  Client: PatientClient,
  connectionTimeoutMillis: TURN_MS,
  query_timeout: ANSWER_MS,
  keepAlive: true,
} as const;
