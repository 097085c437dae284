import { z } from 'zod';

const on = z.boolean().default(true);

/**
 * What the broker does against each way in which a venue, a network or a clock can mislead it, by name. All are on; the tests switch one off at a time to show that the oracle notices. Nobody trades
 * with one off.
 */
const Defences = z.strictObject({
  /** An order whose answer is missing is asked for by our own id, and neither counted as refused nor sent again. */
  queryUnknown: on,
  /** "No such order" counts only once the request can no longer take effect. */
  waitReceiveWindow: on,
  /** Only the venue's own "no such order" closes an order; a request that failed says nothing. */
  absentNeedsAuthority: on,
  /** One execution is booked once, however often it is told. */
  dedupeExecutions: on,
  /** Executions are also asked for, and not only listened to. */
  pollExecutions: on,
  /** A stream that came back is followed by a comparison. */
  backfillOnGap: on,
  /** An order that the venue has ended with more filled than we have seen is not over for us before those fills are booked. */
  cancelFillRace: on,
  /** An order on the account with our prefix that our journal does not know ends the session. */
  fence: on,
  /** Part of the request budget is for cancels alone. */
  budgetReserve: on,
  /** No request while the venue has banned us. */
  banSilence: on,
  /** Protective orders of the strategy are brought to the size of its position. */
  protectionResize: on,
  /** A position without a protective order at the venue gets one from the broker. */
  catastropheStop: on,
  /** Funding is booked by the venue's id of the entry, once, with its corrections. */
  fundingById: on,
  /** What nothing explains is adopted as a fact. */
  adoptDifferences: on,
  /** Prices and quantities are rounded away from paying or risking more, by the rules of the market as they are now. */
  safeRounding: on,
  /** No new exposure while our clock and the venue's differ by more than a bound. */
  clockBound: on,
  /** Numbers that cannot be are kept aside. */
  validateNumbers: on,
  /** After a halt nothing leaves but cancels and reductions. */
  haltBlocksSubmits: on,
  /** The venue cancels our plain orders when we fall silent. */
  deadMan: on,
});

/** Settings of the broker; wall milliseconds where nothing else is said. */
export const BrokerConfig = z.strictObject({
  /** Asset that the account is kept in; null takes the settlement asset of the first instrument. */
  reportingAsset: z.string().nullable().default(null),
  /** Prices of other assets in the reporting asset, for fees and cash where the feed has no price. */
  assetPrices: z.record(z.string(), z.number().positive()).default({}),
  /** Leverage to be set at the venue for each symbol; null leaves it as it is. */
  leverage: z.number().min(1).max(200).nullable().default(null),
  marginMode: z.enum(['cross', 'isolated']).nullable().default(null),
  /** Accept a key that may withdraw. */
  allowWithdrawKey: z.boolean().default(false),

  /** How long the venue may stay silent while the broker opens. */
  openBoundMs: z.number().min(0).default(120_000),
  /** How often the broker looks after itself. */
  tickMs: z.number().min(10).default(1_000),
  /** Between two comparisons of everything. */
  reconcileMs: z.number().min(100).default(60_000),
  /** Between two polls of executions while something is at work or held. */
  executionsMs: z.number().min(100).default(10_000),
  incomeMs: z.number().min(100).default(60_000),
  marketsMs: z.number().min(100).default(600_000),
  clockMs: z.number().min(100).default(300_000),
  /** A difference counts when it is still there after so long. */
  settleMs: z.number().min(0).default(2_000),
  /** Executions are asked for again from so much before the newest (market ms). */
  executionOverlapMs: z.number().min(0).default(600_000),
  /** An execution told by the stream is booked at once when its price is so near to the last one, as a fraction; else when the venue's own list says the same. */
  executionBand: z.number().positive().default(0.05),
  /** Income is told late: asked for again from so much before the newest (market ms). */
  incomeOverlapMs: z.number().min(0).default(7_200_000),

  /** Added to the transport's receive window before "no such order" counts. */
  windowMarginMs: z.number().min(0).default(1_000),
  /** First pause between two questions about an unknown order; it doubles up to `queryMaxMs`. */
  queryMs: z.number().min(1).default(250),
  queryMaxMs: z.number().min(1).default(5_000),
  /** An order unknown for so long makes the account not ready. */
  unknownBoundMs: z.number().min(0).default(10_000),
  /** An order that could not leave in so long is not sent any more. */
  submitBoundMs: z.number().min(0).default(3_000),
  /** Private stream down for so long makes the account not ready. */
  streamBoundMs: z.number().min(0).default(5_000),
  /** Failed requests in a row that make it not ready. */
  failuresBound: z.number().int().min(1).default(3),
  /** Offset between our clock and the venue's above which nothing new is opened. */
  clockBoundMs: z.number().min(0).default(5_000),
  /** A condition must be gone for so long before its alarm is cleared. */
  calmMs: z.number().min(0).default(5_000),

  /** Request weight a minute, and the share of it that only cancels may use. */
  weightPerMinute: z.number().min(1).default(1_800),
  cancelReserve: z.number().min(0).max(0.9).default(0.2),
  maxInFlight: z.number().int().min(1).default(16),
  /** Silence after a refusal for rate that does not say how long. */
  banMs: z.number().min(0).default(60_000),
  /** Between two requests in the first seconds after a ban. */
  paceMs: z.number().min(0).default(200),

  /** The broker's own stop for positions that no other protects; distance as a fraction of the entry price, or of the last price where that is worse already. */
  catastrophe: z
    .strictObject({
      enabled: z.boolean().default(true),
      distance: z.number().gt(0).lt(1).default(0.1),
      triggerBy: z.enum(['last', 'mark']).default('mark'),
    })
    .prefault({}),
  /** How long a position may be without protection before the broker acts, and how often a refused stop is tried before the position is closed. */
  protectGraceMs: z.number().min(0).default(1_000),
  protectAttempts: z.number().int().min(1).default(5),
  /** A position that is still without protection after so long halts the account. */
  protectBoundMs: z.number().min(0).default(12_000),

  /** Dead man's timer at the venue; 0 switches it off. */
  deadManMs: z.number().min(0).default(60_000),
  defences: Defences.prefault({}),
});
export type BrokerConfig = z.infer<typeof BrokerConfig>;
export type Defence = keyof BrokerConfig['defences'];
