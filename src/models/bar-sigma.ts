/** Decay of the squared returns, a half-life of 23 bars; and bars before the first value. */
const DECAY = 0.97;
const WARMUP = 48;

/**
 * Standard deviation of one bar's return as known at its close: exponentially weighted squared log returns (RiskMetrics 1996), mean taken as zero. It makes returns of
 * quiet and wild times comparable. NaN until 48 returns were seen; a price that is not above 0 is passed over.
 */
export const barSigma = (): ((close: number) => number) => {
  const state = new Float64Array([NaN, 0, 0]);
  return close => {
    const last = state[0]!;
    const step = Math.log(close / last);
    if (close > 0) state[0] = close;
    if (Number.isFinite(step)) {
      const seen = state[2]!;
      // A plain mean at first, so that the first return does not weigh for ever.
      const weight = Math.max(1 - DECAY, 1 / (seen + 1));
      state[1] = state[1]! + weight * (step * step - state[1]!);
      state[2] = seen + 1;
    }
    return state[2]! >= WARMUP && state[1]! > 0 ? Math.sqrt(state[1]!) : NaN;
  };
};
