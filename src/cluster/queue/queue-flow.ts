import type { FlowNode } from '../job-engine.js';
import type { Task } from './submission.js';

/** A tree of jobs as tasks of one submission. */
export interface QueueFlow {
  readonly root: FlowNode;
  /** Jobs that will run, in the order of a flow (see `FlowPlan`): what runs earlier first, the root last. */
  readonly tasks: readonly Task[];
  /** The nodes that each of them stands for: equal ones are one job. */
  readonly nodes: readonly (readonly FlowNode[])[];
  /** Results of earlier runs that jobs of this one are given, with the nodes that have them. */
  readonly known: readonly KnownResult[];
}

/** What an earlier run made of a job. */
export interface KnownResult {
  readonly id: string;
  readonly result: unknown;
  readonly nodes: readonly FlowNode[];
}

interface Planned {
  readonly task: Task;
  readonly nodes: FlowNode[];
  /** How many jobs must run one after another before it. */
  readonly depth: number;
}

/** `taskOf` makes the task of a node, given the ids of the jobs that it waits for. */
export const planFlow = (root: FlowNode, taskOf: (node: FlowNode, children: readonly string[]) => Task): QueueFlow => {
  const met = new Map<FlowNode, { readonly id: string; readonly depth: number }>();
  const planned = new Map<string, Planned>();
  const known = new Map<string, { readonly result: unknown; readonly nodes: FlowNode[] }>();
  const visit = (node: FlowNode, isNeeded: boolean): { readonly id: string; readonly depth: number } => {
    const before = met.get(node);
    if (before !== undefined) return before;
    const isToRun = isNeeded && node.known === undefined;
    const children = (node.children ?? []).map(child => visit(child, isToRun));
    const task = taskOf(
      node,
      children.map(({ id }) => id),
    );
    const depth = isToRun ? children.reduce((most, child) => Math.max(most, child.depth + 1), 0) : -1;
    if (isToRun) {
      const equal = planned.get(task.id);
      if (equal) equal.nodes.push(node);
      else planned.set(task.id, { task, nodes: [node], depth });
    } else if (isNeeded && node.known) {
      const equal = known.get(task.id);
      if (equal) equal.nodes.push(node);
      else known.set(task.id, { result: node.known.result, nodes: [node] });
    }
    const found = { id: task.id, depth };
    if (isNeeded) met.set(node, found);
    return found;
  };
  visit(root, true);
  const handlers = new Map<string, number>();
  for (const { task, depth } of planned.values()) {
    const key = `${depth} ${task.content.handler}`;
    if (!handlers.has(key)) handlers.set(key, handlers.size);
  }
  const placeOf = ({ task, depth }: Planned): number => handlers.get(`${depth} ${task.content.handler}`)!;
  const ordered = [...planned.values()].sort((a, b) => a.depth - b.depth || placeOf(a) - placeOf(b));
  return {
    root,
    tasks: ordered.map(({ task }) => task),
    nodes: ordered.map(({ nodes }) => nodes),
    known: [...known].map(([id, each]) => ({ id, ...each })),
  };
};
