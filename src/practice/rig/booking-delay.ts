import type { Fact } from '../../events/fact.js';

/** The longest time, market ms, from a fill at the venue to its place in the journal; 0 without fills. */
export const slowestBooking = (facts: readonly Fact[]): number =>
  facts.reduce((most, fact) => (fact.type === 'OrderFilled' ? Math.max(most, fact.knownAt - fact.ts) : most), 0);
