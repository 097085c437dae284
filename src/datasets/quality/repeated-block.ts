import { formatDuration, formatTime } from '../../time.js';
import type { Finding } from '../series.js';
import { sameRow } from './duplicates.js';
import { finding, grouped, place, type Check } from './check.js';

const SLOTS = 1 << 22;
/** Places looked at for one row; when all are taken the row displaces the first, so that recent bars stay findable. */
const PROBES = 8;
const scratch = new Float64Array(1);
const bits = new Int32Array(scratch.buffer);
const hashRow = (columns: readonly Float64Array[], i: number): number => {
  let hash = 0x811c9dc5;
  for (const column of columns) {
    scratch[0] = column[i] ?? NaN;
    hash = Math.imul(hash ^ (bits[0] ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (bits[1] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
};

/**
 * Bars whose contents came before. The same values bar after bar are `stale-run`; two or more bars that repeat earlier ones at one distance are
 * `repeated-block`, the mark of a file stitched together at the wrong hours. Only bars with a range and volume count: quiet bars repeat by
 * nature. The search is a hash table of four million places, so a block further back than that many bars may escape.
 */
export const repeatedBlock: Check = (series, context) => {
  if (series.kind !== 'bars') return [];
  const { ts, rows, columns } = series;
  const [, high, low, , volume] = columns;
  if (!high || !low || !volume) return [];
  const table = new Int32Array(Math.min(SLOTS, 1 << Math.max(4, Math.ceil(Math.log2(rows * 4 + 1)))));
  const mask = table.length - 1;
  const findings: Finding[] = [];
  let stale = { count: 0, first: -1 };
  // At each distance the block may have holes: the repeated bars interleave with good ones in files seen.
  const byLag = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    if (high[i] === low[i] || !((volume[i] ?? NaN) !== 0)) continue;
    const home = hashRow(columns, i) & mask;
    let slot = home;
    let earlier = -1;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = (home + probe) & mask;
      const held = (table[at] ?? 0) - 1;
      if (held >= 0 && !sameRow(series, held, i)) continue;
      slot = at;
      earlier = held;
      break;
    }
    table[slot] = i + 1;
    if (earlier < 0) continue;
    if (earlier === i - 1) {
      if (stale.count === 0) stale = { count: 1, first: i };
      else stale.count++;
      continue;
    }
    const lag = (ts[i] ?? NaN) - (ts[earlier] ?? NaN);
    const list = byLag.get(lag);
    if (list) list.push(i);
    else byLag.set(lag, [i]);
  }
  if (stale.count > 0)
    findings.push(
      finding(
        series,
        context,
        'stale-run',
        'error',
        stale.first,
        stale.count,
        `${grouped(stale.count)} bars repeat the bar before them exactly, volume included, first at ${place(series, context, stale.first)}.`,
      ),
    );
  for (const [lag, list] of byLag) {
    if (list.length < 2) continue;
    const first = list[0] ?? 0;
    const last = list[list.length - 1] ?? 0;
    findings.push(
      finding(
        series,
        context,
        'repeated-block',
        'error',
        first,
        list.length,
        `${grouped(list.length)} bars from ${place(series, context, first)} to ${formatTime(ts[last] ?? NaN)} repeat, to the last digit, the bars ${formatDuration(lag)} before them (from ${formatTime((ts[first] ?? NaN) - lag)}): one of the two is at the wrong time.`,
      ),
    );
  }
  return findings;
};
