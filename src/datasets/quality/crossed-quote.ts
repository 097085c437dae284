import { finding, grouped, place, type Check } from './check.js';

/** Quotes whose bid is not below their ask. */
export const crossedQuote: Check = (series, context) => {
  const [bid, , ask] = series.columns;
  if (series.kind !== 'quotes' || !bid || !ask) return [];
  let count = 0;
  let first = -1;
  for (let i = 0; i < series.rows; i++) if ((bid[i] ?? NaN) >= (ask[i] ?? NaN) && count++ === 0) first = i;
  if (count === 0) return [];
  return [
    finding(
      series,
      context,
      'crossed-quote',
      'error',
      first,
      count,
      `${grouped(count)} quotes have a bid at or above the ask, first ${bid[first]} / ${ask[first]} at ${place(series, context, first)}.`,
    ),
  ];
};
