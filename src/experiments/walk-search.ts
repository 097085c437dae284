import type { Params } from '../engine/run-result.js';
import type { Evaluation } from './evaluation.js';
import type { Evaluator, PlannedJob } from './evaluations.js';
import { lastShare, objectiveOnShare } from './last-share.js';
import { score, scores } from './objective.js';
import type { ObjectiveConfig } from './objective.js';
import type { Observation, Sampler } from './samplers/sampler.js';
import type { Fold, Span } from './splits/fold.js';
import { innerSpans } from './splits/inner-spans.js';

/** One configuration on one window of a fold. */
export interface Tried {
  readonly params: Params;
  readonly evaluation: Evaluation;
  readonly window: Span;
  /** Of the training window, its last part; 1 in a test. */
  readonly share: number;
  /** The job that it was a part of. */
  readonly job: PlannedJob;
}

/** Jobs of all folds that can run side by side. */
export interface Round {
  /** Fold by fold, in the order of proposal, with the place of the fold. */
  readonly planned: readonly { readonly f: number; readonly job: PlannedJob }[];
  /** What each fold has tried, once there are evaluations for all of the jobs, in their order. */
  tried(evaluations: readonly (readonly Evaluation[])[]): Tried[][];
}

/** A window of a fold to evaluate configurations on. */
interface Stretch {
  readonly window: Span;
  readonly spans?: readonly Span[];
  readonly share: number;
}

/** Everything that the searches of all folds have in common. */
export interface WalkSearchScope {
  readonly evaluator: Evaluator;
  readonly folds: readonly Fold[];
  readonly capital: number;
  readonly objective: ObjectiveConfig;
  readonly barMs: number;
  /** Parts of an inner split that a configuration is judged on, with the opens of all bars; undefined judges on the window as a whole. */
  readonly inner: { readonly parts: number; readonly opens: Float64Array } | undefined;
}

/** Evaluates configurations on the windows of folds. */
export interface WalkSearch {
  /** The trainings of all folds, one sampler a fold, where samplers do not learn and ask for everything at once. */
  plan(samplers: readonly Sampler[]): Round;
  /** All that each fold tried in training, in the order of proposal; one sampler a fold. Those that learn go round by round, all folds together. */
  search(samplers: readonly Sampler[]): Promise<readonly (readonly Tried[])[]>;
  /** One list of configurations a fold, on the folds' test windows from the first capital. */
  test(lists: readonly (readonly Params[])[]): Promise<readonly (readonly Tried[])[]>;
  /** The share of its training window that a job evaluates. */
  shareOf(job: PlannedJob): number;
  /** How many folds have all trainings of a plan behind them, now that a job has; undefined for a job that is none of a plan. */
  trainedAfter(job: PlannedJob): number | undefined;
}

/** Jobs of a round are cut into about this many, so that every core has work and little is lost by an interrupt. Independent of the number of workers. */
const JOBS_PER_ROUND = 64;
const LARGEST_JOB = 16;

const cut = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

export const walkSearch = ({ evaluator, folds, capital, objective, barMs, inner }: WalkSearchScope): WalkSearch => {
  const shares = new WeakMap<PlannedJob, number>();
  /** Of a plan: the jobs that each fold still waits for. */
  let waiting: readonly Set<PlannedJob>[] = [];

  /** Cuts lists of configurations, one a fold, into jobs. */
  const roundOf = (lists: readonly (readonly Params[])[], stretches: readonly Stretch[], stage: 'training' | 'test'): Round => {
    const configurations = lists.reduce((n, list) => n + list.length, 0);
    const size = Math.min(LARGEST_JOB, Math.max(1, Math.floor(configurations / JOBS_PER_ROUND)));
    const planned = lists.flatMap((list, f) =>
      cut(list, size).map((some, part) => {
        const first = part * size + 1;
        const { window, spans, share } = stretches[f]!;
        const job: PlannedJob = {
          window,
          ...(spans && { spans }),
          capital,
          configurations: some,
          keep: stage === 'training' ? 'returns' : 'metrics',
          role: stage === 'training' ? 'train' : 'test',
          name: `fold ${f + 1}, ${stage}, configurations ${first} to ${first + some.length - 1} of ${list.length}`,
        };
        shares.set(job, share);
        return { f, job };
      }),
    );
    evaluator.expect(configurations);
    return {
      planned,
      tried: evaluations => {
        const byFold: Tried[][] = lists.map(() => []);
        planned.forEach(({ f, job }, i) => {
          const { window, share } = stretches[f]!;
          job.configurations.forEach((params, c) => byFold[f]!.push({ params, evaluation: evaluations[i]![c]!, window, share, job }));
        });
        return byFold;
      },
    };
  };

  const evaluate = async ({ planned, tried }: Round): Promise<Tried[][]> => tried(await evaluator.run(planned.map(({ job }) => job)));

  const training = ({ train }: Fold, share: number): Stretch => {
    const window = lastShare(train, share, barMs);
    return { window, share, ...(inner && { spans: innerSpans(window, inner.opens, inner.parts) }) };
  };

  const observed = ({ params, evaluation: { metrics }, share }: Tried): Observation => {
    const here = objectiveOnShare(objective, share);
    return { params, objective: score(here, metrics), ...(objective.also && { objectives: scores(here, metrics) }) };
  };

  return {
    plan: samplers => {
      const round = roundOf(
        samplers.map(sampler => sampler.ask(sampler.batch)),
        folds.map(fold => training(fold, 1)),
        'training',
      );
      waiting = folds.map((_, fold) => new Set(round.planned.flatMap(({ f, job }) => (f === fold ? [job] : []))));
      return round;
    },
    search: async samplers => {
      const tried: Tried[][] = folds.map(() => []);
      for (;;) {
        const asked = samplers.map(sampler => sampler.ask(sampler.batch));
        if (asked.every(list => list.length === 0)) return tried;
        // After asking, which may climb to the next rung; folds may stand on different ones.
        const stretches = folds.map((fold, f) => training(fold, samplers[f]!.share ?? 1));
        const round = await evaluate(roundOf(asked, stretches, 'training'));
        round.forEach((answers, f) => {
          tried[f]!.push(...answers);
          samplers[f]!.tell(answers.map(observed));
        });
      }
    },
    test: lists =>
      evaluate(
        roundOf(
          lists,
          folds.map(({ test }) => ({ window: test, share: 1 })),
          'test',
        ),
      ),
    shareOf: job => shares.get(job) ?? 1,
    trainedAfter: job => {
      const fold = waiting.find(jobs => jobs.delete(job));
      return fold && waiting.filter(({ size }) => size === 0).length;
    },
  };
};
