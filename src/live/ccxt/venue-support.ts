import { usageError, didYouMean } from '../../errors.js';

/** Venues that there is a transport for, by their ccxt ids. */
export type CcxtVenue = 'binanceusdm' | 'bybit';

/** What a venue offers of what the broker can use. */
export interface VenueSupport {
  readonly name: string;
  /** `countdown`: the venue cancels plain orders of a symbol when it was not called in time. `disconnect`: it cancels all when the private stream stays away for so long; conditional orders stay in both. */
  readonly deadMan: 'countdown' | 'disconnect' | null;
  /** Whether conditional orders have ids of their own. */
  readonly conditionalIds: boolean;
  readonly amend: boolean;
  /** What `--sandbox` means there; null where there is none. */
  readonly sandbox: 'demo' | 'testnet' | null;
  readonly trailingStop: boolean;
  readonly goodTillDate: boolean;
  /** Whether the private stream needs a key that expires and must be renewed. */
  readonly listenKey: boolean;
  /** Whether an answer to an order says what it did already; otherwise only that it was taken. */
  readonly answersWithResult: boolean;
}

const VENUES: Readonly<Record<CcxtVenue, VenueSupport>> = {
  binanceusdm: {
    name: 'Binance USDⓈ-M',
    deadMan: 'countdown',
    conditionalIds: true,
    amend: true,
    sandbox: 'demo',
    trailingStop: true,
    goodTillDate: true,
    listenKey: true,
    answersWithResult: true,
  },
  bybit: {
    name: 'Bybit linear',
    deadMan: 'disconnect',
    conditionalIds: false,
    amend: true,
    sandbox: 'testnet',
    trailingStop: false,
    goodTillDate: false,
    listenKey: false,
    answersWithResult: false,
  },
};

const isVenue = (venue: string): venue is CcxtVenue => Object.hasOwn(VENUES, venue);

/** Checked text to a venue. Throws a usage error for a venue without a transport. */
export const ccxtVenue = (venue: string): CcxtVenue => {
  if (isVenue(venue)) return venue;
  const known = Object.keys(VENUES);
  throw usageError('unknown-venue', `There is no transport to "${venue}".${didYouMean(venue, known)}`, `Use one of ${known.join(', ')}.`);
};

/** What a venue offers. Throws a usage error for a venue without a transport. */
export const venueSupport = (venue: string): VenueSupport => VENUES[ccxtVenue(venue)];
