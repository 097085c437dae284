import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { crowdingDistances } from './crowding.js';
import { nonDominatedSort } from './non-dominated.js';
import type { Constraint, Sampler } from './sampler.js';
import { unitCube } from './unit-cube.js';
import { untried } from './untried.js';
import { polynomialMutation, simulatedBinaryCrossover } from './variation.js';

/** One configuration of a generation, with its place among the others: a lower rank first, then more room. */
interface Individual {
  readonly point: Float64Array;
  readonly objectives: readonly number[] | null;
  readonly rank: number;
  readonly room: number;
}

/** Couples tried for one generation, as a multiple of its size: a finite space runs out of new children. */
const PATIENCE = 10;

/**
 * NSGA-II, for several objectives at once: no weights between return and drawdown have to be named, the search spreads along the trade-off. Parents and children compete; the better
 * fronts survive whole, and the last one thinned where it is crowded. `nonDominated` over all answers gives the trade-offs found. Without `Observation.objectives` it is a genetic
 * algorithm on the one objective. Configurations that were not eligible, and those asked for and not answered
 * when more than a generation is asked for, rank behind all others. Of equals the older stays. Needs some thousand trials to come close to a front, a few hundred to beat random search.
 * Throws a usage error for no trials or a population under 4. Source: Deb et al. (2002).
 */
export const nsga2 = (
  space: ParamSpace,
  options: {
    readonly trials: number;
    readonly seed: number | string;
    readonly constraint?: Constraint;
    /** Configurations of a generation (24), the batch. */
    readonly population?: number;
  },
): Sampler => {
  const { trials, seed, constraint, population = 24 } = options;
  if (!Number.isInteger(trials) || trials < 1) throw usageError('bad-search', `${trials} is not a number of trials.`);
  if (!Number.isInteger(population) || population < 4) throw usageError('bad-search', `A population of ${population} cannot evolve.`);
  const cube = unitCube(space);
  const draw = random(`${seed}/nsga2`);
  const fresh = untried({ cube, ...(constraint && { constraint }), seed: `${seed}/nsga2/untried` });
  const cross = simulatedBinaryCrossover(cube);
  const mutate = polynomialMutation(cube);
  let parents: readonly Individual[] = [];
  /** Configurations bred so far since the last selection, by key in the order of proposal; null until answered, and when not eligible. */
  let generation = new Map<string, { readonly point: Float64Array; objectives: readonly number[] | null }>();
  let proposed = 0;

  const survivors = (): readonly Individual[] => {
    const all = [...parents, ...generation.values()];
    const kept: Individual[] = [];
    for (const [rank, front] of nonDominatedSort(all.map(({ objectives }) => objectives)).entries()) {
      const vectors = front.map(i => all[i]!.objectives);
      const room = crowdingDistances(vectors.filter(vector => vector !== null));
      // One front is eligible or not as a whole.
      const members = front.map((i, k): Individual => ({ ...all[i]!, rank, room: room[k] ?? 0 }));
      const free = population - kept.length;
      // Sorting is stable: of equals the older one stays.
      kept.push(
        ...(members.length <= free ? members : members.toSorted((a, b) => (a.room === b.room ? 0 : b.room - a.room)).slice(0, free)),
      );
      if (kept.length === population) break;
    }
    return kept;
  };

  /** The better of two drawn at random; the first of equals. */
  const tournament = (): Float64Array => {
    const [a, b] = [parents[draw.int(parents.length)]!, parents[draw.int(parents.length)]!];
    return (b.rank < a.rank || (b.rank === a.rank && b.room > a.room) ? b : a).point;
  };

  function* children(limit: number): Generator<Float64Array> {
    for (let couple = 0; couple < limit; couple++)
      for (const child of cross(tournament(), tournament(), draw)) {
        mutate(child, draw);
        yield child;
      }
  }

  return {
    batch: population,
    ask: n => {
      if (generation.size >= population) {
        parents = survivors();
        generation = new Map();
      }
      const wanted = Math.min(n, trials - proposed, population - generation.size);
      const taken = fresh.take(wanted, parents.length > 0 ? children(PATIENCE * Math.max(1, wanted)) : []);
      for (const params of taken) generation.set(cube.keyOf(params), { point: cube.pointOf(params), objectives: null });
      proposed += taken.length;
      return taken;
    },
    tell: observations => {
      for (const { params, objective, objectives = objective === null ? null : [objective] } of observations) {
        const one = generation.get(cube.keyOf(params));
        if (one !== undefined) one.objectives = objectives?.some(Number.isNaN) ? null : objectives;
      }
    },
  };
};
