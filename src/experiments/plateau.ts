import { usageError } from '../errors.js';
import type { ParamSpace } from '../strategies/params.js';
import { sideDistance } from './samplers/cube-distance.js';
import type { Observation } from './samplers/sampler.js';
import { unitCube } from './samplers/unit-cube.js';

/** How a configuration stands among those like it. */
export interface PlateauScore {
  /** Its index among the observations. */
  readonly index: number;
  /** What the better part of its neighbourhood reaches at least; null when it was not eligible itself. */
  readonly score: number | null;
  /** Indices of its neighbours, itself among them, the nearest first. */
  readonly neighbours: readonly number[];
}

/** A choice by neighbourhood. */
export interface Plateau {
  /** By observation, in their order. */
  readonly scores: readonly PlateauScore[];
  /** Index of the chosen one; undefined when none was eligible. */
  readonly chosen: number | undefined;
}

/** The value below which a part `p` of the weight lies: the first, ascending, whose weight and that of all below reach it. */
const weightedQuantile = (values: readonly number[], weights: readonly number[], p: number): number => {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const goal = p * weights.reduce((total, weight) => total + weight, 0);
  let reached = 0;
  for (const i of order) {
    reached += weights[i]!;
    if (reached >= goal) return values[i]!;
  }
  return values[order.at(-1)!]!;
};

/**
 * Prefers the middle of a broad plateau to a peak. A configuration's score is the lower quartile of the objectives in its neighbourhood: three quarters of what is like it did at least this
 * well. A lone spike, the likeliest gift of luck to a search, has a poor neighbourhood however high it is. Distance is that of the unit cube, √ of the mean square over the parameters, choices
 * being 1 apart; neighbours lie within `radius`, or are the `nearest` ones where that holds fewer. Each weighs less the more it is crowded, because a search that learns looks most
 * often at its own favourites: a hundred looks at one spike are no plateau. Configurations that were not eligible count as the worst eligible one. Of equal scores the higher objective is
 * chosen, then the configuration whose canonical JSON sorts first. Quadratic in the number of configurations. Throws a usage error for options out of range.
 */
export const plateau = (
  space: ParamSpace,
  observations: readonly Observation[],
  options: {
    /** (0.1) */
    readonly radius?: number;
    /** Fewest neighbours, itself included: 2 a parameter and 1 more, at least 5. */
    readonly nearest?: number;
    /** (0.25) */
    readonly quantile?: number;
  } = {},
): Plateau => {
  const cube = unitCube(space);
  const { dimensions } = cube;
  const { radius = 0.1, nearest = Math.max(5, 2 * dimensions + 1), quantile = 0.25 } = options;
  if (!(radius > 0 && radius <= 1)) throw usageError('bad-plateau', `A radius of ${radius} is not a part of the space.`);
  if (!Number.isInteger(nearest) || nearest < 2) throw usageError('bad-plateau', `${nearest} is not a number of neighbours above 1.`);
  if (!(quantile >= 0 && quantile <= 1)) throw usageError('bad-plateau', `${quantile} is not a quantile.`);
  const side = sideDistance(cube);
  const points = observations.map(({ params }) => cube.pointOf(params));
  const n = points.length;
  const eligible = observations.flatMap(({ objective }) => (objective === null ? [] : [objective]));
  const worst = eligible.reduce((least, value) => Math.min(least, value), Infinity);
  const values = observations.map(({ objective }) => objective ?? worst);

  const distance = (a: Float64Array, b: Float64Array): number => {
    let squares = 0;
    for (let d = 0; d < dimensions; d++) squares += side(a, b, d);
    return Math.sqrt(squares / dimensions);
  };
  /** How many looks were spent about each configuration: itself counts as one, others the less the further they are, to nothing at half the radius. */
  const crowd = Float64Array.from(points, point =>
    points.reduce((looks, other) => looks + Math.max(0, 1 - (2 * distance(point, other)) / radius), 0),
  );

  const keys = observations.map(({ params }) => cube.keyOf(params));
  const place = new Int32Array(n);
  for (const [rank, i] of Array.from(keys.keys())
    .sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b))
    .entries())
    place[i] = rank;
  let chosen: number | undefined;
  const scores = observations.map(({ objective }, index): PlateauScore => {
    const away = Float64Array.from(points, point => distance(points[index]!, point));
    // Itself before what lies at the same place.
    away[index] = -1;
    const order = Array.from({ length: n }, (_, j) => j).sort((a, b) => away[a]! - away[b]! || place[a]! - place[b]!);
    const neighbours = order.filter((j, k) => k < nearest || away[j]! <= radius);
    if (objective === null) return { index, score: null, neighbours };
    const score = weightedQuantile(
      neighbours.map(j => values[j]!),
      neighbours.map(j => 1 / crowd[j]!),
      quantile,
    );
    return { index, score, neighbours };
  });
  for (const { index, score } of scores) {
    if (score === null) continue;
    if (chosen === undefined) {
      chosen = index;
      continue;
    }
    const best = scores[chosen]!.score!;
    if (score < best) continue;
    if (score > best || values[index]! > values[chosen]! || (values[index] === values[chosen] && place[index]! < place[chosen]!))
      chosen = index;
  }
  return { scores, chosen };
};
