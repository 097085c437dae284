import type { Fact } from '../../events/fact.js';
import type { Amount } from '../../market/units.js';

/** Capital that each strategy of an account has been given, by name: its opening budget and what was moved to it or from it since. Profit and loss are no part of it. */
export type Allotted = Readonly<Record<string, Amount>>;

/** The same after one more fact. Cash that the venue moved has a name there, and is nobody's capital. */
export const foldAllotted = (allotted: Allotted, fact: Fact): Allotted => {
  if (fact.type !== 'CashMoved' || fact.strategy === '' || fact.income !== '') return allotted;
  if (fact.kind !== 'opening' && fact.kind !== 'transfer') return allotted;
  return { ...allotted, [fact.strategy]: (allotted[fact.strategy] ?? 0) + fact.amount };
};
