import { z } from 'zod';
import { gridSearch } from './grid.js';
import { proposals } from './proposals.js';
import { randomSearch } from './random-search.js';
import type { Constraint, Sampler } from './sampler.js';
import type { Params } from '../../engine/run-result.js';
import { resolveParams } from '../../strategies/params.js';
import type { Param, ParamSpace } from '../../strategies/params.js';

/** How configurations are searched, by name. */
export const SamplerConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grid'), points: z.number().int().min(1).default(5) }),
  z.strictObject({ kind: z.literal('random'), trials: z.number().int().min(1) }),
  /** Just these; parameters left out take their defaults. */
  z.strictObject({
    kind: z.literal('list'),
    configurations: z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))).min(1),
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
  const admissible = (params: Params): boolean => constraint(whole(params));
  const inner = ((): Sampler => {
    switch (config.kind) {
      case 'grid':
        return gridSearch(free, { points: config.points, constraint: admissible });
      case 'random':
        return randomSearch(free, { trials: config.trials, seed, constraint: admissible });
      case 'list':
        return proposals(config.configurations.map(given => resolveParams(space, { ...given, ...fixed }, constraint)));
    }
  })();
  return { ...inner, ask: n => inner.ask(n).map(whole) };
};
