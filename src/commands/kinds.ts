import type { MarketKind } from '../events/market.js';

/** Kinds of market data, as `--kind` takes them. */
export const KINDS = [
  'bars',
  'funding',
  'mark',
  'index',
  'open-interest',
  'trades',
  'quotes',
  'book',
  'universe',
] as const satisfies readonly MarketKind[];
