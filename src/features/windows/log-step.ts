import type { Fold } from './fold.js';

/** ln(value ÷ the value before); NaN for the first one and for a value that is missing or not above 0, which is passed over. */
export const logStep = (): Fold => {
  const last = new Float64Array([NaN]);
  return x => {
    const before = last[0]!;
    if (!(x > 0 && x < Infinity)) return NaN;
    last[0] = x;
    return Math.log(x / before);
  };
};
