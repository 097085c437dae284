import fc from 'fast-check';

/** Real numbers spread evenly between two bounds; fast-check's own doubles are mostly next to 0. */
export const evenly = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 1_000_000 }).map(n => min + ((max - min) * n) / 1_000_000);
