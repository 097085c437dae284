const DAY = 86_400_000;
const DAYS = 30;

/** Traded volume of the 30 whole days (UTC) before the present one. */
export interface RollingVolume {
  /** Quote currency. */
  readonly total: number;
  /** It is now `ts`, epoch ms; time that runs back is the present day. */
  advance(ts: number): void;
  /** Traded today; counts from tomorrow on. */
  add(volume: number): void;
}

/** Begins with `before` traded in the 30 days before the first moment it is told of, the same every day, so that it fades day by day. */
export const thirtyDayVolume = (before: number): RollingVolume => {
  const days = new Float64Array(DAYS).fill(before / DAYS);
  // Day number now, sum of `days`, traded today.
  const state = new Float64Array([NaN, before, 0]);
  return {
    get total() {
      return state[1]!;
    },
    advance(ts) {
      const day = Math.floor(ts / DAY);
      if (Number.isNaN(state[0]!)) state[0] = day;
      if (!(day > state[0]!)) return;
      const passed = Math.min(DAYS + 1, day - state[0]!);
      // One round and a day more clears today's place as well.
      for (let i = 0; i < passed; i++) days[(state[0]! + i) % DAYS] = i === 0 ? state[2]! : 0;
      state[0] = day;
      state[2] = 0;
      let sum = 0;
      for (let i = 0; i < DAYS; i++) sum += days[i]!;
      state[1] = sum;
    },
    add(volume) {
      state[2] = state[2]! + volume;
    },
  };
};
