/** Statements of one connection, or of whichever is free. */
export interface Queries {
  /** The rows that a statement gives. Whole numbers of 64 bits come as text: ask for `int` or `float8`. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
}

/** A PostgreSQL database, over a few connections that are kept. What goes wrong with the server or the login is a `UserError` in words, which never holds the password. */
export interface Postgres extends Queries {
  /** `user@host:port/database`, for messages. */
  readonly shown: string;
  /** On the server's disk when it resolves; nothing of it is done when `work` throws. Who stands still in it for a minute loses it. After `registry-away` nobody knows whether it was done: the answer alone may be lost. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Runs `work` as the only one with this name in the whole database, on any machine. Throws `registry-busy` (exit code 4) when patience ends. The server lets go of who dies or stands still: then another may work at the same
   * time, and this throws `registry-lock-lost` (exit code 4) once `work` has ended.
   */
  alone<T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
