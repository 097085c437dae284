import type { Params } from '../../../src/engine/run-result.js';
import { successiveHalving } from '../../../src/experiments/samplers/halving.js';
import { randomSearch } from '../../../src/experiments/samplers/random-search.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { random } from '../../../src/random.js';
import { branin } from './test-functions.js';

/** One evaluation on a share of the evidence. */
export interface Look {
  readonly params: Params;
  readonly share: number;
  readonly objective: number | null;
}

/** All looks of a search, with the objective as a function of configuration and share. */
export const looksOf = (
  sampler: Sampler,
  objective: (params: Params, share: number) => number | null,
  part = sampler.batch,
): readonly Look[] => {
  const looks: Look[] = [];
  for (;;) {
    const asked = sampler.ask(part);
    if (asked.length === 0) return looks;
    const share = sampler.share ?? 1;
    const answers = asked.map(params => ({ params, share, objective: objective(params, share) }));
    looks.push(...answers);
    sampler.tell(answers);
  }
};

/** In evaluations on all of the evidence. */
export const costOf = (looks: readonly Look[]): number => looks.reduce((sum, { share }) => sum + share, 0);

const bestOf = (looks: readonly Look[]): string => {
  const full = looks.filter(({ share }) => share === 1);
  return JSON.stringify(full.toSorted((a, b) => (b.objective ?? -Infinity) - (a.objective ?? -Infinity))[0]!.params);
};

/** √Branin, with noise that falls with the root of the evidence as a Sharpe ratio's does, and is gone on all of it. */
const objectiveOf =
  (noise: number, seed: number) =>
  (params: Params, share: number): number =>
    -Math.sqrt(branin.value(params)) +
    noise * Math.sqrt(1 / share - 1) * random(`${seed}/${JSON.stringify(params)}/${share.toFixed(6)}`).normal();

const correlation = (x: readonly number[], y: readonly number[]): number => {
  const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number): number => x.reduce((total, _, i) => total + f(i), 0);
  return sum(i => (x[i]! - mx) * (y[i]! - my)) / Math.sqrt(sum(i => (x[i]! - mx) ** 2) * sum(i => (y[i]! - my) ** 2));
};

/**
 * Halving against the full search of the same random configurations over seeds: how often both have the same winner, the costlier cost as a share of
 * the full search's, and how the first rung's answers correlate with the full ones, on average.
 */
export const halvingStudy = (noise: number, trials: number, seeds: number): { same: number; cost: number; correlation: number } => {
  let [same, cost, total] = [0, 0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const objective = objectiveOf(noise, seed);
    const full = looksOf(randomSearch(branin.space, { trials, seed }), objective);
    const halved = looksOf(successiveHalving(randomSearch(branin.space, { trials, seed })), objective);
    if (bestOf(halved) === bestOf(full)) same++;
    cost = Math.max(cost, costOf(halved) / costOf(full));
    total += correlation(
      halved.slice(0, trials).map(look => Number(look.objective)),
      full.map(look => Number(look.objective)),
    );
  }
  return { same: same / seeds, cost, correlation: total / seeds };
};
