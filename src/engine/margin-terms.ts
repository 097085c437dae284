import { usageError } from '../errors.js';
import type { MarginConfig } from './run-config.js';
import type { InputRange } from '../events/feed.js';
import type { Instrument } from '../market/instrument.js';
import { checkTiers, type MarginTier } from '../market/margin-tiers.js';
import { tiersFor } from '../market/venue-tiers.js';

/** Leverage of a symbol: its own where one is stated, else the account's; spot is paid in full. Throws a usage error beyond what the venue offers. */
export const leverageOf = ({ symbol, kind, maxLeverage }: Instrument, account: number, { leverage }: MarginConfig): number => {
  if (kind === 'spot') return 1;
  const own = leverage[symbol];
  if (own !== undefined && own > maxLeverage)
    throw usageError(
      'leverage-too-high',
      `A leverage of ${own} for ${symbol} is more than the ${maxLeverage} that its venue offers.`,
      'State a lower one, or the instrument’s own limit when you import it.',
    );
  return own ?? account;
};

/** Maintenance-margin schedule of a symbol: the one stated, checked, else its venue's. Empty for what is not margined. */
export const marginTiers = (instrument: Instrument, { tiers }: MarginConfig): readonly MarginTier[] => {
  const stated = tiers[instrument.symbol];
  if (stated === undefined) return tiersFor(instrument);
  return checkTiers(stated.map(tier => ({ ...tier, cap: tier.cap ?? Infinity })));
};

/** Whether mark prices come at least as often as bars, from the first trading data of the symbol to the last: else falls between them, or where they are missing, would go unseen. */
export const marksAreDense = (inputs: readonly InputRange[], symbol: string, barMs: number): boolean => {
  const own = inputs.filter(input => input.symbol === symbol && input.rows > 0);
  const marks = own.find(({ kind }) => kind === 'mark');
  if (marks === undefined || marks.rows < 2) return false;
  const traded = own.filter(({ kind }) => kind === 'bars' || kind === 'trades' || kind === 'book');
  const slack = 1.5 * barMs;
  return (
    (marks.to - marks.from) / (marks.rows - 1) <= slack &&
    traded.every(({ from, to }) => marks.from <= from + slack && marks.to >= to - slack)
  );
};
