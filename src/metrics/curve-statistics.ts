import type { Track } from './metric.js';

/** What metrics read off the equity curve of a run. */
export interface CurveStatistics {
  /** As `mean` of equity. */
  readonly meanEquity: number;
  /** Of `drawdownEpisodes`: the worst depth (0 without any), the mean depth, and the longest time to recovery, to the last point where there is none. */
  readonly deepest: number;
  readonly averageDepth: number;
  readonly longest: number;
  /** As `ulcer`. */
  readonly ulcer: number;
  /** Time with a position, where a point speaks for the stretch before it. */
  readonly held: number;
  /** Length of the stretch that the first point speaks for. */
  readonly first: number;
}

/**
 * All of it in one pass: a search asks for every metric of thousands of curves of a hundred thousand points. Sums are added as `sum` adds them, in the same order, so that each figure has the bits that its own
 * function gives.
 */
const curveStatistics = ({ curve, initialCapital }: Track): CurveStatistics => {
  const { ts, equity, gross, length } = curve;
  const first = length > 1 ? ts[1]! - ts[0]! : 1;
  let held = 0;
  let before = (ts[0] ?? NaN) - first;
  let peak = initialCapital;
  let peakTs = ts[0] ?? NaN;
  let trough = Infinity;
  let episodes = 0;
  let deepest = 0;
  let longest = 0;
  let firstDepth = NaN;
  let isSameDepth = true;
  let [depths, lostDepths] = [0, 0];
  let [total, lost] = [0, 0];
  let [squares, lostSquares] = [0, 0];
  let isSame = true;
  const start = equity[0] ?? NaN;
  for (let i = 0; i < length; i++) {
    const now = ts[i]!;
    const value = equity[i]!;
    if (gross[i]! > 0) held += i === 0 ? first : now - before;
    before = now;
    if (value >= peak) {
      if (trough < peak) {
        const depth = trough / peak - 1;
        if (episodes++ === 0) firstDepth = depth;
        else if (depth !== firstDepth) isSameDepth = false;
        if (depth < deepest) deepest = depth;
        longest = Math.max(longest, now - peakTs);
        const next = depths + depth;
        lostDepths += Math.abs(depths) >= Math.abs(depth) ? depths - next + depth : depth - next + depths;
        depths = next;
      }
      peak = value;
      peakTs = now;
      trough = Infinity;
    } else if (value < trough) trough = value;
    if (value !== start) isSame = false;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
    const drawdown = value / peak - 1;
    const square = drawdown * drawdown;
    const more = squares + square;
    lostSquares += squares >= square ? squares - more + square : square - more + squares;
    squares = more;
  }
  if (trough < peak) {
    const depth = trough / peak - 1;
    if (episodes++ === 0) firstDepth = depth;
    else if (depth !== firstDepth) isSameDepth = false;
    deepest = Math.min(deepest, depth);
    longest = Math.max(longest, ts[length - 1]! - peakTs);
    const next = depths + depth;
    lostDepths += Math.abs(depths) >= Math.abs(depth) ? depths - next + depth : depth - next + depths;
    depths = next;
  }
  const added = (sum: number, rest: number): number => (Number.isFinite(rest) ? sum + rest : sum);
  return {
    meanEquity: length === 0 ? NaN : isSame ? start : added(total, lost) / length,
    deepest,
    averageDepth: episodes === 0 ? 0 : isSameDepth ? firstDepth : added(depths, lostDepths) / episodes,
    longest,
    ulcer: Math.sqrt(added(squares, lostSquares) / length),
    held,
    first,
  };
};

const kept = new WeakMap<Track, CurveStatistics>();

/** The statistics of a run's curve, made once. */
export const curveOf = (track: Track): CurveStatistics => {
  const known = kept.get(track);
  if (known) return known;
  const made = curveStatistics(track);
  kept.set(track, made);
  return made;
};
