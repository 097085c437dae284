import type { FlowPayload, JobHandler } from '../cluster/job-engine.js';
import { chooseConfiguration } from './choose-configuration.js';
import type { Evaluation } from './evaluation.js';
import type { FoldTask, TrainedFold } from './fold-choice.js';
import { searchOverfitting } from './search-overfitting.js';
import { onSameDates } from './searched-history.js';

/** Chooses among what one fold tried, and says how likely that search was to overfit. A fold that tried nothing waits for nothing, and is given its task as it is. */
export const handle: JobHandler<FlowPayload<FoldTask, readonly Evaluation[]> | FoldTask, TrainedFold, unknown> = task => {
  const { payload, children } = 'children' in task ? task : { payload: task, children: [] };
  const { configurations, objective, rule, space, given } = payload;
  const evaluations = children.flat();
  const candidates = configurations.flat().map((params, place) => ({ ...evaluations[place]!, params, place }));
  const choice = given ? candidates[0] : chooseConfiguration(candidates, { objective, rule, space });
  return {
    chosen: choice?.place ?? null,
    pbo: searchOverfitting(candidates.flatMap(({ returns }) => returns ?? [])),
    trained: onSameDates(candidates),
  };
};
