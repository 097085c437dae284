/** What an outage answers: server errors, a name that does not resolve, a page of HTML, nothing. */
export type OutageKind = '5xx' | 'dns' | 'html' | 'empty' | 'maintenance';

/** How hostile what the venue says is, by field. */
export type Hostility = 'nan' | 'negative' | 'infinite' | 'price-x10' | 'unknown-symbol' | 'absurd-fee';

/** The same of market data. */
export type MarketHostility = 'nan' | 'negative' | 'infinite' | 'price-x10' | 'future' | 'crossed';

/** Why a venue refuses a protective order. */
export const STOP_REFUSALS = ['would-trigger', 'price-band', 'min-notional', 'max-orders'] as const;
export type StopRefusal = (typeof STOP_REFUSALS)[number];

/**
 * The state of the network and of the venue's doors: plain numbers that scenarios set and change while the world runs. Rates are probabilities a message; times are true time, epoch ms, and a window is open
 * before its end.
 */
export interface Weather {
  /** Median one-way latency, ms, and the standard deviation of its logarithm. */
  latencyMs: number;
  latencySigma: number;
  /** A write that never arrives; the client times out. */
  loseRequest: number;
  /** A write that is done and whose answer never comes. */
  loseAnswer: number;
  /** A write that is answered 503 or -1007 at once, and done afterwards or not at all. */
  vagueAnswer: number;
  /** A request that takes `slowMs` to get there: within the receive window it still counts. */
  slowRequest: number;
  slowMs: number;
  /** A read whose answer is lost. */
  loseRead: number;
  /** A private event that is told 2 to 5 times. */
  duplicateEvent: number;
  /** A private event that comes late, by up to `lateMs`; those after it overtake it. */
  lateEvent: number;
  lateMs: number;
  /** A private event that never comes, though the stream is fine. */
  omitEvent: number;
  /** Executions of the private stream with impossible values. */
  hostile: number;
  /** Bars with impossible values. */
  hostileBar: number;
  /** Requests fail in this way. */
  outage: OutageKind;
  outageUntil: number;
  /** Requests are refused for their rate: 429 or 418, with a time. */
  banUntil: number;
  banCode: '429' | '418';
  /** The private stream is silent though it is open. */
  privateSilentUntil: number;
  /** Market data is silent though the stream is open; or says the same again and again. */
  marketSilentUntil: number;
  marketFrozenUntil: number;
  /** A conditional order that the venue refuses, whatever it is. */
  refuseConditional: number;
  /** With these codes, one drawn for each. */
  refusals: readonly StopRefusal[];
  /** Fees are told in another asset than they are booked in: how much of the settlement asset one of it is worth. A power of two, so that nothing is lost there and back. */
  feeAsset: { readonly asset: string; readonly price: number } | null;
  /** Every entry of the income is told twice in one answer. */
  incomeTwice: boolean;
  /** Executions before this market time are no longer told. */
  executionsFrom: number;
  /** Every market message is told so many times more. */
  flood: number;
  /** An update of the book that never comes. */
  omitBook: number;
  /** A bar that a stream skips. */
  omitBar: number;
  duplicateBar: number;
  lateBar: number;
  /** Nobody reaches the venue: streams are down, requests time out. */
  unreachableUntil: number;
  /** The venue's own clock is ahead of the truth by so much, ms. */
  venueSkewMs: number;
}

/** A quiet day: a few ms of latency, nothing goes wrong. */
export const fairWeather = (): Weather => ({
  latencyMs: 20,
  latencySigma: 0.4,
  loseRequest: 0,
  loseAnswer: 0,
  vagueAnswer: 0,
  slowRequest: 0,
  slowMs: 2000,
  loseRead: 0,
  duplicateEvent: 0,
  lateEvent: 0,
  lateMs: 3_600_000,
  omitEvent: 0,
  hostile: 0,
  hostileBar: 0,
  outage: '5xx',
  outageUntil: -Infinity,
  banUntil: -Infinity,
  banCode: '429',
  privateSilentUntil: -Infinity,
  marketSilentUntil: -Infinity,
  marketFrozenUntil: -Infinity,
  refuseConditional: 0,
  refusals: ['would-trigger'],
  feeAsset: null,
  incomeTwice: false,
  executionsFrom: -Infinity,
  flood: 0,
  omitBook: 0,
  omitBar: 0,
  duplicateBar: 0,
  lateBar: 0,
  unreachableUntil: -Infinity,
  venueSkewMs: 0,
});

/** The faults stop: what is under way still arrives. */
export const clear = (weather: Weather): void => {
  Object.assign(weather, fairWeather());
};
