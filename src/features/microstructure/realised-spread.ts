import { usageError } from '../../errors.js';
import { eventWindow, windowKey, type WindowSpan } from './event-window.js';
import { microstructure, type MicrostructureFeature } from './microstructure-feature.js';
import { prevailingMid } from './prevailing-mid.js';

const STRIDE = 4;

/**
 * Realised spread in basis points: twice side × (price − mid `horizonMs` after the trade), weighted by size over the window, relative to that mid. It is what the maker keeps: the effective spread less
 * the move against him. A trade counts from the moment at which its horizon has passed, and the window is one of such moments; the mid is the one in force just before it.
 * NaN when no trade of the window had one. R. Huang & H. Stoll, Dealer versus auction markets, Journal of Financial Economics 41 (1996).
 */
export const realisedSpread = (horizonMs = 5_000, span: WindowSpan = { ms: 60_000 }): MicrostructureFeature => {
  if (!Number.isInteger(horizonMs) || horizonMs < 1)
    throw usageError(
      'bad-feature-parameter',
      `realised-spread: horizonMs must be a whole number of milliseconds, 1 or more, not ${String(horizonMs)}.`,
      'Give realised-spread a horizonMs that is a whole number above 0.',
    );
  return microstructure(windowKey('realised-spread', span, `horizon=${horizonMs}`), () => {
    const mid = prevailingMid();
    const window = eventWindow(span, 2);
    const row = new Float64Array(2);
    /** Trades whose horizon has not passed: when it will, price, lots and side. */
    let waiting = new Float64Array(256 * STRIDE);
    let head = 0;
    let size = 0;
    /** Trades of which the horizon has passed by now are judged, at the mid before that moment. */
    const judge = (now: number): void => {
      while (size > 0 && waiting[head * STRIDE]! <= now) {
        const at = head * STRIDE;
        const due = waiting[at]!;
        const halves = mid.before(due);
        window.at(due);
        if (halves > 0) {
          row[0] = waiting[at + 3]! * (2 * waiting[at + 1]! - halves) * waiting[at + 2]!;
          row[1] = halves * waiting[at + 2]!;
          window.push(row);
        }
        head = (head + 1) % (waiting.length / STRIDE);
        size--;
      }
    };
    const grow = (): void => {
      const capacity = waiting.length / STRIDE;
      const wider = new Float64Array(2 * waiting.length);
      for (let i = 0; i < size; i++) {
        const from = ((head + i) % capacity) * STRIDE;
        wider.set(waiting.subarray(from, from + STRIDE), i * STRIDE);
      }
      waiting = wider;
      head = 0;
    };
    return {
      onBook: tick => {
        judge(tick.ts);
        window.at(tick.ts);
        mid.onBook(tick);
      },
      onQuote: tick => {
        judge(tick.ts);
        window.at(tick.ts);
        mid.onQuote(tick);
      },
      onTrade: ({ ts, price, lots, side }) => {
        judge(ts);
        window.at(ts);
        if (!(Math.abs(side) > 0)) return;
        if (size * STRIDE === waiting.length) grow();
        const at = ((head + size) % (waiting.length / STRIDE)) * STRIDE;
        waiting[at] = ts + horizonMs;
        waiting[at + 1] = price;
        waiting[at + 2] = lots;
        waiting[at + 3] = side > 0 ? 1 : -1;
        size++;
      },
      value: now => {
        judge(now);
        return window.settle(now) ? (20_000 * window.sums[0]!) / window.sums[1]! : NaN;
      },
    };
  });
};
