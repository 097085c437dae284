import fc from 'fast-check';
import type { Calendar } from '../../../src/experiments/splits/calendar.js';
import type { Span } from '../../../src/experiments/splits/fold.js';
import type { PurgeOptions } from '../../../src/experiments/splits/purge.js';
import { HOUR } from '../../../src/time.js';

const START = Date.UTC(2024, 0, 1);

/** Hourly bars that begin so many hours after one another; 1 for no hole. */
export const hourly = (steps: readonly number[]): Calendar & { readonly opens: Float64Array } => {
  let ts = START;
  const opens = Float64Array.from(steps, step => (ts += HOUR * step) - HOUR * step);
  return { from: opens[0]!, to: opens.at(-1)! + HOUR, opens };
};

export interface SplitCase {
  readonly calendar: Calendar & { readonly opens: Float64Array };
  readonly options: PurgeOptions;
  /** Hours, or bars. */
  readonly purge: number;
  readonly embargo: number;
  readonly inBars: boolean;
}

/** Calendars with holes and gaps in bars, whole hours or parts of hours. */
export const splitCases = (least: number, most: number, widest: number): fc.Arbitrary<SplitCase> =>
  fc
    .record({
      steps: fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 30 }) }), {
        minLength: least,
        maxLength: most,
      }),
      purge: fc.integer({ min: 0, max: widest }),
      embargo: fc.integer({ min: 0, max: widest }),
      unit: fc.constantFrom<'bars' | 'h' | 'half'>('bars', 'h', 'half'),
    })
    .map(({ steps, purge, embargo, unit }) => {
      const calendar = hourly(steps);
      if (unit === 'bars') return { calendar, options: { purge, embargo }, purge, embargo, inBars: true };
      const scale = unit === 'h' ? 1 : 0.5;
      const [p, e] = [purge * scale, embargo * scale];
      return { calendar, options: { purge: `${p}h`, embargo: `${e}h` }, purge: p, embargo: e, inBars: false };
    });

/** Which bars open inside the spans. */
export const barsIn = (opens: Float64Array, spans: readonly Span[]): number[] =>
  [...opens.keys()].filter(i => spans.some(({ from, to }) => opens[i]! >= from && opens[i]! < to));

/**
 * Every training bar against every test bar, one by one. A decision is taken at a bar's close; its label reaches to `purge` later. Names the first training label
 * that meets a test label, or that comes nearer than the embargo; null when none does.
 */
export const firstLeak = (
  { calendar: { opens }, purge, embargo, inBars }: SplitCase,
  train: readonly Span[],
  test: readonly Span[],
): string | null => {
  const close = (i: number): number => opens[i]! + HOUR;
  const matures = (i: number): number => (inBars ? (i + purge < opens.length ? close(i + purge) : Infinity) : close(i) + purge * HOUR);
  const tested = barsIn(opens, test);
  for (const i of barsIn(opens, train))
    for (const j of tested) {
      if (i === j) return `bar ${i} is in both`;
      if (matures(i) >= close(j) && matures(j) >= close(i)) return `the label of bar ${i} overlaps that of test bar ${j}`;
      const [early, late] = i < j ? [i, j] : [j, i];
      const apart = inBars ? late - early - 1 : (opens[late]! - close(early)) / HOUR;
      if (apart < purge + embargo) return `bar ${i} is ${apart} from test bar ${j}`;
    }
  return null;
};

/** Problems of spans that should ascend without overlap within bounds. */
export const isOrdered = (spans: readonly Span[], { from, to }: Span): boolean =>
  spans.every((span, i) => span.from < span.to && span.from >= (i === 0 ? from : spans[i - 1]!.to) && span.to <= to);
