import type { FlowPayload, JobHandler } from '../cluster/job-engine.js';
import type { JudgedWalk, TrainedFold, WalkTask } from './fold-choice.js';
import { judgeSearch } from './search-evidence.js';
import { searchedHistory } from './searched-history.js';

/** Joins the histories of the folds and judges their searches as one. */
export const handle: JobHandler<FlowPayload<WalkTask, TrainedFold>, JudgedWalk, unknown> = ({ payload: { seed }, children }) => ({
  folds: children.map(({ chosen, pbo }) => ({ chosen, pbo })),
  search: judgeSearch({ ...searchedHistory(children.map(({ trained }) => trained)), seed }),
});
