import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import { random } from '../../random.js';
import type { Random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { allValues, drawValue } from './axis.js';
import { proposals } from './proposals.js';
import type { Constraint, Sampler } from './sampler.js';

/** Draws per wanted configuration before a small space is listed instead, or a large one given up. */
const PATIENCE = 50;
/** Spaces up to this size can be listed. */
const LISTABLE = 100_000;

const shuffle = <T>(items: T[], source: Random): T[] => {
  for (let i = items.length - 1; i > 0; i--) {
    const j = source.int(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
};

const listAll = (space: ParamSpace): Params[] | undefined => {
  let rows: Params[] = [{}];
  for (const [name, param] of Object.entries(space)) {
    const values = allValues(param);
    if (values === undefined || rows.length * values.length > LISTABLE) return undefined;
    rows = rows.flatMap(row => values.map(value => ({ ...row, [name]: value })));
  }
  return rows;
};

/**
 * `trials` different configurations, each parameter drawn uniformly on its own (linear or logarithmic) scale, among those that satisfy the
 * constraint. Fewer when a finite space has fewer. Throws a usage error when none was found.
 * Source: Bergstra & Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13 (2012).
 */
export const randomSearch = (
  space: ParamSpace,
  options: { readonly trials: number; readonly seed: number | string; readonly constraint?: Constraint },
): Sampler => {
  const { trials, seed, constraint = () => true } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  const source = random(`${seed}/random-search`);
  const found = new Map<string, Params>();
  const consider = (params: Params): void => {
    const key = canonicalJson(params);
    if (!found.has(key) && constraint(params)) found.set(key, params);
  };
  const patience = Math.max(1000, PATIENCE * trials);
  for (let draws = 0; found.size < trials && draws < patience; draws++)
    consider(Object.fromEntries(Object.entries(space).map(([name, param]) => [name, drawValue(param, source)])));
  // Nearly exhausted, or nearly everything violates the constraint: go through what is left, if it can be listed.
  if (found.size < trials)
    for (const params of shuffle(listAll(space) ?? [], source)) {
      if (found.size === trials) break;
      consider(params);
    }
  if (found.size === 0) throw usageError('no-configuration', "No configuration was found that satisfies the strategy's constraint.");
  return proposals([...found.values()]);
};
