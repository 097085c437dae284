import { usageError } from '../../errors.js';
import type { Params } from '../../engine/run-result.js';
import { random } from '../../random.js';
import type { Random } from '../../random.js';
import type { ParamSpace } from '../../strategies/params.js';
import { allValues, drawValue } from './axis.js';
import type { Constraint } from './sampler.js';
import type { UnitCube } from './unit-cube.js';

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

const listAll = (space: ParamSpace): Params[] => {
  let rows: Params[] = [{}];
  for (const [name, param] of Object.entries(space)) {
    const values = allValues(param);
    if (values === undefined || rows.length * values.length > LISTABLE) return [];
    rows = rows.flatMap(row => values.map(value => ({ ...row, [name]: value })));
  }
  return rows;
};

/** What a search has not proposed yet. */
export interface Untried {
  /**
   * At most `n` configurations that were never given before and satisfy the constraint: those of the candidate points first, in their order (no
   * more of them are drawn than needed), then uniform random draws, then what is left of a finite space of at most 100,000. Empty when nothing is left.
   * Throws a usage error when nothing was ever found.
   */
  take(n: number, candidates?: Iterable<ArrayLike<number>>): Params[];
  /** The configuration of a point, when it was never given before and satisfies the constraint; otherwise undefined. It counts as given from now on. */
  at(point: ArrayLike<number>): Params | undefined;
}

/** The configurations of a space that satisfy the constraint, each given once. The seed decides the random draws that stand in where candidates run out. */
export const untried = ({
  cube,
  constraint = () => true,
  seed,
}: {
  readonly cube: UnitCube;
  readonly constraint?: Constraint;
  readonly seed: number | string;
}): Untried => {
  const source = random(seed);
  const given = new Set<string>();
  const space: ParamSpace = Object.fromEntries(cube.names.map((name, i) => [name, cube.axes[i]!]));
  /** Set once draws hardly found anything new: what remains, last first. */
  let remaining: Params[] | undefined;

  const claim = (params: Params): boolean => {
    const key = cube.keyOf(params);
    if (given.has(key) || !constraint(params)) return false;
    given.add(key);
    return true;
  };

  return {
    take: (n, candidates = []) => {
      const taken: Params[] = [];
      const consider = (params: Params): void => {
        if (claim(params)) taken.push(params);
      };
      if (n > 0)
        for (const point of candidates) {
          consider(cube.paramsAt(point));
          if (taken.length === n) break;
        }
      const patience = Math.max(1000, PATIENCE * n);
      for (let draws = 0; remaining === undefined && taken.length < n && draws < patience; draws++)
        consider(Object.fromEntries(cube.names.map((name, i) => [name, drawValue(cube.axes[i]!, source)])));
      if (taken.length < n) {
        remaining ??= shuffle(listAll(space), source).reverse();
        while (taken.length < n && remaining.length > 0) consider(remaining.pop()!);
      }
      if (n > 0 && given.size === 0)
        throw usageError('no-configuration', "No configuration was found that satisfies the strategy's constraint.");
      return taken;
    },
    at: point => {
      const params = cube.paramsAt(point);
      return claim(params) ? params : undefined;
    },
  };
};
