/** Where a queue lives and how much of what its workers and submitters say reaches whom. */
export interface QueuePlace {
  readonly kind: 'postgres' | 'redis';
  /** As given with `--on` or `QUANTAI_ON`; holds the password, so it is never printed. */
  readonly url: string;
  /** The same without password, for messages. */
  readonly shown: string;
  /** The database and where it answers, for messages, e.g. `PostgreSQL at 127.0.0.1:5432`. */
  readonly server: string;
}
