import { usageError } from '../errors.js';
import { random } from '../random.js';
import { mean, standardDeviation, variance } from '../statistics/moments.js';
import type { ParamSpace } from '../strategies/params.js';
import { growBoxes, valueInBoxes } from './importance/box-tree.js';
import { functionalAnova } from './importance/functional-anova.js';
import type { Observation } from './samplers/sampler.js';
import { unitCube } from './samplers/unit-cube.js';

/** What one parameter, or two beyond what each does alone, have to do with the objective. */
export interface Effect {
  /** One name, or two in the order of the space. */
  readonly names: readonly string[];
  /** Share of the objective's variance over the space, 0 to 1. */
  readonly share: number;
  /** Standard deviation of the share from tree to tree. */
  readonly spread: number;
}

/** Which parameters matter. */
export interface ParameterImportance {
  /** Eligible configurations that it was learned from. */
  readonly configurations: number;
  /** Share of the objective's variance that the forest explains of configurations it has not seen, at most 1; near 0 or below, the effects say nothing. */
  readonly explained: number;
  /** Of single parameters and of pairs, the largest share first; of equals the first in the space. What is missing to 1 is owed to three or more together. */
  readonly effects: readonly Effect[];
}

/** Fewer say nothing about anything. */
const FEWEST = 12;

/**
 * How much of the objective's variance each parameter, and each pair of them, decides over the whole space: what to search finely and what to leave at its default. A forest of regression
 * trees learns the objective from configurations evaluated anyway; its variance over the space, every configuration as likely as any other, is then split exactly, so that it does not
 * matter where the search looked most. Configurations that were not eligible are left out. Null with fewer than 12 eligible configurations, or where the objective does not vary. Throws a
 * usage error for fewer than two trees. Source: Hutter, Hoos & Leyton-Brown (ICML 2014).
 */
export const parameterImportance = (
  space: ParamSpace,
  observations: readonly Observation[],
  { seed, trees = 64, minLeaf = 3 }: { readonly seed: number | string; readonly trees?: number; readonly minLeaf?: number },
): ParameterImportance | null => {
  if (!Number.isInteger(trees) || trees < 2) throw usageError('bad-forest', `${trees} is not a number of trees above 1.`);
  const cube = unitCube(space);
  const eligible = observations.filter(({ objective }) => objective !== null);
  const points = eligible.map(({ params }) => cube.pointOf(params));
  const values = Float64Array.from(eligible, ({ objective }) => objective ?? 0);
  const n = points.length;
  if (n < FEWEST || cube.dimensions === 0 || !(variance(values) > 0)) return null;
  // Two in three: fewer hide the effects of what is rarely drawn together, all make the trees alike.
  const limits = { minLeaf, sides: Math.ceil((2 * cube.dimensions) / 3) };
  const unseen = new Float64Array(n);
  const unseenTrees = new Float64Array(n);
  const mains: Float64Array[] = [];
  const pairs: Float64Array[] = [];
  for (let t = 0; t < trees; t++) {
    const draw = random(`${seed}/parameter-importance/${t}`);
    const rows = Array.from({ length: n }, () => draw.int(n));
    const boxes = growBoxes(points, values, rows, limits, draw);
    const drawn = new Set(rows);
    for (let i = 0; i < n; i++)
      if (!drawn.has(i)) {
        unseen[i]! += valueInBoxes(boxes, points[i]!);
        unseenTrees[i]!++;
      }
    const parts = functionalAnova(boxes);
    if (!(parts.total > 0)) continue;
    mains.push(parts.mains.map(part => part / parts.total));
    pairs.push(parts.pairs.map(part => part / parts.total));
  }
  const judged = Array.from(values.keys()).filter(i => unseenTrees[i]! > 0);
  const truth = Float64Array.from(judged, i => values[i]!);
  const errors = Float64Array.from(judged, i => (values[i]! - unseen[i]! / unseenTrees[i]!) * (values[i]! - unseen[i]! / unseenTrees[i]!));
  const effect = (names: readonly string[], shares: readonly number[]): Effect =>
    shares.length === 0
      ? { names, share: 0, spread: 0 }
      : { names, share: mean(shares), spread: shares.length > 1 ? standardDeviation(shares) : 0 };
  const { names } = cube;
  const couples = names.flatMap((name, i) => names.slice(i + 1).map(other => [name, other]));
  const effects = [
    ...names.map((name, d) =>
      effect(
        [name],
        mains.map(shares => shares[d]!),
      ),
    ),
    ...couples.map((both, p) =>
      effect(
        both,
        pairs.map(shares => shares[p]!),
      ),
    ),
  ];
  return {
    configurations: n,
    explained: 1 - mean(errors) / variance(truth, 0),
    effects: effects.toSorted((a, b) => b.share - a.share),
  };
};
