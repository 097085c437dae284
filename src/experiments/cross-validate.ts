import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { PLATFORM } from '../engine/platform.js';
import type { Assumption, Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import { deepestDrawdownOfReturns } from '../metrics/max-drawdown.js';
import { sharpeRatio } from '../metrics/sharpe.js';
import { observationsPerYear } from '../metrics/track.js';
import { quantile } from '../statistics/quantile.js';
import { resolveParams } from '../strategies/params.js';
import type { ParamValues } from '../strategies/params.js';
import { YEAR } from '../time.js';
import { EVALUATE } from './evaluation.js';
import type { Evaluation } from './evaluation.js';
import { evaluatorOf } from './evaluations.js';
import type { PlannedJob, Progress } from './evaluations.js';
import { contentHash, folderStore, noStore } from './job-store.js';
import type { ObjectiveConfig } from './objective.js';
import { returnScore } from './return-score.js';
import { samplerOf } from './samplers/sampler-config.js';
import { searchEvidence } from './search-evidence.js';
import type { SearchEvidence } from './search-evidence.js';
import type { SearchSpec } from './search-spec.js';
import type { CrossSplit } from './splits/cross-split.js';
import type { Span, SplitFold } from './splits/fold.js';
import { countTrials } from './count-trials.js';
import { openTrialLedger } from './trial-ledger.js';
import { trialScope } from './trial-scope.js';

/** A cross-validation of a search. Its sampler is one that names all of its configurations beforehand. */
export interface CrossValidationSpec extends SearchSpec {
  readonly split: CrossSplit;
  readonly onProgress?: (progress: Progress) => void;
}

/** One fold: what its training chose and what that did in the test. */
export interface CrossValidatedFold extends SplitFold {
  /** Null when no configuration was eligible: the fold trades flat. */
  readonly params: Params | null;
  /** The objective over the training pieces joined, and over the test pieces joined. */
  readonly inSample: number | null;
  readonly outOfSample: number | null;
}

/** One whole history, every day of it out of sample. */
export interface CrossValidatedPath {
  readonly returns: Float64Array;
  readonly returnTs: Float64Array;
  /** Annual; null where returns do not vary. */
  readonly sharpe: number | null;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
}

/** What came of a cross-validation. */
export interface CrossValidationResult {
  readonly runId: string;
  readonly strategy: string;
  /** SHA-256 over the folds, their choices and the runs behind them. */
  readonly fingerprint: string;
  readonly objective: ObjectiveConfig;
  readonly configurations: number;
  readonly groups: readonly Span[];
  readonly folds: readonly CrossValidatedFold[];
  readonly paths: readonly CrossValidatedPath[];
  /** Of the paths' Sharpe ratios; null without any. */
  readonly sharpe: { readonly median: number; readonly low: number; readonly high: number; readonly belowZero: number } | null;
  readonly search: SearchEvidence;
  readonly trials: { readonly run: number; readonly total: number };
  readonly assumptions: readonly Assumption[];
}

/** Configurations of one job. Independent of the number of workers. */
const LARGEST_JOB = 16;

const ASSUMPTIONS: readonly Assumption[] = [
  {
    topic: 'cross-validation',
    text: 'Training follows a test as well as precedes it: this says whether the search finds something that lasts, not what could have been earned. A walk-forward says that.',
    source: 'docs/cross-validation.md',
  },
  {
    topic: 'cross-validation',
    text: 'Each configuration is run once on every group of bars from a fresh account, warmed up on all history before it; folds and paths join the returns of these runs. Days within purge and embargo of a test count for no training.',
    source: 'docs/cross-validation.md',
  },
];

interface Piece {
  readonly returns: Float64Array;
  readonly returnTs: Float64Array;
}

const joined = (pieces: readonly Piece[]): Piece => {
  const length = pieces.reduce((n, { returns }) => n + returns.length, 0);
  const [returns, returnTs] = [new Float64Array(length), new Float64Array(length)];
  let offset = 0;
  for (const piece of pieces) {
    returns.set(piece.returns, offset);
    returnTs.set(piece.returnTs, offset);
    offset += piece.returns.length;
  }
  return { returns, returnTs };
};

/** The returns that end within the spans. A day that reaches over a span's edge is left out whole. */
const within = ({ returns, returnTs }: Piece, spans: readonly Span[], from: number): Piece => {
  const kept: number[] = [];
  for (let i = 0; i < returns.length; i++) {
    const begin = i === 0 ? from : returnTs[i - 1]!;
    if (spans.some(span => begin >= span.from && returnTs[i]! <= span.to)) kept.push(i);
  }
  return { returns: Float64Array.from(kept, i => returns[i]!), returnTs: Float64Array.from(kept, i => returnTs[i]!) };
};

/**
 * Choose parameters on all of history but a test and what is purged around it, judge the choice on the test, and do so for every test of the split. Each configuration
 * runs once on each group of bars; all folds share those runs, so that a combinatorial split costs what one pass of the search over history costs. With several paths it
 * gives a distribution of out-of-sample results instead of one. Results do not depend on the number of workers or on interruptions.
 *
 * Throws usage errors for a sampler that learns from answers, an objective that returns alone do not define, and as the samplers do.
 */
export const crossValidate = async (spec: CrossValidationSpec): Promise<CrossValidationResult> => {
  const { runId, config, instruments, data, split, objective, signal } = spec;
  const { ref, hash: code, strategy } = spec.strategy;
  const { groups, folds } = split;
  if (objective.also !== undefined || objective.direction === 'minimise')
    throw usageError('bad-objective', 'A cross-validation chooses by one metric, made as good as can be.', 'Name one, such as sharpe.');
  const scoreOf = returnScore(objective.metric);
  const named = spec.fixed ?? {};
  const resolved: Params = resolveParams(strategy.params, named);
  const isFixed = (name: string): boolean => Object.hasOwn(named, name) || strategy.params[name]?.search === false;
  const fixed: Params = Object.fromEntries(Object.entries(resolved).filter(([name]) => isFixed(name)));
  const constraint = (params: Params): boolean => strategy.constraint?.(params as ParamValues<typeof strategy.params>) ?? true;
  const sampler = samplerOf(spec.sampler, { space: strategy.params, fixed, constraint }, config.seed);
  if (sampler.batch !== Infinity || spec.sampler.kind === 'halving')
    throw usageError(
      'bad-search',
      `A ${spec.sampler.kind} search learns from a training's answers, and here each configuration is run once for all trainings.`,
      'Use grid, random, sobol or latin-hypercube.',
    );
  const configurations = [...sampler.ask(Infinity)].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  const ledger = spec.ledger && (await openTrialLedger(spec.ledger.folder, runId, spec.ledger.clock));
  try {
    const evaluator = evaluatorOf({
      engine: spec.engine,
      handler: spec.handler ?? EVALUATE,
      shared: { strategy: ref, bundle: code, instruments, config, chunks: data.chunks, ...(spec.tapes && { tapes: spec.tapes }) },
      store: spec.folder === undefined ? noStore : folderStore(join(spec.folder, 'jobs')),
      ledger,
      identity: { ...trialScope({ strategy: strategy.name, code, version: data.version, config }), platform: PLATFORM },
      objective: ({ metrics }) => metrics[objective.metric] ?? null,
      ...(spec.onProgress && { onProgress: spec.onProgress }),
      ...(signal && { signal }),
    });
    evaluator.expect(configurations.length * groups.length);
    const jobs = groups.flatMap((window, g) =>
      Array.from({ length: Math.ceil(configurations.length / LARGEST_JOB) }, (_, part): PlannedJob & { readonly g: number } => {
        const some = configurations.slice(part * LARGEST_JOB, (part + 1) * LARGEST_JOB);
        const first = part * LARGEST_JOB + 1;
        const name = `group ${g + 1}, configurations ${first} to ${first + some.length - 1} of ${configurations.length}`;
        return { g, window, capital: config.capital, configurations: some, keep: 'returns', role: 'train', name };
      }),
    );
    const answers = await evaluator.run(jobs);
    /** By group, then by configuration. */
    const evaluations: Evaluation[][] = groups.map(() => []);
    jobs.forEach(({ g }, i) => evaluations[g]!.push(...answers[i]!));

    const pieceOf = (g: number, c: number): Piece => {
      const { returns, returnTs } = evaluations[g]![c]!;
      return { returns: returns ?? new Float64Array(), returnTs: returnTs ?? new Float64Array() };
    };
    const all = joined(groups.map((_, g) => pieceOf(g, 0)));
    const first = groups[0]?.from ?? 0;
    const periodsPerYear = observationsPerYear(all.returnTs, all.returns.length, ((all.returnTs.at(-1) ?? first) - first) / YEAR);

    const chosen = folds.map(({ test, train }): { c: number | null; score: number | null } => {
      const tested = new Set(test.map(({ from }) => from));
      const trained = groups.flatMap((group, g) => (tested.has(group.from) ? [] : [g]));
      let best: { c: number; score: number } | undefined;
      configurations.forEach((_, c) => {
        let trades = 0;
        const kept = trained.map(g => {
          const whole = pieceOf(g, c);
          const part = within(whole, train, groups[g]!.from);
          trades += ((evaluations[g]![c]!.metrics['trades'] ?? 0) * part.returns.length) / Math.max(1, whole.returns.length);
          return part;
        });
        const score = trades < objective.minimumTrades ? null : scoreOf(joined(kept).returns, periodsPerYear);
        // Of equals the one whose canonical JSON sorts first.
        if (score !== null && (best === undefined || score > best.score)) best = { c, score };
      });
      // A single configuration is no choice: it trades whatever it did before.
      if (best === undefined) return { c: configurations.length === 1 ? 0 : null, score: null };
      return best;
    });
    const testedPiece = (fold: number, g: number): Piece => {
      const { c } = chosen[fold]!;
      const piece = pieceOf(g, c ?? 0);
      return c === null ? { ...piece, returns: new Float64Array(piece.returns.length) } : piece;
    };
    const groupAt = new Map(groups.map(({ from }, g) => [from, g]));
    const results = folds.map((fold, f): CrossValidatedFold => {
      const test = joined(fold.test.map(({ from }) => testedPiece(f, groupAt.get(from)!)));
      const { c, score } = chosen[f]!;
      return {
        ...fold,
        params: c === null ? null : configurations[c]!,
        inSample: score,
        outOfSample: scoreOf(test.returns, periodsPerYear),
      };
    });
    const paths = split.paths.map((path): CrossValidatedPath => {
      const piece = joined(path.map((fold, g) => testedPiece(fold, g)));
      const sharpe = sharpeRatio(piece.returns, periodsPerYear);
      return {
        ...piece,
        sharpe: Number.isFinite(sharpe) ? sharpe : null,
        totalReturn: piece.returns.reduce((product, r) => product * (1 + r), 1) - 1,
        maxDrawdown: deepestDrawdownOfReturns(piece.returns),
      };
    });
    const sharpes = paths.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe]));
    const run = configurations.length * groups.length;
    const counted = spec.ledger ? (await countTrials(spec.ledger.folder, { strategy: strategy.name })).distinct : 0;
    const total = Math.max(counted, run);
    return {
      runId,
      strategy: strategy.name,
      fingerprint: contentHash(
        results.map(({ train, test, params }, f) => ({
          train,
          test,
          params,
          runs: test.map(({ from }) => (chosen[f]!.c === null ? null : evaluations[groupAt.get(from)!]![chosen[f]!.c]!.fingerprint)),
        })),
      ),
      objective,
      configurations: configurations.length,
      groups,
      folds: results,
      paths,
      sharpe:
        sharpes.length === 0
          ? null
          : {
              median: quantile(sharpes, 0.5),
              low: quantile(sharpes, 0.05),
              high: quantile(sharpes, 0.95),
              belowZero: sharpes.filter(sharpe => sharpe < 0).length / sharpes.length,
            },
      search: searchEvidence({
        configurations: configurations.map((params, c) => ({ params, returns: joined(groups.map((_, g) => pieceOf(g, c))).returns })),
        periodsPerYear,
        trials: total,
        over: `all ${groups.length} groups joined, ${all.returns.length} returns`,
        seed: config.seed,
      }),
      trials: { run, total },
      assumptions: ASSUMPTIONS,
    };
  } finally {
    await ledger?.close();
  }
};
