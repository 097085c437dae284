import { KIND_COLUMNS } from '../../events/market.js';
import { isInverse, kindOfSymbol, type Instrument, type Symbol } from '../../market/instrument.js';
import { venueFloor, venueUnits } from '../../market/venue-units.js';
import type { Series } from '../series.js';
import { contractSizeOf } from './inverse-contract.js';

const PRICES = new Set(['open', 'high', 'low', 'close', 'price', 'bid', 'ask']);
const QUANTITIES = new Set(['volume', 'quantity', 'bidSize', 'askSize']);
const MOST_DECIMALS = 8;

const gcd = (a: number, b: number): number => {
  while (b > 0) [a, b] = [b, a % b];
  return a;
};

/**
 * Largest 1, 2, 2.5 or 5 times a power of ten that divides every value, at least 1e-8; undefined for no values. All rows count: a tick
 * that is too coarse would round prices that were traded.
 */
const stepOf = (columns: readonly Float64Array[], rows: number): number | undefined => {
  let decimals = 0;
  let scale = 1;
  let divisor = 0;
  let seen = 0;
  for (const column of columns)
    for (let i = 0; i < rows; i++) {
      const value = Math.abs(column[i] ?? NaN);
      if (!(value > 0 && value < 1e9)) continue;
      seen++;
      let scaled = value * scale;
      while (decimals < MOST_DECIMALS && Math.abs(scaled - Math.round(scaled)) > 1e-10 * Math.max(1, scaled) && decimals < MOST_DECIMALS) {
        decimals++;
        scale *= 10;
        divisor *= 10;
        scaled = value * scale;
      }
      const whole = Math.round(scaled);
      if (divisor === 0 || whole % divisor !== 0) divisor = gcd(whole, divisor);
    }
  if (seen === 0) return undefined;
  // Few rows may share a divisor by chance: all prices of a quiet hour end in 00.
  let zeros = 0;
  while (divisor >= 10 && divisor % 10 === 0 && seen >= 50) {
    divisor /= 10;
    zeros++;
  }
  const unit = [5, 2.5, 2].find(multiple => divisor % multiple === 0 && seen >= 50) ?? 1;
  return Number(`${unit}e${zeros - decimals}`);
};

/**
 * The units of an instrument: those of the venue's list where it is listed, with a finer tick if the prices show one (venues coarsen ticks over the years), otherwise the largest
 * steps that all prices and volumes share. What prices cannot show is set so as not to flatter: the venue's smallest minimum notional, leverage of at most 10 for a
 * perpetual and 1 otherwise, 1 % maintenance margin. The lot of an inverse contract is one contract. `source` says which.
 */
export const inferInstrument = (
  series: Series,
  { exchange, symbol, contractSize }: { readonly exchange: string; readonly symbol: Symbol; readonly contractSize?: number },
): Instrument => {
  const names: readonly string[] = KIND_COLUMNS[series.kind];
  const columnsIn = (wanted: ReadonlySet<string>): Float64Array[] => series.columns.filter((_, i) => wanted.has(names[i] ?? ''));
  const priced = series.kind !== 'mark' && series.kind !== 'index';
  const tick = priced ? stepOf(columnsIn(PRICES), series.rows) : undefined;
  const lot = stepOf(columnsIn(QUANTITIES), series.rows);
  const kind = kindOfSymbol(symbol);
  const perpetual = kind === 'linear-perpetual' || kind === 'inverse-perpetual';
  const listed = perpetual ? venueUnits(exchange, symbol) : undefined;
  if (listed) {
    const { source, ...units } = listed;
    const finer = tick !== undefined && tick < units.tickSize;
    return {
      symbol,
      exchange,
      kind,
      contractSize: 1,
      ...units,
      tickSize: finer ? tick : units.tickSize,
      source: finer ? `${source}; tick inferred from prices, which are finer than its ${units.tickSize}` : source,
    };
  }
  if (isInverse(symbol)) {
    const size = contractSize ?? contractSizeOf(exchange, symbol);
    return {
      symbol,
      exchange,
      kind,
      tickSize: tick ?? 1e-8,
      // One contract: coins that were made into quote units show no step.
      lotSize: size,
      minNotional: size,
      contractSize: size,
      maxLeverage: 10,
      maintenanceMarginRate: 0.01,
      source:
        tick === undefined
          ? `not inferred: ${series.kind} rows show no ticks`
          : `inferred from prices, contracts of ${size} in quote units`,
    };
  }
  const floor = perpetual ? venueFloor(exchange) : undefined;
  const known = floor ? `, minimum notional by ${floor.source}` : '';
  return {
    symbol,
    exchange,
    kind,
    tickSize: tick ?? 1e-8,
    // Volumes written in hundreds (equities) do not mean that one must trade hundreds.
    lotSize: Math.min(1, lot ?? 1e-8),
    minNotional: floor?.minNotional ?? 0,
    contractSize: 1,
    maxLeverage: perpetual ? 10 : 1,
    maintenanceMarginRate: perpetual ? 0.01 : 0,
    source: tick === undefined ? `not inferred: ${series.kind} rows show no ticks` : `inferred from prices${known}`,
  };
};
