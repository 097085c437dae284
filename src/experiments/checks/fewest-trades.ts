/** Fewer closed trades make no distribution. */
export const FEWEST_TRADES = 10;

/** Said of fewer. */
export const TOO_FEW_TRADES = `It has fewer than ${FEWEST_TRADES} closed trades to draw from.`;
