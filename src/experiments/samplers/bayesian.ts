import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { quantileOfSorted } from '../../statistics/quantile.js';
import { random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { sideDistance } from './cube-distance.js';
import { logExpectedImprovement } from './expected-improvement.js';
import { fitGaussianProcess } from './fit-gaussian-process.js';
import { gaussianProcess } from './gaussian-process.js';
import type { GaussianProcess, ProcessScales } from './gaussian-process.js';
import { latinHypercube } from './latin-hypercube.js';
import { perturbation } from './perturbation.js';
import type { Constraint, Sampler } from './sampler.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';

/** Points looked at for each proposal: all over the cube, and around the best by radius. */
const GLOBAL = 500;
const RADII = [0.2, 0.05, 0.01, 0.002];
const NEAR_EACH = 10;
const INCUMBENTS = 5;
/** Climbs from the best of them, each halving its radius when a step fails this often. */
const CLIMBS = 3;
const CLIMB_STEPS = 60;

/** A point of the cube where a configuration lies, with what the process expects of it. */
interface Prospect {
  readonly point: Float64Array;
  readonly gain: number;
}

/**
 * Bayesian optimisation for spaces of up to about ten parameters and a few hundred trials, each dear: a Gaussian process learns the objective, and the configurations of the
 * highest expected improvement are tried next. The improvement is over the best value that the process believes in, not over the best one seen: a lucky look does not stop the
 * search. Within a batch, what was proposed counts as observed at its mean (Kriging believer). Configurations that were not eligible count as the worst eligible one.
 * Throws a usage error for no trials. Sources: Jones, Schonlau & Welch (1998); Snoek, Larochelle & Adams (NIPS 2012); Ginsbourger, Le Riche & Carraro (2010) for batches.
 */
export const bayesianSearch = (
  space: ParamSpace,
  options: {
    readonly trials: number;
    readonly seed: number | string;
    readonly constraint?: Constraint;
    /** How many are evaluated at once (4): more save time, fewer save trials. */
    readonly batch?: number;
    /** Configurations spread over the space before the first fit; 2 a parameter and 1 more, at least 6. */
    readonly initial?: number;
  },
): Sampler => {
  const { trials, seed, constraint = () => true, batch = 4 } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  if (!Number.isInteger(batch) || batch < 1) throw usageError('bad-search', `${batch} is not a number of trials at a time.`);
  const cube = unitCube(space);
  const { dimensions } = cube;
  const initial = Math.min(trials, options.initial ?? Math.max(6, 2 * dimensions + 1));
  const distance = sideDistance(cube);
  const draw = random(`${seed}/bayesian`);
  const fresh = untried({ cube, constraint, seed: `${seed}/bayesian/untried` });
  const near = perturbation(cube);
  const design = latinHypercube(dimensions, initial, draw.fork('design')).values();
  /** In the order of proposal; the objective is undefined while it is being evaluated. */
  const tried = new Map<string, { readonly point: Float64Array; objective: number | null | undefined }>();
  let scales: ProcessScales | undefined;
  let fittedTo = 0;

  const snapped = (point: ArrayLike<number>): Float64Array | null => {
    const params = cube.paramsAt(point);
    return constraint(params) ? cube.pointOf(params) : null;
  };

  /**
   * Objectives with mean 0 and deviation 1; null when there is nothing to learn from. What lies below Tukey’s outer fence counts as the fence: how bad the bad are must not hide how good
   * the good are.
   */
  const standardised = (objectives: readonly (number | null)[]): Float64Array | null => {
    const eligible = Float64Array.from(objectives.filter(value => value !== null)).sort();
    if (eligible.length === 0) return null;
    const quarter = quantileOfSorted(eligible, 0.25);
    const worst = Math.max(eligible[0]!, quarter - 3 * (quantileOfSorted(eligible, 0.75) - quarter));
    const values = Float64Array.from(objectives, value => Math.max(worst, value ?? worst));
    const centre = mean(values);
    const spread = standardDeviation(values);
    return spread > 0 ? values.map(value => (value - centre) / spread) : null;
  };

  const fitted = (points: readonly Float64Array[], values: Float64Array): GaussianProcess => {
    const n = points.length;
    // Later fits differ little: they come with every tenth part more points, and go less far.
    if (scales === undefined || n < 60 || n >= 1.1 * fittedTo) {
      scales = fitGaussianProcess(points, values, distance, scales && n >= 30 ? { previous: scales, steps: 20 } : {});
      fittedTo = n;
    }
    return gaussianProcess(points, values, scales, distance);
  };

  /** Candidates for one proposal, the best first. */
  const prospects = (process: GaussianProcess, best: number, incumbents: readonly Float64Array[]): Float64Array[] => {
    const out = new Float64Array(2);
    const gainAt = (point: Float64Array): number => {
      process.predict(point, out);
      return logExpectedImprovement(out[0]!, Math.sqrt(out[1]!), best);
    };
    const found: Prospect[] = [];
    const raw = new Float64Array(dimensions);
    const consider = (): Prospect | undefined => {
      const point = snapped(raw);
      if (point === null) return undefined;
      const prospect = { point, gain: gainAt(point) };
      found.push(prospect);
      return prospect;
    };
    for (let i = 0; i < GLOBAL; i++) {
      for (let d = 0; d < dimensions; d++) raw[d] = draw.next();
      consider();
    }
    for (const incumbent of incumbents)
      for (const radius of RADII)
        for (let i = 0; i < NEAR_EACH; i++) {
          near(incumbent, radius, draw, raw);
          consider();
        }
    const order = (): Prospect[] => found.sort((a, b) => b.gain - a.gain);
    for (const start of order().slice(0, CLIMBS)) {
      let at = start;
      let radius = 0.1;
      for (let step = 0; step < CLIMB_STEPS; step++) {
        near(at.point, radius, draw, raw);
        const next = consider();
        if (next && next.gain > at.gain) at = next;
        else radius = Math.max(1e-4, radius * 0.85);
      }
    }
    return order().map(({ point }) => point);
  };

  const propose = (n: number, points: readonly Float64Array[], values: Float64Array): Params[] => {
    let process = fitted(points, values);
    const out = new Float64Array(2);
    const means = points.map(point => (process.predict(point, out), out[0]!));
    const ranked = Array.from(points.keys()).sort((a, b) => means[b]! - means[a]! || a - b);
    let best = means[ranked[0]!]!;
    const incumbents = ranked.slice(0, INCUMBENTS).map(i => points[i]!);
    const believe = (point: Float64Array): void => {
      process.predict(point, out);
      best = Math.max(best, out[0]!);
      process = process.believe(point);
    };
    for (const { point, objective } of tried.values()) if (objective === undefined) believe(point);
    const taken: Params[] = [];
    while (taken.length < n) {
      const [next] = fresh.take(1, prospects(process, best, incumbents));
      if (next === undefined) break;
      taken.push(next);
      believe(cube.pointOf(next));
    }
    return taken;
  };

  return {
    batch,
    ask: n => {
      const wanted = Math.min(n, trials - tried.size);
      const answered = [...tried.values()].flatMap(({ point, objective }) => (objective === undefined ? [] : [{ point, objective }]));
      const values = tried.size < initial ? null : standardised(answered.map(({ objective }) => objective));
      const taken =
        values === null
          ? fresh.take(wanted, design)
          : propose(
              wanted,
              answered.map(({ point }) => point),
              values,
            );
      for (const params of taken) tried.set(cube.keyOf(params), { point: cube.pointOf(params), objective: undefined });
      return taken;
    },
    tell: observations => {
      for (const { params, objective } of observations) {
        const one = tried.get(cube.keyOf(params));
        if (one !== undefined) one.objective = objective === null || Number.isNaN(objective) ? null : objective;
      }
    },
  };
};
