/** What rounding to whole ticks and lots forgives of one, so that 30000 × 0.0001 is 3 and not 4. */
export const SLACK = 1e-9;
