import { join } from 'node:path';
import { PLATFORM } from '../engine/platform.js';
import type { Assumption, Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import { summarise } from '../metrics/summary.js';
import { trackOf } from '../metrics/track.js';
import { resolveParams } from '../strategies/params.js';
import type { ParamSpace, ParamValues } from '../strategies/params.js';
import { decayOf, meanDecay } from './decay.js';
import { estimate, noEstimate } from './estimate.js';
import { checkChoice } from './choose-configuration.js';
import { EVALUATE } from './evaluation.js';
import { trialsOnRecord } from './evidence/trials-on-record.js';
import type { Evaluation } from './evaluation.js';
import { evaluatorOf } from './evaluations.js';
import { contentHash, folderStore, noStore } from './job-store.js';
import { objectiveOnShare } from './last-share.js';
import { checkObjective, score } from './objective.js';
import { parameterDrift } from './parameter-drift.js';
import { rankCorrelation } from './rank-correlation.js';
import { samplerOf } from './samplers/sampler-config.js';
import { judgeFolds } from './judge-folds.js';
import { afterHaircut } from './search-evidence.js';
import { sharpeAtLength, widerSpread } from './overfitting/dsr.js';
import { medianEstimate, sharpeEvidence } from './search-overfitting.js';
import { flatSegment } from './segment.js';
import type { Segment } from './segment.js';
import type { Fold, Span } from './splits/fold.js';
import { stitch } from './stitch.js';
import { openTrialLedger } from './trial-ledger.js';
import { trialHash } from './trial.js';
import { trialScope } from './trial-scope.js';
import type { FoldCandidate, FoldResult, WalkForwardResult } from './walk-forward-result.js';
import type { WalkForwardSpec } from './walk-forward-spec.js';
import { walkSearch } from './walk-search.js';
import type { Tried } from './walk-search.js';
import { barCloses } from './window-chunks.js';

export type { FoldResult, WalkForwardResult } from './walk-forward-result.js';
export type { WalkForwardSpec } from './walk-forward-spec.js';

const ASSUMPTIONS: readonly Assumption[] = [
  {
    topic: 'walk-forward',
    text: 'Each test window starts without a position, with the equity that the one before left. What is open at its end is closed at the last close, with slippage and the taker’s fee.',
    source: 'walk-forward rules',
  },
  {
    topic: 'walk-forward',
    text: 'Indicators are warmed up on all history before a window; nothing is traded there. Parameters are chosen on the training window alone.',
    source: 'walk-forward rules',
  },
];

const check = ({ folds, config, data }: WalkForwardSpec): void => {
  if (folds.length === 0) throw usageError('too-short', 'There are no folds to walk over.', 'Use shorter windows or more data.');
  if (!data.chunks.some(({ kind, rows }) => kind === 'bars' && rows > 0)) throw usageError('no-bars', 'There are no bars to walk over.');
  timeframeMs(config.timeframe);
};

const barOpens = ({ config: { timeframe }, data }: WalkForwardSpec, barMs: number): Float64Array =>
  barCloses(data.chunks, timeframe, barMs, { from: -Infinity, to: Infinity }).map(close => close - barMs);

/**
 * Choose parameters on each training window, trade them on the test window that follows, and join the tests into one run.
 *
 * Test windows are chained: each begins flat with the equity at which the one before ended, so sizes compound; what is open at a window's end is closed there and
 * pays for it. A fold in which no configuration is eligible, or that has no equity left, trades nothing. All folds × configurations run through the job engine;
 * results do not depend on the number of workers, nor on having been interrupted and resumed.
 *
 * Throws usage errors for parameters, objectives or searches that do not exist; rejects with the signal's reason when aborted.
 */
export const walkForward = async (spec: WalkForwardSpec): Promise<WalkForwardResult> => {
  const { runId, config, instruments, data, folds, objective, engine, signal } = spec;
  const { ref, hash: code, strategy } = spec.strategy;
  const { choose = 'peak', inner } = spec;
  check(spec);
  checkObjective(objective);
  checkChoice(choose, objective);
  const named = spec.fixed ?? {};
  const resolved: Params = resolveParams(strategy.params, named);
  const isFixed = (name: string): boolean => Object.hasOwn(named, name) || strategy.params[name]?.search === false;
  const fixed: Params = Object.fromEntries(Object.entries(resolved).filter(([name]) => isFixed(name)));
  const searched: ParamSpace = Object.fromEntries(Object.entries(strategy.params).filter(([name]) => !isFixed(name)));
  const constraint = (params: Params): boolean => strategy.constraint?.(params as ParamValues<typeof strategy.params>) ?? true;
  const identity = { ...trialScope({ strategy: strategy.name, code, version: data.version, config }), platform: PLATFORM };
  const ledger = spec.ledger && (await openTrialLedger(spec.ledger.folder, runId, spec.ledger.clock));
  const evaluator = evaluatorOf({
    engine,
    handler: spec.handler ?? EVALUATE,
    shared: { strategy: ref, bundle: code, instruments, config, chunks: data.chunks, ...(spec.tapes && { tapes: spec.tapes }) },
    store: spec.folder === undefined ? noStore : folderStore(join(spec.folder, 'jobs')),
    ledger,
    identity,
    objective: (evaluation, job) => score(objectiveOnShare(objective, walk.shareOf(job)), evaluation.metrics),
    ...(spec.onProgress && { onProgress: spec.onProgress }),
    onJob: job => {
      const trained = walk.trainedAfter(job);
      if (trained !== undefined) spec.onTrained?.(trained);
    },
    ...(signal && { signal }),
  });

  const barMs = timeframeMs(config.timeframe);
  const walk = walkSearch({
    evaluator,
    folds,
    capital: config.capital,
    objective,
    barMs,
    inner: inner === undefined ? undefined : { parts: inner, opens: barOpens(spec, barMs) },
  });

  interface Test {
    readonly params: Params | null;
    readonly flatReason: string | null;
    readonly evaluation: Evaluation | null;
    readonly segment: Segment;
  }

  /** One fold's test from the equity so far. */
  const test = async (fold: Fold, choice: Tried | undefined, capital: number): Promise<Test> => {
    const flat = (flatReason: string): Test => {
      evaluator.expect(-1);
      const closes = barCloses(data.chunks, config.timeframe, barMs, fold.test);
      return { params: null, flatReason, evaluation: null, segment: flatSegment(capital, closes) };
    };
    if (choice === undefined)
      return flat(
        `no configuration had ${[objective.metric, ...(objective.also ?? [])].join(' and ')} defined and at least ${objective.minimumTrades} closed trades in training`,
      );
    if (!(capital > 0)) return flat('no equity was left');
    const name = `fold ${fold.index + 1}, test of the choice`;
    const [[evaluation] = []] = await evaluator.run([
      { window: fold.test, capital, configurations: [choice.params], keep: 'segment', role: 'test', name },
    ]);
    if (!evaluation?.segment) throw new Error(`${name} brought no result`);
    return { params: choice.params, flatReason: null, evaluation, segment: evaluation.segment };
  };

  try {
    evaluator.expect(folds.length);
    // One seed for all folds: they choose among the same candidates where the sampler does not learn, so that choices compare.
    const samplers = folds.map(() => samplerOf(spec.sampler, { space: strategy.params, fixed, constraint }, config.seed));
    const { all, full, walked } = await judgeFolds({
      evaluator,
      walk,
      samplers,
      given: spec.sampler.kind === 'list',
      objective,
      rule: choose,
      space: searched,
      seed: config.seed,
    });
    const choices = walked.folds.map(({ chosen }, f) => (chosen === null ? undefined : full[f]![chosen]));
    const tests: Test[] = [];
    // One after another: a window's capital is what the one before left.
    for (const [f, fold] of folds.entries()) tests.push(await test(fold, choices[f], tests.at(-1)?.segment.finalEquity ?? config.capital));
    const others = spec.outOfSampleOfAll ? await walk.test(full.map(tried => tried.map(({ params }) => params))) : undefined;

    const results = folds.map((fold, f): FoldResult => {
      const { params, flatReason, evaluation, segment } = tests[f]!;
      const candidates = full[f]!.map(({ params: tried, evaluation: training }, c): FoldCandidate => {
        const { metrics } = training;
        return { params: tried, metrics, score: score(objective, metrics), outOfSample: others?.[f]?.[c]?.evaluation.metrics ?? null };
      });
      const inSample = params === null ? null : (choices[f]?.evaluation.metrics ?? null);
      const pairs = candidates.flatMap(candidate => {
        const outside = candidate.outOfSample && score({ ...objective, minimumTrades: 0 }, candidate.outOfSample);
        return candidate.score === null || outside === null ? [] : [[candidate.score, outside] as const];
      });
      return {
        ...fold,
        params,
        flatReason,
        inSample,
        outOfSample: evaluation?.metrics ?? null,
        fingerprint: evaluation?.fingerprint ?? null,
        startEquity: segment.initialCapital,
        endEquity: segment.finalEquity,
        decay: decayOf(inSample?.[objective.metric] ?? null, evaluation?.metrics[objective.metric] ?? null),
        pbo: walked.folds[f]!.pbo,
        rankCorrelation: others
          ? estimate(
              rankCorrelation(
                pairs.map(([inside]) => inside),
                pairs.map(([, outside]) => outside),
              ),
              'fewer than two candidates that differ',
            )
          : noEstimate('not asked for: it spends a trial on every candidate and test window'),
        candidates,
      };
    });

    const stitched = stitch(
      tests.map(({ segment }) => segment),
      config.capital,
    );
    const track = trackOf(stitched);
    const hashOf = (params: Params, range: Span): string => trialHash({ code, data: identity.data, params, range });
    const hashes = new Set([
      ...all.flatMap(tried => tried.map(({ params, window }) => hashOf(params, window))),
      ...results.flatMap(({ test: tested, params, candidates }) => [
        ...candidates.flatMap(candidate => (candidate.outOfSample ? [hashOf(candidate.params, tested)] : [])),
        ...(params ? [hashOf(params, tested)] : []),
      ]),
    ]);
    const judged = folds.reduce((sum, fold) => sum + fold.test.to - fold.test.from, 0);
    const counted = spec.ledger && (await trialsOnRecord(spec.ledger.folder, strategy.name, hashes.size, judged));
    const total = counted?.total ?? hashes.size;
    // Of parts too: those that survived a halving are alike.
    const own = all.flatMap(tried =>
      tried.flatMap(({ evaluation: { sharpePerPeriod }, window }) =>
        [sharpeAtLength(sharpePerPeriod ?? NaN, window.to - window.from, judged)].filter(Number.isFinite),
      ),
    );
    const sharpes = widerSpread(own, counted?.sharpes ?? []);
    return {
      runId,
      strategy: strategy.name,
      fingerprint: contentHash(
        results.map(({ train, test: tested, params, fingerprint }) => ({ train, test: tested, params, fingerprint })),
      ),
      objective,
      folds: results,
      stitched,
      metrics: summarise(track),
      decay: meanDecay(results.map(({ decay }) => decay)),
      drift: parameterDrift(
        strategy.params,
        results.map(({ params }) => params),
      ),
      overfitting: { ...sharpeEvidence(track.returns, sharpes, total), pbo: medianEstimate(results.map(({ pbo }) => pbo)) },
      search: afterHaircut(walked.search, total),
      trials: {
        run: hashes.size,
        total,
        unsettled: counted?.unsettled ?? 0,
        sharpes: own,
        effective: counted?.effective ?? noEstimate('there is no ledger to count in'),
      },
      assumptions: [...stitched.assumptions, ...ASSUMPTIONS],
    };
  } finally {
    await ledger?.close();
  }
};
