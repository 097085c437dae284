import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import type { ParamSpace } from '../../../src/strategies/params.js';
import { bayesianSearch } from '../../../src/experiments/samplers/bayesian.js';
import { cmaEs } from '../../../src/experiments/samplers/cma-es.js';
import { latinHypercubeSearch } from '../../../src/experiments/samplers/latin-hypercube.js';
import { nsga2 } from '../../../src/experiments/samplers/nsga2.js';
import { randomSearch } from '../../../src/experiments/samplers/random-search.js';
import { sobolSearch } from '../../../src/experiments/samplers/sobol.js';
import { tpe } from '../../../src/experiments/samplers/tpe.js';
import { branin, hartmann6, rastrigin } from './test-functions.js';
import type { TestFunction } from './test-functions.js';

export type MakeSampler = (space: ParamSpace, options: { readonly trials: number; readonly seed: number }) => Sampler;

/** Samplers that minimise one thing, by name; the first is what the others are measured against. */
export const CONTESTANTS: Readonly<Record<string, MakeSampler>> = {
  random: randomSearch,
  sobol: sobolSearch,
  'latin-hypercube': latinHypercubeSearch,
  tpe,
  'cma-es': cmaEs,
};

/** Those that are measured in the study only: the one thinks for seconds, the other is made for several objectives. */
export const STUDIED: Readonly<Record<string, MakeSampler>> = { bayesian: bayesianSearch, nsga2 };

/** What they are measured on, and with how many trials. */
export const COURSES: Readonly<Record<string, { readonly on: TestFunction; readonly trials: number }>> = {
  Branin: { on: branin, trials: 60 },
  'Hartmann-6': { on: hartmann6, trials: 150 },
  'Rastrigin-4': { on: rastrigin, trials: 200 },
};

/** How far the best value so far is from the minimum after each trial of one search. */
export const regretCurve = (sampler: Sampler, on: TestFunction, trials: number): Float64Array => {
  const curve = new Float64Array(trials).fill(Infinity);
  let best = Infinity;
  let done = 0;
  while (done < trials) {
    const asked = sampler.ask(Math.min(sampler.batch, trials - done));
    if (asked.length === 0) break;
    const observations = asked.map(params => ({ params, objective: -on.value(params) }));
    for (const { objective } of observations) {
      best = Math.min(best, -objective - on.minimum);
      curve[done++] = best;
    }
    sampler.tell(observations);
  }
  return curve.fill(best, done);
};

/** The median. */
export const middle = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The median of the regret over seeds 1 to `seeds`, after each trial; and the share of the seeds, ties half, at which it ends below that of `against`. */
export const regretStudy = (
  { on, trials }: { readonly on: TestFunction; readonly trials: number },
  contestants: Readonly<Record<string, MakeSampler>>,
  seeds: number,
): Readonly<Record<string, { readonly median: Float64Array; readonly wins: number }>> => {
  const curves = Object.entries(contestants).map(
    ([name, make]) =>
      [name, Array.from({ length: seeds }, (_, i) => regretCurve(make(on.space, { trials, seed: i + 1 }), on, trials))] as const,
  );
  const reference = curves[0]![1];
  return Object.fromEntries(
    curves.map(([name, all]) => [
      name,
      {
        median: Float64Array.from({ length: trials }, (_, t) => middle(all.map(curve => curve[t]!))),
        wins: all.reduce((sum, curve, s) => sum + (1 - Math.sign(curve[trials - 1]! - reference[s]![trials - 1]!)) / 2, 0) / seeds,
      },
    ]),
  );
};
