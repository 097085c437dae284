import type { Chunk } from '../../events/market.js';

/** The instants at which bars of any symbol open, ascending, and where each symbol's bars lie among them. */
export interface BarTimeline {
  readonly opens: Float64Array;
  /** Per symbol and instant the row of its bar, −1 where it has none. */
  readonly rowAt: readonly Int32Array[];
  /** Per symbol and row the instant. */
  readonly instantOf: readonly Int32Array[];
}

/** The common timeline of bars of one timeframe, one series per symbol. */
export const barTimeline = (bars: readonly Chunk[]): BarTimeline => {
  const all = new Set<number>();
  for (const { ts } of bars) for (const open of ts) all.add(open);
  const opens = Float64Array.from(all).sort();
  const rowAt = bars.map(() => new Int32Array(opens.length).fill(-1));
  const instantOf = bars.map(({ ts }, symbol) => {
    const instants = new Int32Array(ts.length);
    for (let row = 0, instant = 0; row < ts.length; instant++) {
      if (opens[instant] !== ts[row]) continue;
      rowAt[symbol]![instant] = row;
      instants[row++] = instant;
    }
    return instants;
  });
  return { opens, rowAt, instantOf };
};
