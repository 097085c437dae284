/** How one call of `run` goes. */
export interface JobOptions<R, S = unknown> {
  /** Stops promptly: jobs not begun never begin, running ones are ended, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * What every job reads: given to each worker once, not once per job. Put large columns on SharedArrayBuffers and no worker copies them.
   * Handlers must not change it.
   */
  readonly shared?: S;
  /** Called before jobs begin, with their indices, and awaited: what must be on record before a result can exist is recorded here. */
  readonly onStart?: (indices: readonly number[]) => Promise<void> | void;
  /** Called once per finished job, in order of completion. */
  readonly onResult?: (index: number, result: R) => void;
  /** How a job is named in an error; `job 3 of 8` unless said otherwise. */
  readonly name?: (index: number) => string;
}

/**
 * Runs independent jobs, on as many cores as there are. A handler is a module of the platform (see `handlers.ts`) so that a worker in another thread or process
 * can find it; payloads and results are data that survive structured cloning. A job's result depends on its payload and `shared` alone,
 * so results are the same for any engine and any number of workers.
 */
export interface JobEngine {
  /** How many jobs run at once. */
  readonly workers: number;
  /**
   * The results in the order of the payloads. Rejects when a job fails, naming the first such job: with a UserError when it was the user's mistake,
   * else with a JobFailed. Jobs already begun may finish, later ones do not begin.
   */
  run<P, R, S = unknown>(handler: string, payloads: readonly P[], options?: JobOptions<R, S>): Promise<R[]>;
  /** Ends all workers. The engine is of no use afterwards. */
  close(): Promise<void>;
}

/** What a handler module exports as `handle`. `signal` is aborted when the call is; a long job looks at it where it can. */
export type JobHandler<P, R, S> = (payload: P, shared: S, signal: AbortSignal | undefined) => R | Promise<R>;
