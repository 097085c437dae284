import type { FeatureSet } from '../feature-set.js';
import { CORE_FEATURES } from './core.js';

/** The core set without other symbols and without futures data: for spot markets and for one symbol alone. */
export const priceOnly: FeatureSet = {
  name: 'price-only',
  version: 1,
  description: "The bar features of core: momentum, trend, volatility, regime, volume, season and candle of the symbol's own bars.",
  features: CORE_FEATURES,
  panel: [],
  scaler: 'robust',
};
