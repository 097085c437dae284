/** How many messages may leave. */
export interface SendRate {
  /** Takes one place; false when there is none now. `now` is monotonic ms. */
  take(now: number): boolean;
  /** Until there is a place, ms; 0 when there is one. */
  wait(now: number): number;
}

/** A token bucket: `burst` places, one more every `everyMs`. */
export const sendRate = (burst: number, everyMs: number): SendRate => {
  let places = burst;
  let at = NaN;
  const fill = (now: number): void => {
    if (!Number.isNaN(at)) places = Math.min(burst, places + (now - at) / everyMs);
    at = now;
  };
  return {
    take: now => {
      fill(now);
      // A thousandth of a place is the rounding of the division above.
      if (places < 0.999) return false;
      places = Math.max(0, places - 1);
      return true;
    },
    wait: now => {
      fill(now);
      return places >= 0.999 ? 0 : Math.ceil((1 - places) * everyMs);
    },
  };
};
