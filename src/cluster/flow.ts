import { createHash } from 'node:crypto';
import { encodeExact } from './exact-json.js';
import type { FlowNode, FlowPayload, JobEngine } from './job-engine.js';

/** A job of a flow that will run. Nodes that are equal, with all below them, are one job. */
export interface FlowJob {
  readonly handler: string;
  readonly payload: unknown;
  /** All that it stands for; the first names it. */
  readonly nodes: readonly [FlowNode, ...FlowNode[]];
  /** What it waits for, in the order in which its handler is given their results. */
  readonly children: readonly (FlowJob | KnownJob)[];
}

/** A job that does not run, because its result is there. */
export interface KnownJob {
  readonly known: { readonly result: unknown };
}

/** A tree of jobs in the order in which they may run. */
export interface FlowPlan {
  readonly root: FlowJob | KnownJob;
  /**
   * Jobs of one handler that can run side by side once all stages before theirs have finished. Jobs in this order, stage by stage, are the order of a flow: of several that fail, the first
   * in it is named, whatever the timing and the engine.
   */
  readonly stages: readonly (readonly FlowJob[])[];
}

export const isKnown = (job: FlowJob | KnownJob): job is KnownJob => 'known' in job;

interface Planning extends FlowJob {
  readonly nodes: [FlowNode, ...FlowNode[]];
  readonly key: string;
  /** How many jobs must run one after another before it. */
  readonly depth: number;
}

/** Throws a TypeError that names the place for a payload that is not plain data: see `encodeExact`. */
export const planFlow = (root: FlowNode): FlowPlan => {
  const byNode = new Map<FlowNode, Planning | (KnownJob & { readonly key: string })>();
  const byKey = new Map<string, Planning>();
  const visit = (node: FlowNode): Planning | (KnownJob & { readonly key: string }) => {
    const met = byNode.get(node);
    if (met !== undefined) return met;
    const planned = plan(node);
    byNode.set(node, planned);
    return planned;
  };
  const plan = (node: FlowNode): Planning | (KnownJob & { readonly key: string }) => {
    const { handler, payload, known } = node;
    // Results may be large and are not compared: what waits for a known job equals only what waits for the same node.
    if (known !== undefined) return { known, key: `known ${byNode.size}` };
    const children = (node.children ?? []).map(visit);
    const key = createHash('sha256')
      .update(encodeExact({ handler, payload, children: children.map(child => child.key) }))
      .digest('hex');
    const equal = byKey.get(key);
    if (equal !== undefined) {
      equal.nodes.push(node);
      return equal;
    }
    const depth = children.reduce((most, child) => (isKnown(child) ? most : Math.max(most, child.depth + 1)), 0);
    const job: Planning = { handler, payload, nodes: [node], children, key, depth };
    byKey.set(key, job);
    return job;
  };
  const planned = visit(root);
  const stages: Map<string, Planning[]>[] = [];
  // Children were planned before their parents, siblings in their order.
  for (const job of byKey.values()) {
    const stage = (stages[job.depth] ??= new Map<string, Planning[]>());
    const alike = stage.get(job.handler);
    if (alike) alike.push(job);
    else stage.set(job.handler, [job]);
  }
  return { root: planned, stages: stages.flatMap(stage => [...stage.values()]) };
};

/** What the handler of a job is given, once the results of its children are there. */
export const flowPayload = ({ payload, children }: FlowJob, resultOf: (job: FlowJob) => unknown): unknown =>
  children.length === 0
    ? payload
    : ({ payload, children: children.map(child => (isKnown(child) ? child.known.result : resultOf(child))) } satisfies FlowPayload);

/**
 * `flow` for an engine that has `run`: a stage of the tree is one call of it, so that what can run side by side does. `onStart` is called stage by stage, as `run` calls it; a node of which an
 * equal one runs is started and finished with that one.
 */
export const flowOver =
  (run: JobEngine['run']): JobEngine['flow'] =>
  async <R, S>(
    root: FlowNode,
    { signal, shared, onStart, onResult }: Parameters<JobEngine['flow']>[1] & { readonly shared?: S } = {},
  ): Promise<R> => {
    const plan = planFlow(root);
    const results = new Map<FlowJob, unknown>();
    const resultOf = (job: FlowJob): unknown => results.get(job);
    for (const stage of plan.stages) {
      const payloads = stage.map(job => flowPayload(job, resultOf));
      const finished = await run<unknown, unknown, S>(stage[0]!.handler, payloads, {
        ...(signal && { signal }),
        ...(shared !== undefined && { shared }),
        name: i => stage[i]!.nodes[0].name,
        onStart: indices => onStart?.(indices.flatMap(i => stage[i]!.nodes)),
        onResult: (i, result) => {
          for (const node of stage[i]!.nodes) onResult?.(node, result);
        },
      });
      stage.forEach((job, i) => results.set(job, finished[i]));
    }
    return (isKnown(plan.root) ? plan.root.known.result : resultOf(plan.root)) as R;
  };
