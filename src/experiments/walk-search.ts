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
  /** All that each fold tried in training, in the order of proposal; one sampler a fold. Those that learn go round by round, all folds together. */
  search(samplers: readonly Sampler[]): Promise<readonly (readonly Tried[])[]>;
  /** One list of configurations a fold, on the folds' test windows from the first capital. */
  test(lists: readonly (readonly Params[])[]): Promise<readonly (readonly Tried[])[]>;
  /** The share of its training window that a job evaluates. */
  shareOf(job: PlannedJob): number;
}

/** Jobs of a round are cut into about this many, so that every core has work and little is lost by an interrupt. Independent of the number of workers. */
const JOBS_PER_ROUND = 64;
const LARGEST_JOB = 16;

const cut = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

export const walkSearch = ({ evaluator, folds, capital, objective, barMs, inner }: WalkSearchScope): WalkSearch => {
  const shares = new WeakMap<PlannedJob, number>();

  /** Jobs of all folds run side by side. */
  const evaluate = async (
    lists: readonly (readonly Params[])[],
    stretches: readonly Stretch[],
    stage: 'training' | 'test',
  ): Promise<Tried[][]> => {
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
    const outcomes = await evaluator.run(planned.map(({ job }) => job));
    const byFold: Tried[][] = lists.map(() => []);
    planned.forEach(({ f, job }, i) => {
      const { window, share } = stretches[f]!;
      job.configurations.forEach((params, c) => byFold[f]!.push({ params, evaluation: outcomes[i]![c]!, window, share }));
    });
    return byFold;
  };

  const training = ({ train }: Fold, share: number): Stretch => {
    const window = lastShare(train, share, barMs);
    return { window, share, ...(inner && { spans: innerSpans(window, inner.opens, inner.parts) }) };
  };

  const observed = ({ params, evaluation: { metrics }, share }: Tried): Observation => {
    const here = objectiveOnShare(objective, share);
    return { params, objective: score(here, metrics), ...(objective.also && { objectives: scores(here, metrics) }) };
  };

  return {
    search: async samplers => {
      const tried: Tried[][] = folds.map(() => []);
      for (;;) {
        const asked = samplers.map(sampler => sampler.ask(sampler.batch));
        if (asked.every(list => list.length === 0)) return tried;
        // After asking, which may climb to the next rung; folds may stand on different ones.
        const stretches = folds.map((fold, f) => training(fold, samplers[f]!.share ?? 1));
        const round = await evaluate(asked, stretches, 'training');
        round.forEach((answers, f) => {
          tried[f]!.push(...answers);
          samplers[f]!.tell(answers.map(observed));
        });
      }
    },
    test: lists =>
      evaluate(
        lists,
        folds.map(({ test }) => ({ window: test, share: 1 })),
        'test',
      ),
    shareOf: job => shares.get(job) ?? 1,
  };
};
