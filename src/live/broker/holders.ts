import type { PositionSide, Side } from '../../events/order.js';
import type { Symbol } from '../../market/instrument.js';
import type { Lots } from '../../market/units.js';
import type { BrokerState } from './broker-state.js';
import { lotsIn } from './stream-book.js';

/** Part of a trade that belongs to one stream. */
export interface Share {
  readonly strategy: string;
  /** Positive. */
  readonly lots: Lots;
}

/**
 * Whose position a trade changes that no strategy asked for. What it reduces is taken first from the account's own part, then from the strategies that hold the reduced side, the largest holder first (of equals the
 * one whose name comes first); what is left opens a position of the account's own.
 */
export const sharesOf = (state: BrokerState, symbol: Symbol, side: Side, lots: Lots, leg?: PositionSide): Share[] => {
  const sign = side === 'buy' ? -1 : 1;
  const holders = [...state.books]
    .map(([strategy, book]) => ({ strategy, held: sign * lotsIn(book, symbol, leg) }))
    .filter(({ held }) => held > 0)
    .sort((a, b) => Number(b.strategy === '') - Number(a.strategy === '') || b.held - a.held || (a.strategy < b.strategy ? -1 : 1));
  const shares: Share[] = [];
  let rest = lots;
  for (const { strategy, held } of holders) {
    const part = Math.min(rest, held);
    if (part > 0) shares.push({ strategy, lots: part });
    rest -= part;
  }
  const own = shares.find(share => share.strategy === '');
  if (rest > 0 && own) shares[shares.indexOf(own)] = { strategy: '', lots: own.lots + rest };
  else if (rest > 0) shares.push({ strategy: '', lots: rest });
  return shares;
};

/** A whole amount in parts by these weights: each rounded toward zero, what is left goes to the first. */
export const splitAmount = (amount: number, weights: readonly number[]): number[] => {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const parts = weights.map(w => (total > 0 ? Math.trunc((amount * w) / total) : 0));
  const rest = amount - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, i) => (i === 0 ? part + rest : part));
};
