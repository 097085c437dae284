// Write a strategy.
export { defineStrategy, bars } from './strategies/strategy.js';
export type { Context, Need, PositionView, RunScope, RunStreams, Strategy } from './strategies/strategy.js';
export { int, float, choice, bool } from './strategies/params.js';
export { target, order, cancel } from './strategies/intent.js';
export type { Decision, Intent } from './strategies/intent.js';
export type { Bar, FundingRate, Quote, ReferencePrice, Slice, Trade } from './events/market.js';
export type { Instrument } from './market/instrument.js';
export type { Timeframe } from './market/timeframe.js';

// Indicators.
export { scalar, record, type Feature } from './features/feature.js';
