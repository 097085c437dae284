import type { SideDistance } from './cube-distance.js';
import type { ProcessScales } from './gaussian-process.js';
import { marginalLikelihood } from './marginal-likelihood.js';
import type { SmoothFunction } from './marginal-likelihood.js';
import { climb } from './quasi-newton.js';
import type { Summit } from './quasi-newton.js';

/** Bounds of the logarithm of every scale. */
const LOW = -14;
const HIGH = 8;

/**
 * What the scales of values of variance 1 in the unit cube are before anything was seen, as normal laws of their logarithms. Lengths grow with the
 * square root of the number of sides, as distances do: without it many-sided spaces look rough everywhere (Hvarfner, Hellsten & Nardi, Vanilla
 * Bayesian Optimization Performs Great in High Dimensions, ICML 2024). The noise is thought small until the values show it.
 */
const priorOf = (sides: number): { readonly centre: Float64Array; readonly width: Float64Array } => {
  const centre = new Float64Array(sides + 2).fill(Math.SQRT2 + 0.5 * Math.log(sides), 0, sides);
  const width = new Float64Array(sides + 2).fill(Math.sqrt(3), 0, sides);
  [centre[sides], width[sides]] = [0, 1];
  [centre[sides + 1], width[sides + 1]] = [-7, 2];
  return { centre, width };
};

/**
 * Scales of the highest posterior density: the marginal likelihood times a prior that few points cannot overrule. Climbs from the prior's own
 * centre, from short lengths, and from `previous`, the fit to fewer points, where there is one; `steps` bounds each climb. No chance is involved;
 * of equal summits the first counts. Values should have mean 0 and variance about 1.
 */
export const fitGaussianProcess = (
  points: readonly Float64Array[],
  values: Float64Array,
  distance: SideDistance,
  { previous, steps = 50 }: { readonly previous?: ProcessScales; readonly steps?: number } = {},
): ProcessScales => {
  const sides = points[0]!.length;
  const likelihood = marginalLikelihood(points, values, distance);
  const { centre, width } = priorOf(sides);
  const density: SmoothFunction = (at, gradient) => {
    let value = likelihood(at, gradient);
    for (let i = 0; i < at.length; i++) {
      const z = (at[i]! - centre[i]!) / width[i]!;
      value -= 0.5 * z * z;
      gradient[i]! -= z / width[i]!;
    }
    return value;
  };
  const short = Float64Array.from(centre).fill(Math.log(0.3), 0, sides);
  const starts = previous
    ? [Float64Array.of(...Array.from(previous.lengths, Math.log), Math.log(previous.signal), Math.log(previous.noise)), short]
    : [centre, short];
  let best: Summit | undefined;
  for (const start of starts) {
    const summit = climb(density, start, { low: LOW, high: HIGH, steps, tolerance: 1e-4 });
    if (best === undefined || summit.value > best.value) best = summit;
  }
  const { at } = best!;
  return { lengths: at.slice(0, sides).map(Math.exp), signal: Math.exp(at[sides]!), noise: Math.exp(at[sides + 1]!) };
};
