import type { FailureKind } from '../venue-transport.js';

/** What a venue's error code means: what may be concluded, and our own code for it. */
export interface Verdict {
  readonly kind: FailureKind;
  readonly code: string;
}

/** A venue's codes, each with its verdict, from rows of (kind, code, the venue's codes). */
export const verdicts = (
  rows: readonly (readonly [kind: FailureKind, code: string, ...venueCodes: number[]])[],
): ReadonlyMap<number, Verdict> => {
  const table = new Map<number, Verdict>();
  for (const [kind, code, ...venueCodes] of rows) for (const venueCode of venueCodes) table.set(venueCode, { kind, code });
  return table;
};
