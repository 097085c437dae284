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
  /** Called before the call rejects, with each job that gave two different results: what was kept of it is not to be relied on. */
  readonly onDoubt?: (index: number) => void;
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
  /** Runs a tree of jobs and gives the result of its root. Rejects as `run` does. */
  flow<R, S = unknown>(root: FlowNode, options?: FlowOptions<S>): Promise<R>;
  /** Ends all workers. The engine is of no use afterwards. */
  close(): Promise<void>;
}

/**
 * A job that begins when the jobs it waits for have finished. Its handler is given a `FlowPayload`: its own payload, and what its children gave, in their order.
 * A leaf, which waits for nothing, is given its payload as it is: the same job whether it stands in a flow or alone.
 */
export interface FlowNode {
  readonly handler: string;
  readonly payload: unknown;
  /** For errors and for people who watch the queue, e.g. `fold 2, test of the choice`. */
  readonly name: string;
  readonly children?: readonly FlowNode[];
  /** What an earlier run made of it: neither the job nor its children are run again. */
  readonly known?: { readonly result: unknown };
}

/** What the handler of a job with children is given. */
export interface FlowPayload<P = unknown, C = unknown> {
  readonly payload: P;
  readonly children: readonly C[];
}

/** How one call of `flow` goes. */
export interface FlowOptions<S = unknown> {
  readonly signal?: AbortSignal;
  readonly shared?: S;
  /** Called before jobs begin, with their nodes, and awaited: once with all that will run where the engine begins them by itself, else each time some are about to begin. */
  readonly onStart?: (nodes: readonly FlowNode[]) => Promise<void> | void;
  /** Called once per node that runs, in order of completion, children before their parents; for nodes that are equal, with all below them, one job runs. */
  readonly onResult?: (node: FlowNode, result: unknown) => void;
  /** Called before the call rejects, with each node whose job gave two different results, or another one than is known of it. */
  readonly onDoubt?: (node: FlowNode) => void;
}

/** What a handler module exports as `handle`. `signal` is aborted when the call is; a long job looks at it where it can. */
export type JobHandler<P, R, S> = (payload: P, shared: S, signal: AbortSignal | undefined) => R | Promise<R>;
