import { badData } from '../../errors.js';

/** One fill that a taker got, or one order in all its fills. Prices in quote currency, quantities in base units. */
export interface FillObservation {
  /** When it filled, epoch ms. */
  readonly ts: number;
  /** +1 bought, −1 sold. */
  readonly side: number;
  readonly quantity: number;
  /** Price that it got, the average of an order in several fills. */
  readonly price: number;
  /** Middle of the quotes when the order arrived at the venue. */
  readonly arrival: number;
  /** Volatility of the interval that holds the fill, as a fraction of the price, ≥ 0. */
  readonly sigma: number;
  /** Volume traded in that interval, base units. */
  readonly volume: number;
  /** Ask less bid when the order arrived; left out where quotes are not known. */
  readonly spread?: number;
  /** Row of the source, from 1, that errors name. */
  readonly row: number;
}

/** A price this many times the arrival price, or its inverse, is of another instrument or in another unit. */
const FAR = 2;

const reasonAgainst = ({ ts, side, quantity, price, arrival, sigma, volume, spread }: FillObservation): string | null => {
  if (!Number.isFinite(ts)) return 'has no time';
  if (side !== 1 && side !== -1) return 'has a side that is neither buy nor sell';
  if (!(quantity > 0 && quantity < Infinity)) return `has a quantity of ${quantity}, which is not above zero`;
  if (!(price > 0 && price < Infinity)) return `has a price of ${price}, which is not above zero`;
  if (!(arrival > 0 && arrival < Infinity)) return `has an arrival price of ${arrival}, which is not above zero`;
  if (price > FAR * arrival || arrival > FAR * price)
    return `has price ${price} against arrival ${arrival}, which cannot be one instrument`;
  if (!(sigma >= 0 && sigma < Infinity)) return `has a sigma of ${sigma}, which is no volatility`;
  if (!(volume > 0 && volume < Infinity)) return `has a volume of ${volume}, which is not above zero`;
  if (spread !== undefined && !(spread >= 0)) return `has a spread of ${spread}: the quotes at its arrival are crossed or missing`;
  if (spread !== undefined && spread > arrival) return `has a spread of ${spread}, wider than its price`;
  return null;
};

/** Throws bad data that names file, row and reason when an observation could not have happened; says how many more there are. */
export const checkObservations = (observations: readonly FillObservation[], file: string): void => {
  let first: string | undefined;
  let more = -1;
  for (const observation of observations) {
    const reason = reasonAgainst(observation);
    if (reason === null) continue;
    first ??= `Row ${observation.row} of ${file} ${reason}`;
    more++;
  }
  if (first === undefined) return;
  throw badData(
    'bad-fill',
    `${first}${more > 0 ? `; ${more} more ${more === 1 ? 'row is' : 'rows are'} wrong` : ''}.`,
    'Correct or remove such rows: a fit would take them as truth.',
  );
};
