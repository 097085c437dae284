import { venueFamily } from '../../market/venue-units.js';
import { isInverse, type Symbol } from '../../market/instrument.js';
import type { Series } from '../series.js';

/** What the quantities of a file count. */
export type QuantityUnit = 'base' | 'quote' | 'contracts';

/**
 * Quote units (US dollars) of one inverse contract. Binance COIN-M and OKX: 100 for bitcoin and 10 for the rest; Bybit, BitMEX and venues that are not listed here: 1. Source: contract
 * specifications of the venues, 2025.
 */
export const contractSizeOf = (exchange: string, symbol: Symbol): number => {
  if (!isInverse(symbol) || !['binance', 'okx'].includes(venueFamily(exchange))) return 1;
  return symbol.startsWith('BTC/') ? 100 : 10;
};

/** Quantity columns of each kind with the columns whose mean price turns coins into quote units. */
const QUANTITIES: Readonly<Partial<Record<Series['kind'], readonly { readonly column: number; readonly prices: readonly number[] }[]>>> = {
  bars: [{ column: 4, prices: [1, 2, 3] }],
  trades: [{ column: 1, prices: [0] }],
  quotes: [
    { column: 1, prices: [0] },
    { column: 3, prices: [2] },
  ],
  book: [{ column: 2, prices: [1] }],
};

const isWhole = (series: Series, column: number): boolean => {
  for (let i = 0; i < series.rows; i++) {
    const value = series.columns[column]?.[i] ?? NaN;
    if (!Number.isNaN(value) && !Number.isInteger(value)) return false;
  }
  return true;
};

/** The series with its quantities in quote units, and what they were. */
interface QuoteQuantities {
  readonly series: Series;
  readonly unit: QuantityUnit;
  /** The unit was told from the figures, not by the user. */
  readonly told: boolean;
}

/**
 * Quantities of an inverse contract are kept in quote units. Files count coins, contracts or quote units: coins are taken at the row's price (bars: the mean of high, low and close, which is
 * near what they traded at), contracts at `contractSize`. Where the user does not say the unit, quantities with a fraction are coins, for contracts are whole. Undefined when there is
 * nothing to convert: another kind of contract, or of data.
 */
export const quoteQuantities = (series: Series, contractSize: number, given: QuantityUnit | undefined): QuoteQuantities | undefined => {
  const wanted = QUANTITIES[series.kind];
  if (wanted === undefined || !isInverse(series.symbol)) return undefined;
  const unit = given ?? (wanted.every(({ column }) => isWhole(series, column)) ? 'contracts' : 'base');
  const columns = [...series.columns];
  for (const { column, prices } of wanted) {
    const source = columns[column] ?? new Float64Array();
    columns[column] = source.map((quantity, i) => {
      if (unit !== 'base') return unit === 'quote' ? quantity : quantity * contractSize;
      const sum = prices.reduce((total, price) => total + (series.columns[price]?.[i] ?? NaN), 0);
      return (quantity * sum) / prices.length;
    });
  }
  return { series: { ...series, columns }, unit, told: given === undefined };
};
