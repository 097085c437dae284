/** What a feed has seen since its start; for metrics. */
export interface FeedCounters {
  /** Market messages that arrived. */
  received: number;
  /** Messages said again: a trade, bar or rate that was given already. */
  duplicates: number;
  /** Rows that came after what is later in time was given. */
  late: number;
  /** Rows that a newer one replaced because the consumer was slow. */
  conflated: number;
  /** Stretches that did not arrive by their stream. */
  gaps: number;
  /** Bars and trades found by asking. */
  recovered: number;
  quarantined: number;
  /** Closed bars given. */
  bars: number;
  slabs: number;
  /** Times a channel was opened anew for its age. */
  resubscribed: number;
}

export const feedCounters = (): FeedCounters => ({
  received: 0,
  duplicates: 0,
  late: 0,
  conflated: 0,
  gaps: 0,
  recovered: 0,
  quarantined: 0,
  bars: 0,
  slabs: 0,
  resubscribed: 0,
});
