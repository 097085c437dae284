import { count, decimal, percent } from '../number-text.js';
import type { MatchingRow } from './matching-rows.js';

const DEPTH = { bars: 0, trades: 1, book: 2 } as const;

/** The horizon that is spoken of: long enough for the market to have answered, short enough to be the fill's doing. */
const HORIZON = '1.0 s';

/** What the others are measured against: the deepest market, and of several the one whose queue assumes the worst, else the first. */
export const measuredAgainst = (rows: readonly MatchingRow[]): MatchingRow | undefined => {
  const deepest = Math.max(...rows.map(({ kind }) => DEPTH[kind]));
  const candidates = rows.filter(({ kind }) => DEPTH[kind] === deepest);
  return candidates.find(({ depth }) => depth.includes('pessimistic')) ?? candidates[0];
};

const traded = (row: MatchingRow, base: MatchingRow): string => {
  const more = row.notional / base.notional - 1;
  const fills = `${count(row.maker + row.taker)} fills against ${count(base.maker + base.taker)}`;
  if (Math.abs(more) < 0.0005) return `it trades as much (${fills})`;
  return `it trades ${percent(Math.abs(more))} ${more > 0 ? 'more' : 'less'} (${fills})`;
};

const selection = (row: MatchingRow, base: MatchingRow): string => {
  const own = row.markouts.find(({ horizon }) => horizon === HORIZON);
  const other = base.markouts.find(({ horizon }) => horizon === HORIZON);
  if (!own || !other || !Number.isFinite(own.bps - other.bps)) return '';
  const gap = own.bps - other.bps;
  // As if they were independent: they share most of their fills, so the true error is smaller.
  const error = Math.sqrt(own.error * own.error + other.error * other.error);
  if (Math.abs(gap) < 0.005) return `, and ${HORIZON} after its maker fills the market stands where it does there`;
  const size = `${decimal(Math.abs(gap))}${Number.isFinite(error) ? ` ± ${decimal(error)}` : ''} bp ${gap > 0 ? 'better' : 'worse'}`;
  return `, and ${HORIZON} after its maker fills the market stands ${size}${Math.abs(gap) < 2 * error ? ', which may be chance' : ''}`;
};

/**
 * How much each run flatters against the deepest, one sentence a run; empty unless the runs matched differently. By PnL per notional, since a losing strategy that trades less loses less
 * without being better. Meant for runs of one strategy with the same params.
 */
export const flattery = (rows: readonly MatchingRow[]): string[] => {
  const base = measuredAgainst(rows);
  if (base === undefined) return [];
  return rows.flatMap(row => {
    if (row === base || row.depth === base.depth) return [];
    const subject = `“${row.run}”`;
    const than = `“${base.run}”`;
    if (!(base.notional > 0) || !(row.notional > 0)) {
      if (!(base.notional > 0) && !(row.notional > 0)) return [];
      return [
        row.notional > 0
          ? `${subject} trades ${count(row.maker + row.taker)} times where ${than} does not trade at all.`
          : `${subject} does not trade; ${than} does, ${count(base.maker + base.taker)} times.`,
      ];
    }
    const gap = row.pnlBps - base.pnlBps;
    const verdict =
      Math.abs(gap) < 0.005
        ? `${subject} earns as much per notional as ${than}`
        : gap > 0
          ? `${subject} flatters by ${decimal(gap)} bp of notional against ${than}`
          : `${subject} is harder than ${than} by ${decimal(-gap)} bp of notional`;
    return [`${verdict}: ${traded(row, base)}${selection(row, base)}.`];
  });
};
