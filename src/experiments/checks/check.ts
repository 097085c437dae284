import type { RunConfig } from '../../engine/run-config.js';
import type { Params } from '../../engine/run-result.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { EvaluationShared } from '../evaluation.js';
import type { Metrics } from '../objective.js';
import type { Segment } from '../segment.js';
import type { Span } from '../splits/fold.js';

/** One window with the parameters traded in it; null trades nothing. */
export interface Step {
  readonly params: Params | null;
  readonly window: Span;
}

/** What is checked: a backtest is one step, a walk-forward one step a fold with the fold's own choice. */
export interface CheckSubject {
  readonly strategy: Strategy;
  readonly shared: EvaluationShared;
  /** In time order; each begins flat with the equity at which the one before ended. */
  readonly steps: readonly Step[];
  readonly seed: number | string;
}

/** How recorded data are changed before a run; the same change gives the same data in any worker. */
export type DataChange =
  | { readonly kind: 'missing-bars'; readonly share: number; readonly seed: number | string }
  | { readonly kind: 'noisy-closes'; readonly bps: number; readonly seed: number | string }
  /** History that begins here: there is less to warm up on. */
  | { readonly kind: 'later-history'; readonly from: number }
  /** Every settled funding rate times `scale`; a strategy that looks at the rates sees these. */
  | { readonly kind: 'scaled-funding'; readonly scale: number }
  /** A block bootstrap of the bars. */
  | { readonly kind: 'synthetic-history'; readonly seed: number | string; readonly meanBlock?: number };

/** One more run of the subject, with something changed. Left out is as in the subject. */
export interface Probe {
  /** For errors and progress, e.g. `fees × 2`. */
  readonly name: string;
  readonly config?: Partial<RunConfig>;
  readonly change?: DataChange;
  readonly steps?: readonly Step[];
}

/** What a probe did over all of its steps, joined. */
export interface ProbeOutcome {
  /** SHA-256 over the steps' fingerprints. */
  readonly fingerprint: string;
  readonly metrics: Metrics;
  /** Returns per UTC day (per bar from daily bars up). */
  readonly returns: Float64Array;
  /** The subject as it is keeps its trades and curve; other probes do not. */
  readonly segment: Segment | null;
}

/** Where a figure of a check was measured. */
export interface CheckPoint {
  /** E.g. `fees × 2`, `1 bar later`, `synthetic history 7`. */
  readonly label: string;
  /** On the check's own scale, for a plot; null where points have no order. */
  readonly x: number | null;
  readonly sharpe: number | null;
  readonly totalReturn: number | null;
  readonly maxDrawdown: number | null;
  readonly trades: number | null;
}

/**
 * `pass`: nothing found. `warn`: the result depends on what was changed; think. `fail`: a defect, or the result does not survive. `untested`: the sentence says why.
 */
export type CheckVerdict = 'pass' | 'warn' | 'fail' | 'untested';

/** What one check says. */
export interface CheckResult {
  /** Kebab-case, unique, e.g. `one-bar-delay`. */
  readonly id: string;
  /** E.g. `One bar late`. */
  readonly title: string;
  /** `leak`: does it see what it cannot know? `fragility`: does it need everything to be just so? `chance`: could luck have done it? */
  readonly family: 'leak' | 'fragility' | 'chance';
  readonly verdict: CheckVerdict;
  /** One sentence with the figures, for a trader. */
  readonly sentence: string;
  /** Where the subject itself stands; null where it has no place among the points. */
  readonly base: CheckPoint | null;
  readonly points: readonly CheckPoint[];
  /** What `x` is, with its unit; null where it has none. */
  readonly axis: string | null;
}

/** A check by re-runs: all checks' probes go through the job engine together. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly family: CheckResult['family'];
  /** It asks what is left of a profit: where the subject earns nothing no run is made for it. */
  readonly needsProfit?: true;
  /** The runs it needs, or why it cannot be made here. */
  plan(subject: CheckSubject): readonly Probe[] | { readonly untested: string };
  /** `outcomes` in the order of the plan; `base` is the subject unchanged. */
  judge(subject: CheckSubject, base: ProbeOutcome, outcomes: readonly ProbeOutcome[]): CheckResult;
}
