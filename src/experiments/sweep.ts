import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { PLATFORM } from '../engine/platform.js';
import type { Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import { trackOf } from '../metrics/track.js';
import { resolveParams } from '../strategies/params.js';
import type { Param, ParamValues } from '../strategies/params.js';
import { estimate, noEstimate } from './estimate.js';
import { EVALUATE } from './evaluation.js';
import { trialsOnRecord } from './evidence/trials-on-record.js';
import type { Evaluation } from './evaluation.js';
import { evaluatorOf } from './evaluations.js';
import type { PlannedJob, Progress } from './evaluations.js';
import { contentHash, folderStore, noStore } from './job-store.js';
import { lastShare, objectiveOnShare } from './last-share.js';
import { checkObjective, score } from './objective.js';
import type { ObjectiveConfig } from './objective.js';
import { luckySharpe, sharpeAtLength, trialsOf, widerSpread } from './overfitting/dsr.js';
import { paretoFront } from './pareto-front.js';
import { parameterImportance } from './parameter-importance.js';
import { samplerOf } from './samplers/sampler-config.js';
import type { SamplerConfig } from './samplers/sampler-config.js';
import type { Observation, Sampler } from './samplers/sampler.js';
import { searchEvidence } from './search-evidence.js';
import { sharpeEvidence } from './search-overfitting.js';
import type { SearchSpec } from './search-spec.js';
import { flatSegment } from './segment.js';
import { sweepPlateau } from './sweep-plateau.js';
import type { SweepPick, SweepResult, SweptConfiguration } from './sweep-result.js';
import { inSample } from './sweep-sample.js';
import { openTrialLedger } from './trial-ledger.js';
import { trialScope } from './trial-scope.js';
import { trialHash } from './trial.js';
import { watchedEngine } from './watched-engine.js';
import { barCloses } from './window-chunks.js';

export type { SweepPick, SweepResult } from './sweep-result.js';

/** The best configuration so far, as it is shown while a sweep runs. */
export interface BestSoFar {
  readonly params: Params;
  /** Higher is better. */
  readonly score: number;
  /** The objective's metric in its own sign. */
  readonly value: number;
}

export interface SweepProgress extends Progress {
  /** On the whole window; null while none was eligible there. */
  readonly best: BestSoFar | null;
}

/** A search over one history. */
export interface SweepSpec extends SearchSpec {
  /** Of about how many configurations returns are kept for the evidence (1,000). */
  readonly returnsOf?: number;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** Configurations asked for at a time, so that neither jobs nor files pile up; independent of the number of workers. */
const ROUND = 4_096;
/** A round is cut into about this many jobs, so that every core has work and little is lost by an interrupt. */
const JOBS_PER_ROUND = 64;
const LARGEST_JOB = 16;
/** Returns of 1,000 configurations over ten years of days are 29 MB. */
const RETURNS_OF = 1_000;
/** A forest over more grows no wiser, only slower. */
const IMPORTANCE_LIMIT = 1_000;

const cut = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** All that is to be made large, each as an objective of its own. */
const objectivesOf = ({ also = [], ...first }: ObjectiveConfig): readonly ObjectiveConfig[] => [
  first,
  ...also.map((metric): ObjectiveConfig => ({ metric, minimumTrades: first.minimumTrades })),
];

/** Scores in the order of the objectives; null unless all of them are defined. */
const scores = (objectives: readonly ObjectiveConfig[], evaluation: Evaluation): readonly number[] | null => {
  const values = objectives.map(one => score(one, evaluation.metrics));
  return values.every(value => value !== null) ? values : null;
};

/** How many configurations a search looks at most. */
const largest = (sampler: SamplerConfig, make: (config: SamplerConfig) => Sampler): number =>
  sampler.kind === 'halving'
    ? largest(sampler.of, make)
    : sampler.kind === 'grid' || sampler.kind === 'list'
      ? make(sampler).ask(Infinity).length
      : sampler.trials;

/** Evaluations that a search makes of so many configurations, all rungs together. */
const evaluations = (sampler: SamplerConfig, configurations: number): number => {
  if (sampler.kind !== 'halving') return configurations;
  let [sum, size] = [0, configurations];
  for (let rung = 0; rung < sampler.rungs; rung++) {
    sum += size;
    size = Math.max(1, Math.floor(size / sampler.eta));
  }
  return sum;
};

/**
 * Search configurations over one window: many are tried on the very days that judge them, so the best is too good by luck, and the result says by how much. The configuration recommended
 * is the middle of a plateau, not the peak. A search that looks at parts first (halving) looks at the last part of the window; only what was evaluated in full ranks.
 *
 * Every configuration is on the ledger before it is evaluated. The result does not depend on the number of workers, nor on having been interrupted and resumed. Time and memory stay
 * bounded for a hundred thousand configurations: what was then computed on a part of them is said in `bounds`.
 *
 * Throws usage errors for parameters, objectives or searches that do not exist, and where there is nothing to search; rejects with the signal's reason when aborted.
 */
export const sweep = async (spec: SweepSpec): Promise<SweepResult> => {
  const { runId, config, instruments, data, objective, engine, signal, returnsOf = RETURNS_OF } = spec;
  const { ref, hash: code, strategy } = spec.strategy;
  const { seed } = config;
  const objectives = objectivesOf(objective);
  objectives.forEach(checkObjective);
  const barMs = timeframeMs(config.timeframe);
  const window = { from: config.from, to: config.to };
  const closes = barCloses(data.chunks, config.timeframe, barMs, window);
  if (closes.length === 0) throw usageError('no-bars', 'There are no bars in the window to search over.', 'Widen --from and --to.');

  const named = spec.fixed ?? {};
  const resolved: Params = resolveParams(strategy.params, named);
  const free: Record<string, Param> = {};
  const fixed: Record<string, Params[string]> = {};
  for (const [name, param] of Object.entries(strategy.params))
    if (Object.hasOwn(named, name) || !param.search) fixed[name] = resolved[name]!;
    else free[name] = param;
  const constraint = (params: Params): boolean => strategy.constraint?.(params as ParamValues<typeof strategy.params>) ?? true;
  const makeSampler = (sampler: SamplerConfig) => samplerOf(sampler, { space: strategy.params, fixed, constraint }, seed);
  const sampler = makeSampler(spec.sampler);
  const expected = largest(spec.sampler, makeSampler);
  if (Object.keys(free).length === 0 || expected < 2)
    throw usageError(
      'nothing-to-search',
      'There is one configuration, and nothing to search.',
      'Leave a parameter free, or run it by itself: quantai backtest.',
    );

  const identity = { ...trialScope({ strategy: strategy.name, code, version: data.version, config }), platform: PLATFORM };
  const ledger = spec.ledger && (await openTrialLedger(spec.ledger.folder, runId, spec.ledger.clock));
  let share = 1;
  let best: BestSoFar | null = null;
  const shown = (params: Params, { metrics }: Evaluation): void => {
    const value = share === 1 ? score(objectives[0]!, metrics) : null;
    if (value !== null && (best === null || value > best.score)) best = { params, score: value, value: metrics[objective.metric]! };
  };
  const evaluator = evaluatorOf({
    engine: watchedEngine(engine, (job, evaluations) => evaluations.forEach((one, i) => shown(job.configurations[i]!, one))),
    handler: spec.handler ?? EVALUATE,
    shared: { strategy: ref, bundle: code, instruments, config, chunks: data.chunks, ...(spec.tapes && { tapes: spec.tapes }) },
    store: spec.folder === undefined ? noStore : folderStore(join(spec.folder, 'jobs')),
    ledger,
    identity,
    objective: ({ metrics }) => score(objectiveOnShare(objectives[0]!, share), metrics),
    onProgress: progress => spec.onProgress?.({ ...progress, best }),
    ...(signal && { signal }),
  });

  /** Evaluations in the order of the configurations; returns are brought back of those that `wanted` names. */
  const evaluate = async (list: readonly Params[], wanted: (params: Params) => boolean): Promise<readonly Evaluation[]> => {
    const size = Math.min(LARGEST_JOB, Math.max(1, Math.floor(list.length / JOBS_PER_ROUND)));
    const part = lastShare(window, share, barMs);
    const groups = (['returns', 'metrics'] as const).map(keep => ({
      keep,
      places: Array.from(list.keys()).filter(i => wanted(list[i]!) === (keep === 'returns')),
    }));
    const planned = groups.flatMap(({ keep, places }) =>
      cut(places, size).map(jobPlaces => {
        const configurations = jobPlaces.map(i => list[i]!);
        const job: PlannedJob = {
          window: part,
          capital: config.capital,
          configurations,
          keep,
          role: 'train',
          name: `${configurations.length === 1 ? 'configuration' : `${configurations.length} configurations from`} ${canonicalJson(configurations[0])}`,
        };
        return { job, jobPlaces };
      }),
    );
    const outcomes = await evaluator.run(planned.map(({ job }) => job));
    const evaluations: Evaluation[] = [];
    planned.forEach(({ jobPlaces }, j) =>
      jobPlaces.forEach((i, c) => {
        evaluations[i] = outcomes[j]![c]!;
        shown(list[i]!, outcomes[j]![c]!);
      }),
    );
    return evaluations;
  };

  try {
    const configurations: SweptConfiguration[] = [];
    const returns = new Map<number, Float64Array>();
    const vectors: (readonly number[] | null)[] = [];
    const rungs = new Map<number, number>();
    /** Of each different trial, parts of the window too: those that survive a halving are alike. */
    const sharpeOf = new Map<string, number>();
    const wanted = (params: Params): boolean => inSample(params, { wanted: returnsOf, expected, seed: `${seed}/returns` });
    // Announced as a whole, so that the time left is not that of one round of a search that learns.
    let ahead = evaluations(spec.sampler, expected);
    evaluator.expect(ahead);
    for (;;) {
      const asked = sampler.ask(Math.min(sampler.batch, ROUND));
      if (asked.length === 0) break;
      ahead -= asked.length;
      if (ahead < 0) evaluator.expect(-ahead);
      ahead = Math.max(0, ahead);
      share = sampler.share ?? 1;
      const evaluations = await evaluate(asked, wanted);
      const here = objectives.map(one => objectiveOnShare(one, share));
      sampler.tell(
        asked.map((params, i): Observation => {
          const values = objectives.length > 1 ? scores(here, evaluations[i]!) : undefined;
          return {
            params,
            objective: score(here[0]!, evaluations[i]!.metrics),
            ...(values !== undefined && { objectives: values }),
          };
        }),
      );
      rungs.set(share, (rungs.get(share) ?? 0) + asked.length);
      const range = lastShare(window, share, barMs);
      asked.forEach((params, i) => {
        const { sharpePerPeriod } = evaluations[i]!;
        const atLength = sharpeAtLength(sharpePerPeriod ?? NaN, range.to - range.from, window.to - window.from);
        sharpeOf.set(trialHash({ code, data: identity.data, params, range }), atLength);
      });
      if (share < 1) continue;
      asked.forEach((params, i) => {
        const { metrics, sharpePerPeriod, fingerprint, returns: column } = evaluations[i]!;
        if (column !== null) returns.set(configurations.length, column);
        vectors.push(scores(objectives, evaluations[i]!));
        configurations.push({ params, metrics, score: score(objectives[0]!, metrics), sharpe: sharpePerPeriod, fingerprint });
      });
    }
    share = 1;
    evaluator.expect(-ahead);

    const keys = configurations.map(({ params }) => canonicalJson(params));
    const ranked = (places: readonly number[]): readonly number[] =>
      places.toSorted((a, b) => configurations[b]!.score! - configurations[a]!.score! || (keys[a]! < keys[b]! ? -1 : 1));
    const ranking = ranked(Array.from(configurations.keys()).filter(i => configurations[i]!.score !== null));
    const observations = configurations.map(({ params, score: value }): Observation => ({ params, objective: value }));
    const [first] = ranking;
    const middle = first === undefined ? null : sweepPlateau(free, observations, { peak: first, seed });
    const picked = [...new Set([first, middle?.index])].filter(i => i !== undefined);
    const lacking = picked.filter(i => !returns.has(i));
    if (lacking.length > 0) {
      evaluator.expect(lacking.length);
      const again = await evaluate(
        lacking.map(i => configurations[i]!.params),
        () => true,
      );
      lacking.forEach((i, k) => returns.set(i, again[k]!.returns!));
    }

    const { periodsPerYear } = trackOf(flatSegment(config.capital, closes));
    const counted = spec.ledger && (await trialsOnRecord(spec.ledger.folder, strategy.name, sharpeOf.size, window.to - window.from));
    const total = counted?.total ?? sharpeOf.size;
    const sharpes = widerSpread([...sharpeOf.values()].filter(Number.isFinite), counted?.sharpes ?? []);
    const pick = (index: number): SweepPick => ({ index, ...sharpeEvidence(returns.get(index)!, sharpes, total) });
    const { sharpeVariance } = trialsOf(sharpes);
    const columns = Array.from(returns.entries()).sort(([a], [b]) => a - b);
    const learnt = observations.filter(({ params }) =>
      inSample(params, { wanted: IMPORTANCE_LIMIT, expected: observations.length, seed: `${seed}/importance` }),
    );
    const whole = configurations.length;
    const picks = { peak: first ?? null, plateau: middle?.index ?? null };
    return {
      runId,
      strategy: strategy.name,
      fingerprint: contentHash({
        window,
        configurations: configurations.map(({ params, fingerprint }) => ({ params, fingerprint })),
        ...picks,
      }),
      window,
      objective,
      space: free,
      configurations,
      ranking,
      peak: first === undefined ? null : pick(first),
      plateau:
        middle === null ? null : { ...pick(middle.index), level: middle.level, neighbours: middle.neighbours, peakLevel: middle.peakLevel },
      front: objectives.length > 1 ? ranked(paretoFront(vectors)) : [],
      importance: parameterImportance(free, learnt, { seed }),
      evidence: searchEvidence({
        configurations: columns.map(([i, column]) => ({ params: configurations[i]!.params, returns: column })),
        periodsPerYear,
        trials: total,
        over: 'the whole window, in sample',
        seed,
      }),
      lucky:
        sharpeVariance > 0
          ? estimate(luckySharpe({ count: total, sharpeVariance }) * Math.sqrt(periodsPerYear), 'not defined')
          : noEstimate('fewer than two configurations with different Sharpe ratios'),
      periodsPerYear,
      trials: { run: sharpeOf.size, total, effective: counted?.effective.value ?? null, unsettled: counted?.unsettled ?? 0 },
      rungs: Array.from(rungs, ([part, n]) => ({ share: part, configurations: n })).sort((a, b) => a.share - b.share),
      bounds: [
        ...(columns.length < whole
          ? [
              `The evidence of the search rests on the returns of ${columns.length} of ${whole} configurations: a sample by hash, with the peak and the plateau’s centre. With the rest its p-values would be larger, not smaller.`,
            ]
          : []),
        ...(middle !== null && middle.among < whole
          ? [`The plateau was looked for among ${middle.among} of ${whole} configurations, a sample by hash.`]
          : []),
        ...(learnt.length < whole
          ? [`Parameter importance was learned from ${learnt.length} of ${whole} configurations, a sample by hash.`]
          : []),
      ],
    };
  } finally {
    await ledger?.close();
  }
};
