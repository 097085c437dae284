import { HOUR } from '../../time.js';

/** Intervals at which venues settle funding. */
const ORDINARY = new Set([1, 2, 4, 6, 8, 12, 24]);

/**
 * The funding interval of each settlement, milliseconds, from the spacing of settlement times (ascending): the time since the one before, in
 * whole hours so that milliseconds of jitter do not matter. An interval must be one that venues use and hold for three settlements (a
 * change from 8 h to 4 h to 1 h is legal); a settlement in between takes that of the stretch before it, so that a hole does not pass for
 * a longer interval. The first row takes the second's. One row alone takes 8 h.
 */
export const fundingIntervals = (ts: Float64Array, rows: number): Float64Array => {
  const out = new Float64Array(rows).fill(8 * HOUR);
  if (rows < 2) return out;
  const hours = new Float64Array(rows);
  let least = Infinity;
  for (let i = 1; i < rows; i++) {
    const h = Math.round(((ts[i] ?? NaN) - (ts[i - 1] ?? NaN)) / HOUR);
    hours[i] = h;
    if (h >= 1) least = Math.min(least, h);
  }
  hours[0] = hours[1] ?? NaN;
  if (!Number.isFinite(least)) return out;
  const need = rows < 5 ? 1 : 3;
  let current = NaN;
  for (let start = 0; start < rows;) {
    let end = start + 1;
    while (end < rows && hours[end] === hours[start]) end++;
    const h = hours[start] ?? NaN;
    const legal = ORDINARY.has(h) && (end - start >= need || h === current) && (need > 1 || h === least);
    if (legal) current = h;
    out.fill(legal ? h * HOUR : NaN, start, end);
    if (!legal && !Number.isNaN(current)) out.fill(current * HOUR, start, end);
    start = end;
  }
  // What comes before the first legal stretch takes its interval.
  const known = out.find(value => !Number.isNaN(value)) ?? least * HOUR;
  for (let i = 0; i < rows && Number.isNaN(out[i]); i++) out[i] = known;
  return out;
};
