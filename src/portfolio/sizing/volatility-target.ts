import type { Sizer } from './sizer.js';

/**
 * Hold what swings by `perYear` of equity in a year, at the forecast's own volatility: perYear × √years ÷ sd. Steadies risk over time and says nothing about edge.
 * Source: Moskowitz, Ooi and Pedersen, Time Series Momentum (2012); Harvey et al., The Impact of Volatility Targeting (2018).
 */
export const volatilityTarget =
  ({ perYear }: { perYear: number }): Sizer =>
  ({ sd, years }) =>
    (perYear * Math.sqrt(years)) / sd;
