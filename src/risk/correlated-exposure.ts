import { LIMIT_SLACK } from './limits.js';
import { symbolOfPosition } from './position-name.js';
import { furthestNotional, notionalAfter, reduces, type RiskCheck, type RiskView } from './risk-check.js';

/** What the rule is told of the market. */
export interface CorrelationOptions {
  /** Largest exposure of one group on one side of the market, as a multiple of equity. */
  readonly limit: number;
  /** Correlation of returns from which two symbols belong together, up to 1. */
  readonly at: number;
  /** Rolling correlation of the returns of two symbols; NaN while it is not known. */
  readonly correlation: (a: string, b: string) => number;
}

/** Positions that belong to the ticket's group: its symbol, what moves with it, what moves with those, and so on. What is not known counts as moving together. */
const groupOf = (name: string, names: readonly string[], { at, correlation }: Omit<CorrelationOptions, 'limit'>): string[] => {
  const group = [name];
  const left = new Set(names.filter(each => each !== name));
  for (let i = 0; i < group.length; i++)
    for (const other of left) {
      const [a, b] = [symbolOfPosition(group[i]!), symbolOfPosition(other)];
      if (a !== b && correlation(a, b) < at) continue;
      group.push(other);
      left.delete(other);
    }
  return group;
};

/** The largest exposure of one group on one side of the market, as far as orders at work can lead, in money; and the symbols of that group. */
export const largestGroup = (
  view: RiskView,
  options: Omit<CorrelationOptions, 'limit'>,
): { readonly side: number; readonly group: readonly string[] } => {
  let most: { readonly side: number; readonly group: readonly string[] } = { side: 0, group: [] };
  for (const way of ['buy', 'sell'] as const) {
    const sign = way === 'buy' ? 1 : -1;
    const held = view.symbols.filter(name => sign * furthestNotional(name, way, view) > 0 || view.notional(name) !== 0);
    const left = new Set(held);
    for (const name of held) {
      if (!left.has(name)) continue;
      const group = groupOf(name, held, options);
      let side = 0;
      for (const each of group) {
        left.delete(each);
        side += Math.max(0, sign * furthestNotional(each, way, view));
      }
      if (side > most.side) most = { side, group: group.slice().sort() };
    }
  }
  return most;
};

/**
 * Symbols whose returns correlate count as one position: the longs of the group together, or its shorts, may not exceed a multiple of equity. A long and a short of one group do not add up, nor do they
 * make room for each other. Symbols that mirror each other (correlation near −1) are not looked at. Reductions pass.
 */
export const correlatedExposure =
  (options: CorrelationOptions): RiskCheck =>
  (ticket, view) => {
    if (reduces(ticket, view)) return null;
    const sign = ticket.side === 'buy' ? 1 : -1;
    let side = Math.max(0, sign * notionalAfter(ticket, view));
    const held = view.symbols.filter(
      name => name === ticket.symbol || sign * furthestNotional(name, ticket.side, view) > 0 || view.notional(name) !== 0,
    );
    const group = groupOf(ticket.symbol, held, options);
    for (const name of group) if (name !== ticket.symbol) side += Math.max(0, sign * furthestNotional(name, ticket.side, view));
    return !(side <= options.limit * view.equity * LIMIT_SLACK)
      ? {
          code: 'correlated',
          text: `${group.slice().sort().join(', ')} move together and would be ${(side / view.equity).toFixed(3)} times equity on one side, above the limit of ${options.limit}`,
        }
      : null;
  };
