import type { Panel } from '../panel-feature.js';

/**
 * Log returns of the own symbol and of the leader between the instants at which both have a bar, written to `into[0]` and `into[1]`; NaN at the first of them and where
 * either price is missing or not above 0. For the leader itself both are the same.
 */
export const pairStep = (into: Float64Array): ((panel: Panel) => void) => {
  const last = new Float64Array([NaN, NaN]);
  return ({ bar, bars, leader }) => {
    const own = bar.close;
    const lead = bars[leader]?.close ?? NaN;
    into[0] = NaN;
    into[1] = NaN;
    if (!(own > 0 && own < Infinity && lead > 0 && lead < Infinity)) return;
    into[0] = Math.log(own / last[0]!);
    into[1] = Math.log(lead / last[1]!);
    last[0] = own;
    last[1] = lead;
  };
};
