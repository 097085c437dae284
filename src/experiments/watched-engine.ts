import type { JobEngine } from '../cluster/job-engine.js';
import type { Evaluation, EvaluationJob } from './evaluation.js';

/** An engine whose evaluations are seen as they arrive, in no fixed order: for what is shown while a search runs. */
export const watchedEngine = (engine: JobEngine, seen: (job: EvaluationJob, evaluations: readonly Evaluation[]) => void): JobEngine => ({
  workers: engine.workers,
  run: (handler, payloads, options = {}) =>
    engine.run(handler, payloads, {
      ...options,
      onResult: (index, result) => {
        // Before the caller's own, which may go on to show what was seen.
        seen(payloads[index] as EvaluationJob, result as readonly Evaluation[]);
        options.onResult?.(index, result);
      },
    }),
  // Evaluations are the leaves of a flow.
  flow: (root, options = {}) =>
    engine.flow(root, {
      ...options,
      onResult: (node, result) => {
        if (node.children === undefined) seen(node.payload as EvaluationJob, result as readonly Evaluation[]);
        options.onResult?.(node, result);
      },
    }),
  close: () => engine.close(),
});
