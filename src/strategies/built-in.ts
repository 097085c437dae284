import type { Strategy } from './strategy.js';

/** Strategies that come with the platform, by name; each is imported when it is asked for. */
export const BUILT_IN: Readonly<Record<string, () => Promise<{ default: Strategy }>>> = {
  'sma-cross': () => import('./builtin/sma-cross.js'),
  'rsi-reversion': () => import('./builtin/rsi-reversion.js'),
  'donchian-breakout': () => import('./builtin/donchian-breakout.js'),
  'time-series-momentum': () => import('./builtin/time-series-momentum.js'),
  'cross-sectional-momentum': () => import('./builtin/cross-sectional-momentum.js'),
  'funding-carry': () => import('./builtin/funding-carry.js'),
  'quant-ensemble': () => import('./builtin/quant-ensemble.js'),
  'market-maker': () => import('./builtin/market-maker.js'),
  'buy-and-hold': () => import('./builtin/buy-and-hold.js'),
};
