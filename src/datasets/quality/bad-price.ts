import { KIND_COLUMNS } from '../../events/market.js';
import type { Finding } from '../series.js';
import { finding, grouped, place, type Check } from './check.js';

const PRICES = new Set(['open', 'high', 'low', 'close', 'price', 'bid', 'ask']);
const QUANTITIES = new Set(['volume', 'quantity', 'bidSize', 'askSize', 'value']);

/** Prices that are zero, negative or not a number, and quantities below zero. Missing volume is not a fault; a missing price is. */
export const badPrice: Check = (series, context) => {
  const names: readonly string[] = KIND_COLUMNS[series.kind];
  const findings: Finding[] = [];
  names.forEach((name, position) => {
    const column = series.columns[position];
    const isPrice = PRICES.has(name);
    if (!column || !(isPrice || QUANTITIES.has(name))) return;
    let count = 0;
    let first = -1;
    for (let i = 0; i < series.rows; i++) {
      const value = column[i] ?? NaN;
      if (isPrice ? !(value > 0 && value < Infinity) : value < 0 || value === Infinity) if (count++ === 0) first = i;
    }
    if (count > 0)
      findings.push(
        finding(
          series,
          context,
          isPrice ? 'bad-price' : 'negative-quantity',
          'error',
          first,
          count,
          `${grouped(count)} rows have a ${name} of ${isPrice ? 'zero, less, or no number' : 'less than zero'}, first ${column[first]} at ${place(series, context, first)}.`,
        ),
      );
  });
  return findings;
};
