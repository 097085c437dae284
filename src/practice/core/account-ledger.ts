import type { VenueIncome } from '../../live/venue-transport.js';
import { toMoney, type Amount } from '../../market/units.js';
import { within } from './within.js';

/** What moved the wallet of an account, entry by entry, in whole 1e-8: the wallet always is the opening balance and the sum of the entries. */
export interface AccountLedger {
  readonly opening: Amount;
  /** Sum of all entries, amount units. */
  readonly sum: Amount;
  /** Nothing is entered for an amount of nothing. */
  enter(entry: Omit<VenueIncome, 'id' | 'amount'>, amount: Amount): void;
  between(from: number, to: number): readonly VenueIncome[];
}

export const accountLedger = (opening: Amount, id: () => string): AccountLedger => {
  const entries: VenueIncome[] = [];
  const sum = Float64Array.of(0);
  return {
    opening,
    get sum() {
      return sum[0]!;
    },
    enter: (entry, amount) => {
      if (amount === 0) return;
      entries.push({ id: id(), ...entry, amount: toMoney(amount) });
      sum[0]! += amount;
    },
    between: (from, to) => within(entries, from, to),
  };
};
