import type { Finding } from '../series.js';
import { finding, grouped, place, type Check } from './check.js';

/** Bars that cannot be: high below low, or an open or close outside the range from low to high. */
export const barShape: Check = (series, context) => {
  if (series.kind !== 'bars') return [];
  const [open, high, low, close] = series.columns;
  if (!open || !high || !low || !close) return [];
  const crossed = { count: 0, first: -1 };
  const outside = { count: 0, first: -1 };
  for (let i = 0; i < series.rows; i++) {
    const o = open[i] ?? NaN;
    const h = high[i] ?? NaN;
    const l = low[i] ?? NaN;
    const c = close[i] ?? NaN;
    const tally = h < l ? crossed : o > h || o < l || c > h || c < l ? outside : undefined;
    if (tally && tally.count++ === 0) tally.first = i;
  }
  const findings: Finding[] = [];
  const say = (code: string, { count, first }: typeof crossed, what: string): void => {
    if (count === 0) return;
    const values = `open ${open[first]}, high ${high[first]}, low ${low[first]}, close ${close[first]}`;
    findings.push(
      finding(
        series,
        context,
        code,
        'error',
        first,
        count,
        `${grouped(count)} bars ${what}, first at ${place(series, context, first)}: ${values}.`,
      ),
    );
  };
  say('high-below-low', crossed, 'have a high below their low');
  say('outside-range', outside, 'have an open or close outside their own range');
  return findings;
};
