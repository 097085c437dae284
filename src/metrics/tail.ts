/** A 5 % tail of fewer returns than this holds none of them. */
export const TAIL_SAMPLES = 20;

/** Share of periods that metrics of the tail speak of. */
export const TAIL = 0.05;
