import { power } from '../numeric/pow.js';
import { rangeVolatility } from './range-volatility.js';
import type { SlippageModel } from './slippage.js';
import { volumeShare } from './volume-share.js';

/** The exponent that Almgren et al. (2005) measured on 29,509 orders in US shares, 0.600 ± 0.038. */
const MEASURED_EXPONENT = 0.6;

/** Parameters of the model. */
export interface AlmgrenChriss {
  readonly spreadBps: number;
  /** η, of the part that is gone after the fill. */
  readonly temporary: number;
  /** β of the temporary part, > 0; 0.6 when left out. */
  readonly exponent?: number;
  /** γ, of the part that stays in the price. */
  readonly permanent: number;
}

/** Temporary impact η σ shareᵝ, as a fraction of the price: what one order pays and the next does not. */
export const temporaryImpact = (
  { temporary, exponent = MEASURED_EXPONENT }: Pick<AlmgrenChriss, 'temporary' | 'exponent'>,
  sigma: number,
  share: number,
): number => temporary * sigma * power(share, exponent);

/** Permanent impact γ σ share, as a fraction of the price: where the price stays when the order is done. */
export const permanentImpact = ({ permanent }: Pick<AlmgrenChriss, 'permanent'>, sigma: number, share: number): number =>
  permanent * sigma * share;

/**
 * What a taker of a `share` of the interval's volume pays against its arrival price at volatility `sigma`, in basis points: half the spread,
 * the temporary part, and half of the permanent part, which grows from nothing to all while the order fills. Source: R. Almgren, C. Thum,
 * E. Hauptmann & H. Li, Direct Estimation of Equity Market Impact, Risk (July 2005), equations 2 and 3.
 */
export const expectedCostBps = (model: AlmgrenChriss, sigma: number, share: number): number =>
  model.spreadBps / 2 + 10_000 * (temporaryImpact(model, sigma, share) + permanentImpact(model, sigma, share) / 2);

/**
 * Almgren–Chriss: price × (spread ÷ 2 + η σ (Q ÷ V)ᵝ + ½ γ σ Q ÷ V), with σ from the bar's range (Parkinson 1980), V its volume, and Q ÷ V at
 * most 1. Recorded prices do not react to us, so each fill is charged its half of the permanent part and the next one begins at the
 * recorded price again. Over a round trip that is an upper bound: the way out would gain what the way in has moved.
 */
export const almgrenChriss = (model: AlmgrenChriss): SlippageModel => {
  const { spreadBps, temporary, exponent = MEASURED_EXPONENT, permanent } = model;
  const half = spreadBps / 20_000;
  return ({ price, quantity, high, low, volume }) => {
    const share = volumeShare(quantity, volume);
    return price * (half + rangeVolatility(high, low) * (temporary * power(share, exponent) + 0.5 * permanent * share));
  };
};
