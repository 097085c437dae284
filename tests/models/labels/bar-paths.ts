import type { Bar } from '../../../src/events/market.js';
import type { Label, MaturedLabel } from '../../../src/models/labels/label.js';
import { random } from '../../../src/random.js';

export const HOUR = 3_600_000;

/** Hourly bar number `i` of open, high, low and close. */
export const bar = (i: number, [open, high, low, close]: readonly [number, number, number, number]): Bar => ({
  symbol: 'BTC/USDT:USDT',
  timeframe: '1h',
  openTime: i * HOUR,
  ts: (i + 1) * HOUR,
  open,
  high,
  low,
  close,
  volume: 1,
});

/** Hourly bars that only have a close. */
export const closes = (...prices: number[]): Bar[] => prices.map((p, i) => bar(i, [p, p, p, p]));

/** A random walk of prices with gaps between bars; every `hole`-th bar or so is missing. */
export const walk = (seed: number | string, n: number, { sigma = 0.02, hole = Infinity } = {}): Bar[] => {
  const draw = random(seed);
  const bars: Bar[] = [];
  let price = 100;
  for (let i = 0; i < n; i++) {
    const open = price * Math.exp(0.3 * sigma * draw.normal());
    const close = open * Math.exp(sigma * draw.normal());
    const high = Math.max(open, close) * Math.exp(Math.abs(sigma * 0.5 * draw.normal()));
    const low = Math.min(open, close) * Math.exp(-Math.abs(sigma * 0.5 * draw.normal()));
    price = close;
    if (draw.next() >= 1 / hole) bars.push(bar(i, [open, high, low, close]));
  }
  return bars;
};

/** Every label of these bars in the order given, and the entries left open. */
export const labelsOf = (label: Label, bars: readonly Bar[], sigma: number | ((i: number) => number) = 0.02) => {
  const matured: MaturedLabel[] = [];
  const labeller = label.create(entry => matured.push(entry));
  bars.forEach((b, i) => labeller.push(b, typeof sigma === 'number' ? sigma : sigma(i)));
  return { matured, open: labeller.open };
};
