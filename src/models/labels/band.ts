import type { Outcome } from '../forecast.js';
import { notNegative } from './parameters.js';

/**
 * How far a price must go before the move is worth trading, as a return. `fraction`: always the same, such as the cost of a round trip. `volatility`: `multiple`
 * standard deviations of the return over the horizon, so that quiet and wild times have alike shares of flat. `larger`: the larger of the two.
 */
export type Band =
  | { readonly kind: 'fraction'; readonly value: number }
  | { readonly kind: 'volatility'; readonly multiple: number }
  | { readonly kind: 'larger'; readonly value: number; readonly multiple: number };

/** Throws a usage error for a band with a negative or missing width. */
export const checkBand = (label: string, band: Band): void => {
  if (band.kind !== 'volatility') notNegative(label, 'band value', band.value);
  if (band.kind !== 'fraction') notNegative(label, 'band multiple', band.multiple);
};

/** For keys: `band=0.0015`, `band=0.5sigma`, `band=max(0.0015,0.5sigma)`. */
export const bandKey = (band: Band): string => {
  if (band.kind === 'fraction') return `band=${band.value}`;
  return band.kind === 'volatility' ? `band=${band.multiple}sigma` : `band=max(${band.value},${band.multiple}sigma)`;
};

/** Half the width of the no-trade band as a return; NaN where it needs a volatility that is not known. `horizonSigma` is over the whole horizon. */
export const bandWidth = (band: Band, horizonSigma: number): number => {
  if (band.kind === 'fraction') return band.value;
  if (band.kind === 'volatility') return band.multiple * horizonSigma;
  return Math.max(band.value, band.multiple * horizonSigma);
};

/** A return beyond the band is a rise or a fall; on its edge or inside it is flat. */
export const outcomeBeyond = (outcome: number, width: number): Outcome => (outcome > width ? 2 : outcome < -width ? 0 : 1);
