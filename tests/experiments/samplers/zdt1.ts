import type { Params } from '../../../src/engine/run-result.js';
import { hypervolume } from '../../../src/experiments/samplers/hypervolume.js';
import type { Sampler } from '../../../src/experiments/samplers/sampler.js';
import { float } from '../../../src/strategies/params.js';
import type { ParamSpace } from '../../../src/strategies/params.js';

export const cubeOf = (dimensions: number): ParamSpace =>
  Object.fromEntries(Array.from({ length: dimensions }, (_, i) => [`x${i}`, float(0, 1, { default: 0 })]));

/** ZDT1 turned upside down. Its front is f₂ = 1 − √f₁. Source: Zitzler, Deb & Thiele, Comparison of Multiobjective Evolutionary Algorithms (2000). */
export const zdt1 = (params: Params): readonly [number, number] => {
  const [first = 0, ...rest] = Object.values(params).map(Number);
  const g = 1 + (9 * rest.reduce((sum, x) => sum + x, 0)) / rest.length;
  return [-first, -g * (1 - Math.sqrt(first / g))];
};

/** ∫ √f over the front: all that can be dominated above (−1, −1). */
export const WHOLE_FRONT = 2 / 3;

/** Hypervolume of everything that a search looked at within so many trials. */
export const frontVolume = (sampler: Sampler, trials: number, reference: readonly [number, number]): number => {
  const all: (readonly [number, number])[] = [];
  while (all.length < trials) {
    const asked = sampler.ask(Math.min(sampler.batch, trials - all.length));
    if (asked.length === 0) break;
    const values = asked.map(zdt1);
    all.push(...values);
    sampler.tell(asked.map((params, i) => ({ params, objective: values[i]![0], objectives: values[i]! })));
  }
  return hypervolume(all, reference);
};
