import { z } from 'zod';
import { bayesianSearch } from './bayesian.js';
import { cmaEs } from './cma-es.js';
import { gridSearch } from './grid.js';
import { successiveHalving } from './halving.js';
import { latinHypercubeSearch } from './latin-hypercube.js';
import { nsga2 } from './nsga2.js';
import { proposals } from './proposals.js';
import { randomSearch } from './random-search.js';
import type { Constraint, Sampler } from './sampler.js';
import { sobolSearch } from './sobol.js';
import { tpe } from './tpe.js';
import type { Params } from '../../engine/run-result.js';
import { resolveParams } from '../../strategies/params.js';
import type { Param, ParamSpace } from '../../strategies/params.js';

/** Searches that evaluate every configuration in full. */
const FullSampler = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grid'), points: z.number().int().min(1).default(5) }),
  z.strictObject({ kind: z.literal('random'), trials: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('sobol'), trials: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('latin-hypercube'), trials: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('tpe'), trials: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('cma-es'), trials: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('bayesian'), trials: z.number().int().min(1), batch: z.number().int().min(1).default(4) }),
  z.strictObject({ kind: z.literal('nsga2'), trials: z.number().int().min(1), population: z.number().int().min(4).default(24) }),
  /** Just these; parameters left out take their defaults. */
  z.strictObject({
    kind: z.literal('list'),
    configurations: z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))).min(1),
  }),
]);
type FullSampler = z.infer<typeof FullSampler>;

/** How configurations are searched, by name. */
export const SamplerConfig = z.discriminatedUnion('kind', [
  ...FullSampler.options,
  /** What `of` proposes, most of it on a part of the evidence only. */
  z.strictObject({
    kind: z.literal('halving'),
    of: FullSampler,
    eta: z.number().int().min(2).default(3),
    rungs: z.number().int().min(2).default(3),
  }),
]);
export type SamplerConfig = z.infer<typeof SamplerConfig>;

/** What is searched: the strategy's parameters, of which `fixed` keep their values, under its constraint. */
export interface SearchSpace {
  readonly space: ParamSpace;
  readonly fixed: Params;
  readonly constraint?: Constraint;
}

/** The sampler that a configuration names. Throws usage errors as the samplers do. */
export const samplerOf = (
  config: SamplerConfig,
  { space, fixed, constraint = () => true }: SearchSpace,
  seed: number | string,
): Sampler => {
  const free: Record<string, Param> = {};
  for (const [name, param] of Object.entries(space)) if (!(name in fixed)) free[name] = param;
  // In the order of the space, so that equal configurations look equal wherever they came from.
  const whole = (params: Params): Params => Object.fromEntries(Object.keys(space).map(name => [name, { ...params, ...fixed }[name]!]));
  const searched = (params: Params): Params => Object.fromEntries(Object.keys(free).map(name => [name, params[name]!]));
  const admissible = (params: Params): boolean => constraint(whole(params));
  const fullSampler = (config: FullSampler): Sampler => {
    switch (config.kind) {
      case 'grid':
        return gridSearch(free, { points: config.points, constraint: admissible });
      case 'random':
        return randomSearch(free, { trials: config.trials, seed, constraint: admissible });
      case 'sobol':
        return sobolSearch(free, { trials: config.trials, seed, constraint: admissible });
      case 'latin-hypercube':
        return latinHypercubeSearch(free, { trials: config.trials, seed, constraint: admissible });
      case 'tpe':
        return tpe(free, { trials: config.trials, seed, constraint: admissible });
      case 'cma-es':
        return cmaEs(free, { trials: config.trials, seed, constraint: admissible });
      case 'bayesian':
        return bayesianSearch(free, { trials: config.trials, batch: config.batch, seed, constraint: admissible });
      case 'nsga2':
        return nsga2(free, { trials: config.trials, population: config.population, seed, constraint: admissible });
      case 'list':
        return proposals(config.configurations.map(given => resolveParams(space, { ...given, ...fixed }, constraint)));
    }
  };
  const inner = config.kind === 'halving' ? successiveHalving(fullSampler(config.of), config) : fullSampler(config);
  return {
    batch: inner.batch,
    get share() {
      return inner.share ?? 1;
    },
    ask: n => inner.ask(n).map(whole),
    tell: observations => inner.tell(observations.map(one => ({ ...one, params: searched(one.params) }))),
  };
};
