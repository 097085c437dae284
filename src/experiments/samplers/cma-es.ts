import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import { random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { covarianceAdaptation } from './covariance-adaptation.js';
import type { CovarianceAdaptation } from './covariance-adaptation.js';
import type { Constraint, Sampler } from './sampler.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';

/** Standard deviation of the first generation, as a share of each side: the tutorial's advice for an optimum anywhere in the box. */
const START = 0.3;
/** At this spread a reflected normal law is uniform for all purposes. */
const WIDEST = 0.5;
/** No search of a strategy's parameters can tell points apart that are closer than this share of a side. */
const NARROWEST = 1e-5;
/** Draws before a member is left outside the constraint, where it counts as the worst. */
const RESAMPLES = 100;
/** Generations in a row that propose nothing new before the search starts again, and before a random configuration breaks the deadlock. */
const BARREN = 10;
const DEADLOCK = 40;
/** Larger generations than this teach little more. */
const LARGEST = 256;

/** A coordinate of the whole line as one of the unit interval, reflected at both ends: the border is no place where draws pile up. */
const reflected = (x: number): number => {
  const turn = ((x % 2) + 2) % 2;
  return turn > 1 ? 2 - turn : turn;
};

interface Member {
  readonly point: Float64Array;
  readonly key: string;
}

/**
 * CMA-ES on the unit cube: a normal law that learns location, scale and correlations of good configurations, 4 + ⌊3 ln n⌋ of them at a time for n parameters.
 * Steps, choices and switches are the parts of their side that a point falls into; what was evaluated before is answered from memory. Points beyond a side are
 * reflected into it. Draws outside the constraint are repeated; ineligible configurations count as the worst, as do those asked for and not answered when more are
 * asked for. When the law has converged it starts again at a random place with a generation twice as large. Best for smooth objectives of three
 * to twenty numeric parameters and some hundred trials. Ties are broken by the order of proposal.
 * Sources: N. Hansen, The CMA Evolution Strategy: A Tutorial (2016); A. Auger and N. Hansen, A Restart CMA Evolution Strategy With Increasing Population Size
 * (2005).
 */
export const cmaEs = (
  space: ParamSpace,
  options: { readonly trials: number; readonly seed: number | string; readonly constraint?: Constraint },
): Sampler => {
  const { trials, seed, constraint = () => true } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  const cube = unitCube(space);
  const n = Math.max(1, cube.dimensions);
  const batch = 4 + Math.floor(3 * Math.log(n));
  const source = random(`${seed}/cma-es`);
  const fresh = untried({ cube, constraint, seed: `${seed}/cma-es/fill` });
  /** What was proposed; null until it is answered. */
  const answers = new Map<string, number | null>();
  const begin = (mean: Float64Array, size: number): CovarianceAdaptation =>
    covarianceAdaptation({ mean, sigma: START, size, widest: WIDEST });

  let size = batch;
  let law = begin(new Float64Array(n).fill(0.5), size);
  let generation: Member[] = [];
  let queue: Params[] = [];
  let best: number[] = [];
  let barren = 0;
  let proposed = 0;

  const breed = (): void => {
    generation = Array.from({ length: size }, () => {
      for (let draw = 1; ; draw++) {
        const point = law.draw(source);
        const place = point.map(reflected);
        const key = cube.keyOf(cube.paramsAt(place));
        const params = fresh.at(place);
        if (params !== undefined) {
          answers.set(key, null);
          queue.push(params);
        }
        if (answers.has(key) || draw === RESAMPLES) return { point, key };
      }
    });
    barren = queue.length > 0 ? 0 : barren + 1;
  };

  /** Whether the law is too narrow or too long to go on, or has seen one and the same value for long. Source: Hansen (2016), B.3. */
  const converged = (values: readonly number[]): boolean => {
    const window = 10 + Math.ceil((30 * n) / size);
    const recent = best.slice(-window);
    const level = recent.length === window && recent.every(v => v === recent[0]) && values.every(v => v === recent[0]);
    return law.spread() < NARROWEST || law.exhausted() || level || (barren > 0 && barren % BARREN === 0);
  };

  const learn = (): void => {
    if (generation.length === 0) return;
    const scored = generation.map(({ point, key }) => ({ point, value: answers.get(key) ?? -Infinity }));
    const ranked = scored.toSorted((a, b) => (a.value === b.value ? 0 : b.value - a.value));
    const values = ranked.map(({ value }) => value);
    const flat = values[0] === values[Math.min(size - 1, Math.ceil(0.7 * size))];
    law.learn(
      ranked.map(({ point }) => point),
      flat,
    );
    best.push(values[0]!);
    if (!converged(values)) return;
    size = Math.min(LARGEST, 2 * size);
    law = begin(
      Float64Array.from({ length: n }, () => source.next()),
      size,
    );
    best = [];
  };

  return {
    batch,
    ask: count => {
      const asked: Params[] = [];
      const wanted = Math.min(count, trials - proposed);
      while (asked.length < wanted) {
        const next = queue.shift();
        if (next !== undefined) asked.push(next);
        else if (cube.dimensions > 0 && barren < DEADLOCK) {
          learn();
          breed();
        } else {
          const filled = fresh.take(1);
          if (filled.length === 0) break;
          for (const params of filled) answers.set(cube.keyOf(params), null);
          asked.push(...filled);
          // One more generation is tried before the next.
          barren = DEADLOCK - 1;
        }
      }
      proposed += asked.length;
      return asked;
    },
    tell: observations => {
      for (const { params, objective } of observations)
        answers.set(cube.keyOf(params), objective === null || Number.isNaN(objective) ? null : objective);
    },
  };
};
