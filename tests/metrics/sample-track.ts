import type { EquityCurve } from '../../src/portfolio/equity.js';
import type { Fill, RoundTrip } from '../../src/portfolio/fill.js';
import type { TrackInput } from '../../src/metrics/track.js';

/** The same value `n` times. */
export const flat = (n: number, value: number): number[] => Array.from({ length: n }, () => value);

/** A curve of the given equity, one point a step from `start` on; with a position wherever `gross` says so (never, when left out). */
export const curveOf = (
  equity: readonly number[],
  step: number,
  start = Date.UTC(2024, 0, 1),
  gross: readonly number[] = [],
): EquityCurve => ({
  length: equity.length,
  ts: Float64Array.from(equity, (_, i) => start + (i + 1) * step),
  equity: Float64Array.from(equity),
  exposure: Float64Array.from(equity, (_, i) => gross[i] ?? 0),
  gross: Float64Array.from(equity, (_, i) => Math.abs(gross[i] ?? 0)),
});

/** A run with a curve and nothing else, or with what is given. */
export const run = (curve: EquityCurve, rest: Partial<TrackInput> = {}): TrackInput => ({
  initialCapital: 1000,
  fills: [],
  roundTrips: [],
  funding: [],
  ...rest,
  curve,
});

export const fill = (rest: Partial<Fill>): Fill => ({
  seq: 1,
  ts: 0,
  symbol: 'BTC/USDT:USDT',
  orderId: 'o',
  side: 'buy',
  price: 100,
  quantity: 1,
  fee: 0,
  slippage: 0,
  liquidity: 'taker',
  realised: 0,
  reason: '',
  ...rest,
});

export const trip = (netPnl: number, rest: Partial<RoundTrip> = {}): RoundTrip => ({
  symbol: 'BTC/USDT:USDT',
  side: 'long',
  entryTs: 0,
  exitTs: 60_000,
  entryPrice: 100,
  exitPrice: 100 + netPnl,
  quantity: 1,
  grossPnl: netPnl,
  fees: 0,
  slippage: 0,
  funding: 0,
  netPnl,
  netReturn: netPnl / 100,
  entryReason: '',
  exitReason: '',
  ...rest,
});
