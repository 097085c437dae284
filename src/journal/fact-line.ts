import type { Fact } from '../events/fact.js';
import { upcast, type WrittenFact } from './upcast.js';

/** A fact as one line of a journal, its end included. Keys stand in the order of the object's. */
export const factLine = (fact: Fact): string => `${JSON.stringify(fact)}\n`;

/** Whether a line is a fact of some release. */
export const isFactLine = (line: string): boolean => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value && 'seq' in value && 'version' in value;
  } catch {
    return false;
  }
};

/** The fact of a line in the shape of this release. Throws a `UserError` when a newer one wrote it. */
export const factOf = (line: string): Fact => {
  const fact = upcast(JSON.parse(line) as WrittenFact);
  // JSON has no NaN, and this is the one field that may be it.
  return fact.type === 'PositionLiquidated' && fact.bankruptcyPrice === null ? { ...fact, bankruptcyPrice: NaN } : fact;
};
