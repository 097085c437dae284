import type { ChildProcess } from 'node:child_process';

/** A database on loopback that whoever started it may end and start again. */
export interface Served {
  readonly kind: 'postgres' | 'redis';
  readonly port: number;
  /** Of a database of that name or number; of the one that is there from the start where none is given. */
  url(database?: string | number): string;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** As a crash would, or by a signal: nothing is put in order any more. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** In good order: connections are closed and everything is written. */
  shutdown(): Promise<void>;
  /** Ends it and forgets what it has written. */
  stop(): Promise<void>;
}

/** What a PostgreSQL that was made and not yet started consists of. */
export interface MadePostgres {
  readonly programs: string;
  /** The user that it has to run as, where this process is root. */
  readonly owner: { readonly uid?: number; readonly gid?: number };
  readonly home: string;
  readonly data: string;
}

/** Folder of PostgreSQL's programs, or null. */
export function postgresPrograms(): string | null;
export function redisProgram(): string | null;
export function freePort(): Promise<number>;
export function postgresOwner(): MadePostgres['owner'];
export function makePostgres(): MadePostgres;
/** The command that starts it. */
export function postgresWords(made: MadePostgres, address: string, port: number): readonly string[];
export function gone(child: ChildProcess): Promise<void>;
export function servePostgres(): Promise<Served>;
export function serveRedis(): Promise<Served>;
