import type { BarColumns } from '../../../../src/dashboard/api/accounts-api.js';

/** Numbers in [0, 1) from a seed. */
export const draws = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
};

/** Bars of a seeded random walk that end at `to` (their last open), oldest first. */
export const walkBars = (seed: number, count: number, to: number, step: number, price: number, sd = 0.004): BarColumns => {
  const draw = draws(seed);
  const bars: BarColumns = { ts: [], open: [], high: [], low: [], close: [], volume: [] };
  const round = (value: number): number => Number(value.toPrecision(7));
  let last = price;
  for (let at = 0; at < count; at++) {
    const move = (draw() + draw() + draw() - 1.5) * 2 * sd;
    const open = last;
    const close = Math.max(price * 0.2, open * (1 + move + (price - open) * 0.00001 * (1 / price) * 20));
    bars.ts.push(to - (count - 1 - at) * step);
    bars.open.push(round(open));
    bars.close.push(round(close));
    bars.high.push(round(Math.max(open, close) * (1 + draw() * sd)));
    bars.low.push(round(Math.min(open, close) * (1 - draw() * sd)));
    bars.volume.push(Number((20 + draw() * 180).toFixed(3)));
    last = close;
  }
  return bars;
};

/** Equity that grows from `from` to about `to`, with set-backs. */
export const walkEquity = (seed: number, count: number, from: number, to: number): number[] => {
  const draw = draws(seed);
  let noise = 0;
  return Array.from({ length: count }, (_, at) => {
    noise = noise * 0.995 + (draw() + draw() - 1) * 0.004;
    const share = count === 1 ? 1 : at / (count - 1);
    return Number(((from + (to - from) * share) * (1 + noise * (1 - share * share * share))).toFixed(2));
  });
};
