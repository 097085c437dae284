import type { FlowNode } from '../cluster/job-engine.js';
import type { ParamSpace } from '../strategies/params.js';
import type { ChoiceRule } from './choose-configuration.js';
import type { Evaluator, PlannedJob } from './evaluations.js';
import { CHOOSE_FOLD, JUDGE_WALK, type FoldTask, type JudgedWalk, type WalkTask } from './fold-choice.js';
import type { ObjectiveConfig } from './objective.js';
import type { Sampler } from './samplers/sampler.js';
import type { Tried, WalkSearch } from './walk-search.js';

/** What folds are trained with, and what they choose by. */
export interface JudgedFoldsScope {
  readonly evaluator: Evaluator;
  readonly walk: WalkSearch;
  /** One a fold, all of one kind. */
  readonly samplers: readonly Sampler[];
  /** Whether a single configuration was asked for by name, and is no choice: it trades whatever it did before. */
  readonly given: boolean;
  readonly objective: ObjectiveConfig;
  readonly rule: ChoiceRule;
  readonly space: ParamSpace;
  readonly seed: number | string;
}

/** What all folds tried, and what came of it. */
export interface JudgedFolds {
  readonly all: readonly (readonly Tried[])[];
  /** The candidates: what was looked at on a part of the window only is a trial, and none. */
  readonly full: readonly (readonly Tried[])[];
  readonly walked: JudgedWalk;
}

/**
 * Trains all folds, lets each choose, and judges their searches together, as one flow: trainings, above them a node a fold, above those the evidence of all. Searches that learn are
 * trained before, round by round, and stand in the flow as known.
 *
 * The tests of the choices are no part of it. Which trial a test is follows from the choice and from the equity that the test before left, and it has to be on record before it begins, while an
 * engine may begin what stands in a flow as soon as its children are done.
 */
export const judgeFolds = async (scope: JudgedFoldsScope): Promise<JudgedFolds> => {
  const { evaluator, walk, samplers, given, objective, rule, space, seed } = scope;
  const foldOf = (f: number, jobs: readonly PlannedJob[], leaves: readonly FlowNode[]): FlowNode => {
    const configurations = jobs.map(job => job.configurations);
    return {
      handler: CHOOSE_FOLD,
      payload: { configurations, objective, rule, space, given: given && configurations.flat().length === 1 } satisfies FoldTask,
      name: `fold ${f + 1}, choice`,
      children: leaves,
    };
  };
  const rootOf = (folds: readonly FlowNode[]): FlowNode => ({
    handler: JUDGE_WALK,
    payload: { seed } satisfies WalkTask,
    name: 'evidence of the search',
    children: folds,
  });

  if (samplers.every(({ batch }) => batch === Infinity)) {
    const { planned, tried } = walk.plan(samplers);
    const jobs = planned.map(({ job }) => job);
    const { evaluations, result } = await evaluator.flow<JudgedWalk>(jobs, leaves =>
      rootOf(
        samplers.map((_, f) => {
          const own = [...planned.keys()].filter(i => planned[i]!.f === f);
          return foldOf(
            f,
            own.map(i => jobs[i]!),
            own.map(i => leaves[i]!),
          );
        }),
      ),
    );
    const all = tried(evaluations);
    return { all, full: all, walked: result };
  }
  const all = await walk.search(samplers);
  const full = all.map(tried => tried.filter(({ share }) => share === 1));
  const folds = full.map((tried, f) => {
    const jobs = [...new Set(tried.map(({ job }) => job))];
    const evaluationsOf = (wanted: PlannedJob) => tried.flatMap(({ job, evaluation }) => (job === wanted ? [evaluation] : []));
    return foldOf(
      f,
      jobs,
      jobs.map(job => evaluator.done(job, evaluationsOf(job))),
    );
  });
  const { result } = await evaluator.flow<JudgedWalk>([], () => rootOf(folds));
  return { all, full, walked: result };
};
