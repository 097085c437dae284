import { plateau } from './plateau.js';
import type { Observation } from './samplers/sampler.js';
import { inSample } from './sweep-sample.js';
import type { ParamSpace } from '../strategies/params.js';

/** Where a sweep's plateau is. */
export interface SweepPlateau {
  /** Index of its middle among the observations. */
  readonly index: number;
  /** What three quarters of the neighbours of the middle reach at least. */
  readonly level: number;
  readonly neighbours: number;
  /** The same of the peak's neighbourhood. */
  readonly peakLevel: number | null;
  /** How many configurations were looked at. */
  readonly among: number;
}

/** The search for a plateau compares every two configurations: of more than these a sample is looked at. */
const PLATEAU_LIMIT = 1_000;

/** The plateau of a sweep; null when none was eligible. Above the limit it is looked for among a sample by hash, to which the peak belongs always. */
export const sweepPlateau = (
  space: ParamSpace,
  observations: readonly Observation[],
  { peak, seed }: { readonly peak: number; readonly seed: number | string },
): SweepPlateau | null => {
  const expected = observations.length;
  const places = Array.from(observations.keys()).filter(
    i => i === peak || inSample(observations[i]!.params, { wanted: PLATEAU_LIMIT, expected, seed: `${seed}/plateau` }),
  );
  const { scores, chosen } = plateau(
    space,
    places.map(i => observations[i]!),
  );
  const middle = chosen === undefined ? undefined : scores[chosen];
  if (middle === undefined || middle.score === null) return null;
  return {
    index: places[middle.index]!,
    level: middle.score,
    neighbours: middle.neighbours.length,
    peakLevel: scores[places.indexOf(peak)]?.score ?? null,
    among: places.length,
  };
};
