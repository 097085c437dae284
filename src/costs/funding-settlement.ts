/** When a position was held, epoch ms. */
export interface FundingWindow {
  readonly openedAt: number;
  /** Infinity while it is open. */
  readonly closedAt: number;
  readonly settlement: number;
  /** A position opened up to so many ms after the settlement still takes part in it; 0 when left out. */
  readonly tolerance?: number;
}

/**
 * Whether a position takes part in a settlement: held at that moment, both ends included. Venues settle over some seconds (Binance states 15) in which what is opened may still be charged;
 * `tolerance` models that, and is off unless asked for.
 */
export const takesPart = ({ openedAt, closedAt, settlement, tolerance = 0 }: FundingWindow): boolean =>
  openedAt - tolerance <= settlement && settlement <= closedAt;
