import type { JobEngine } from '../../cluster/job-engine.js';
import { contentHash, noStore, type JobStore } from '../job-store.js';
import { breakEven, MEASURES, type BreakEven } from './break-even.js';
import { frictionGrid, frictionValues, samePoint, type FrictionValues } from './friction-grid.js';
import { FRICTION_HANDLER, type FrictionJob, type FrictionOutcome, type FrictionShared } from './friction-outcome.js';
import { baseFriction, FRICTION_AXES, frictionConfig, type FrictionAxis, type FrictionPoint } from './friction-point.js';
import { trendOf, zeroCrossing } from './monotone-crossing.js';

/** A sweep over frictions: one strategy with one set of parameters over one history. */
export interface FrictionSpec {
  readonly shared: FrictionShared;
  /** What is swept; an axis that is left out keeps the run's own friction. */
  readonly values: Partial<FrictionValues>;
  readonly engine: JobEngine;
  /** Finished points are kept here and not run again; left out, nothing is kept. */
  readonly store?: JobStore;
  /** Further runs an axis at where the edge was found to end, each nearer to it; 2 when left out. */
  readonly refinements?: number;
  /** Resamples of the uncertainty; 1,000 when left out. */
  readonly samples?: number;
  readonly onProgress?: (done: number, total: number, reused: number) => void;
  readonly signal?: AbortSignal;
}

/** What one axis does to the strategy, the others as configured: the grid's points and those that were added near the crossing, ascending. */
export type FrictionCurves = Readonly<Record<FrictionAxis, readonly FrictionOutcome[]>>;

/** What came of a sweep. */
export interface FrictionResult {
  readonly values: FrictionValues;
  /** Frictions of the run as configured. */
  readonly base: FrictionPoint;
  readonly atBase: FrictionOutcome;
  /** Every combination of `values`, in the order of `frictionGrid`. */
  readonly grid: readonly FrictionOutcome[];
  readonly curves: FrictionCurves;
  /** Per swept axis and measure. */
  readonly breakEvens: readonly BreakEven[];
}

/** As many digits as a trader would write, so that an added point has a name. */
const rounded = (value: number): number => Number(value.toPrecision(5));

/**
 * Run the strategy at every combination of frictions, then again near where its edge ends on each axis, and say where that is. The points are evaluations of one
 * configuration: nothing is chosen among them, so together they are one trial, which the caller puts on record. Results are the same for any number of workers.
 */
export const friction = async ({
  shared,
  values: wanted,
  engine,
  store = noStore,
  refinements = 2,
  samples = 1_000,
  onProgress,
  signal,
}: FrictionSpec): Promise<FrictionResult> => {
  const base = baseFriction(shared.config);
  const values = frictionValues(wanted, base);
  const swept = FRICTION_AXES.filter(axis => values[axis].length > 1);
  const points = frictionGrid(values);
  // A friction that no run can have is refused before any run.
  for (const point of points) frictionConfig(shared.config, point);
  const { bundle, params, instruments, config, inputs } = shared;
  const identity = { bundle, params, instruments, config, inputs };
  let [done, reused] = [0, 0];
  let total = points.length + refinements * swept.length;

  const run = async (wantedPoints: readonly FrictionPoint[]): Promise<FrictionOutcome[]> => {
    const jobs = wantedPoints.map((point): FrictionJob => ({ point, whole: samePoint(point, base) }));
    const hashes = jobs.map(job => contentHash({ format: 1, identity, job }));
    const outcomes = await Promise.all(hashes.map(hash => store.read<FrictionOutcome>(hash)));
    const missing = jobs.flatMap((_job, i) => (outcomes[i] === undefined ? [i] : []));
    done += jobs.length - missing.length;
    reused += jobs.length - missing.length;
    onProgress?.(done, total, reused);
    const writes: Promise<void>[] = [];
    const doubtful: number[] = [];
    try {
      const fresh = await engine.run<FrictionJob, FrictionOutcome, FrictionShared>(
        FRICTION_HANDLER,
        missing.map(i => jobs[i]!),
        {
          shared,
          ...(signal && { signal }),
          name: n => pointName(jobs[missing[n]!]!.point),
          onResult: (n, outcome) => {
            writes.push(store.write(hashes[missing[n]!]!, outcome));
            onProgress?.(++done, total, reused);
          },
          onDoubt: n => void doubtful.push(missing[n]!),
        },
      );
      missing.forEach((i, n) => (outcomes[i] = fresh[n]!));
    } finally {
      // Finished points are kept also when the rest was interrupted.
      await Promise.all(writes);
      // Two outcomes of one point are none.
      await Promise.all(doubtful.map(i => store.remove(hashes[i]!)));
    }
    return outcomes.map(outcome => outcome!);
  };

  const grid = await run(points);
  const along = (axis: FrictionAxis): FrictionOutcome[] =>
    grid.filter(({ point }) => FRICTION_AXES.every(other => other === axis || point[other] === base[other]));
  const curves = { fee: along('fee'), slippage: along('slippage'), latency: along('latency'), funding: along('funding') };
  for (let round = 0; round < refinements; round++) {
    const added = swept.flatMap(axis => {
      const places = curves[axis].map(({ point }) => point[axis]);
      const means = curves[axis].map(({ meanReturn }) => meanReturn);
      const at = rounded(zeroCrossing(places, means, trendOf(means)));
      return Number.isFinite(at) && !places.includes(at) ? [{ axis, point: { ...base, [axis]: at } }] : [];
    });
    total -= swept.length - added.length;
    const outcomes = await run(added.map(({ point }) => point));
    for (const [i, { axis }] of added.entries())
      curves[axis] = [...curves[axis], outcomes[i]!].sort((a, b) => a.point[axis] - b.point[axis]);
  }
  return {
    values,
    base,
    atBase: grid.find(({ point }) => samePoint(point, base))!,
    grid,
    curves,
    breakEvens: swept.flatMap(axis =>
      MEASURES.map(measure => breakEven(axis, curves[axis], measure, base[axis], { seed: shared.config.seed, samples })),
    ),
  };
};

/** A point in words, for errors. */
const pointName = ({ fee, slippage, latency, funding }: FrictionPoint): string =>
  `fees × ${fee}, ${slippage} bp more slippage, ${latency} ms, funding × ${funding}`;
