import type { PositionSide } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import type { OrderIntent } from './intent.js';

/** An entry, and a stop and a target for what of it fills; one filling reduces the other. */
export interface BracketIntent {
  readonly intent: 'bracket';
  readonly symbol: Symbol;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  /** Of the entry; both null enter at the market. */
  readonly limit: number | null;
  readonly trigger: number | null;
  /** Where it ends for worse (a stop) and for better (a limit). */
  readonly stop: number;
  readonly target: number;
  readonly id: string | null;
  readonly reason: string;
  readonly positionSide?: PositionSide;
}

/** Two orders of which one is to fill: what fills of either is taken off the other. */
export interface OcoIntent {
  readonly intent: 'oco';
  readonly orders: readonly [OrderIntent, OrderIntent];
  readonly id: string | null;
  readonly reason: string;
}

interface Worked {
  readonly intent: 'execute';
  readonly symbol: Symbol;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly reduceOnly: boolean;
  readonly id: string | null;
  readonly reason: string;
  readonly positionSide?: PositionSide;
}

/** What becomes of what has not filled when an execution's time is over: `complete` takes it at the market, `leave` leaves it. */
export type Rest = 'complete' | 'leave';

/** One visible part of a resting order after another. */
export interface IcebergIntent extends Worked {
  readonly algorithm: 'iceberg';
  readonly limit: number;
  readonly display: number;
  readonly postOnly: boolean;
}

/** Equal slices over a time. */
export interface TwapIntent extends Worked {
  readonly algorithm: 'twap';
  /** Milliseconds. */
  readonly duration: number;
  readonly slices: number;
  readonly limit: number | null;
  /** Share of its interval by which a slice may be late, at random. */
  readonly jitter: number;
  readonly rest: Rest;
}

/** Slices over a time by a profile of volume. */
export interface VwapIntent extends Worked {
  readonly algorithm: 'vwap';
  readonly duration: number;
  readonly slices: number;
  /** Weight of each slice; null takes the volume by hour of day of the bars seen so far. */
  readonly profile: readonly number[] | null;
  readonly limit: number | null;
  readonly rest: Rest;
}

/** A share of what the market trades. */
export interface PovIntent extends Worked {
  readonly algorithm: 'pov';
  readonly share: number;
  /** Least and largest quantity of one slice. */
  readonly min: number;
  readonly max: number | null;
  readonly limit: number | null;
  /** Milliseconds after which it is over; null works until it is done. */
  readonly duration: number | null;
  readonly rest: Rest;
}

export type ExecuteIntent = IcebergIntent | TwapIntent | VwapIntent | PovIntent;
/** What leads to several orders. */
export type ExecutionIntent = BracketIntent | OcoIntent | ExecuteIntent;

/**
 * Enter, and leave at `stop` or `target`, whichever comes first. The exits go out when the entry fills, reduce-only, and follow what of it has filled. Its orders are named `<id>.entry`, `<id>.stop` and
 * `<id>.target` for `amend`; `cancel(id)` takes all of them back and leaves what is held.
 */
export const bracket = (plan: {
  symbol: Symbol;
  side: 'buy' | 'sell';
  quantity: number;
  /** `limit` enters there, `stop` beyond there; a market order when left out. */
  entry?: { limit?: number; stop?: number };
  stop: number;
  target: number;
  positionSide?: PositionSide;
  id?: string;
  reason?: string;
}): BracketIntent => ({
  intent: 'bracket',
  symbol: plan.symbol,
  side: plan.side,
  quantity: plan.quantity,
  limit: plan.entry?.limit ?? null,
  trigger: plan.entry?.stop ?? null,
  stop: plan.stop,
  target: plan.target,
  id: plan.id ?? null,
  reason: plan.reason ?? '',
  ...(plan.positionSide !== undefined && { positionSide: plan.positionSide }),
});

/** One cancels the other: two orders of one symbol and quantity. Both filling in one moment is possible; make them reduce-only where the position must not turn. */
export const oco = (orders: readonly [OrderIntent, OrderIntent], options?: { id?: string; reason?: string }): OcoIntent => ({
  intent: 'oco',
  orders,
  id: options?.id ?? null,
  reason: options?.reason ?? '',
});

interface Work {
  symbol: Symbol;
  side: 'buy' | 'sell';
  quantity: number;
  reduceOnly?: boolean;
  positionSide?: PositionSide;
  id?: string;
  reason?: string;
}

/** Terms of each algorithm: times in milliseconds, quantities in base units, prices in quote currency. */
export type ExecuteTerms = Work &
  (
    | { algorithm: 'iceberg'; limit: number; display: number; postOnly?: boolean }
    | { algorithm: 'twap'; duration: number; slices: number; limit?: number; jitter?: number; rest?: Rest }
    | { algorithm: 'vwap'; duration: number; slices: number; profile?: readonly number[]; limit?: number; rest?: Rest }
    | { algorithm: 'pov'; share: number; min?: number; max?: number; limit?: number; duration?: number; rest?: Rest }
  );

/** Work an order by an execution algorithm. `cancel(id)` stops it; what has filled stays. */
export const execute = (terms: ExecuteTerms): ExecuteIntent => {
  const worked = {
    intent: 'execute' as const,
    symbol: terms.symbol,
    side: terms.side,
    quantity: terms.quantity,
    reduceOnly: terms.reduceOnly ?? false,
    id: terms.id ?? null,
    reason: terms.reason ?? '',
    ...(terms.positionSide !== undefined && { positionSide: terms.positionSide }),
  };
  if (terms.algorithm === 'iceberg') {
    const { algorithm, limit, display, postOnly } = terms;
    return { ...worked, algorithm, limit, display, postOnly: postOnly ?? false };
  }
  const limit = terms.limit ?? null;
  const rest = terms.rest ?? 'complete';
  if (terms.algorithm === 'pov') {
    const { algorithm, share, min, max, duration } = terms;
    return { ...worked, algorithm, share, min: min ?? 0, max: max ?? null, limit, duration: duration ?? null, rest };
  }
  const { duration, slices } = terms;
  return terms.algorithm === 'twap'
    ? { ...worked, algorithm: 'twap', duration, slices, limit, jitter: terms.jitter ?? 0, rest }
    : { ...worked, algorithm: 'vwap', duration, slices, profile: terms.profile ?? null, limit, rest };
};
