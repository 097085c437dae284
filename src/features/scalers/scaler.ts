import type { ScalerKind } from '../feature-set.js';
import { applyAffine, type AffineState, type RowScaler } from './affine.js';
import { applyRank, fitRank, type RankState } from './rank.js';
import { fitRobust } from './robust.js';
import { fitZ } from './z.js';

/** What a scaler learned from training rows: finite numbers only, so that JSON holds it exactly. */
export type ScalerState = AffineState | RankState;

/** A way to bring features to one scale. `x` is row-major, count × width; the same rows give the same state. */
export interface ScalerRule {
  readonly kind: ScalerKind;
  readonly fit: (x: Float64Array, count: number, width: number) => ScalerState;
}

const FITS: Readonly<Record<ScalerKind, ScalerRule['fit']>> = {
  none: (_x, _count, width) => ({
    kind: 'none',
    centre: Array.from({ length: width }, () => 0),
    spread: Array.from({ length: width }, () => 1),
  }),
  z: fitZ,
  robust: fitRobust,
  rank: fitRank,
};

/** The rule of that kind: `none`; `z` mean and deviation; `robust` median and quartiles; `rank` the place among the training rows, uniform in −1…1. */
export const scalerRule = (kind: ScalerKind): ScalerRule => ({ kind, fit: FITS[kind] });

/** Fits a scaler of that kind on `count` rows of `width` numbers, which must be of the past of whatever it is applied to. */
export const fitScaler = (kind: ScalerKind, x: Float64Array, count: number, width: number): ScalerState => FITS[kind](x, count, width);

/** The function that scales one row by what was learned; in place when `out` is the row. */
export const applyScaler = (state: ScalerState): RowScaler => (state.kind === 'rank' ? applyRank(state) : applyAffine(state));
