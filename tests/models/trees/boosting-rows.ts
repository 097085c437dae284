import type { BoostingRows } from '../../../src/models/trees/boost.js';

/** Rows an hour apart, of equal weight unless given. */
export const boostingRows = (x: Float64Array, target: Float64Array, weight = new Float64Array(target.length).fill(1)): BoostingRows => {
  const width = x.length / target.length;
  return {
    count: target.length,
    width,
    names: Array.from({ length: width }, (_, f) => `x${f}`),
    x,
    target,
    weight,
    ts: Float64Array.from(target, (_, i) => i * 3_600_000),
  };
};
