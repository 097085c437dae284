/** The last rows by time are held out to say when to stop. */
export interface EarlyStopping {
  /** Share of the rows held out. */
  readonly fraction: number;
  /** Rounds without a lower loss on them after which training ends. */
  readonly rounds: number;
  /** Moments (bars) left out between the rows learned from and those held out: the label's horizon, or labels reach into what is held out. */
  readonly gap: number;
}

/** Learn from rows before `trained`, judge by rows from `heldOut` on. */
export interface HeldOutRows {
  readonly trained: number;
  readonly heldOut: number;
}

/** Parts rows that are ascending in time. One moment's rows stay together; a row `gap` moments before the first one held out is the last one learned from. */
export const holdOut = (ts: Float64Array, count: number, { fraction, gap }: EarlyStopping): HeldOutRows => {
  let heldOut = Math.min(count, Math.max(0, Math.ceil(count * (1 - fraction))));
  while (heldOut > 0 && heldOut < count && ts[heldOut] === ts[heldOut - 1]) heldOut--;
  let trained = heldOut;
  for (let moments = 1; moments < gap && trained > 0; moments++) {
    const moment = ts[trained - 1]!;
    while (trained > 0 && ts[trained - 1] === moment) trained--;
  }
  return { trained, heldOut };
};
