import type { RunConfig } from '../../src/engine/run-config.js';
import type { Chunk } from '../../src/events/market.js';
import { random } from '../../src/random.js';
import { DAY, HOUR } from '../../src/time.js';

export const START = Date.UTC(2024, 0, 1);
export const DAYS = 120;
/** Of the fake backtest: see there for what a configuration earns. */
export const HANDLER = new URL('./handlers/fake-backtest.mjs', import.meta.url).href;

/** Hourly bars for the fake backtest: `rightOn` says which `k` is right on a day; the noise, of this deviation, is drawn from `seed`. */
export const fakeMarket = (days: number, rightOn: (day: number) => number, seed: string, deviation = 0.002): Chunk => {
  const rows = days * 24;
  const shared = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * rows));
  const [ts, right, noise] = [shared(), shared(), shared()];
  const source = random(seed);
  for (let i = 0; i < rows; i++) {
    ts[i] = START + i * HOUR;
    right[i] = rightOn(Math.floor(i / 24));
    noise[i] = source.normal() * deviation;
  }
  return { kind: 'bars', symbol: 'X', timeframe: '1h', rows, ts, columns: [right, right, right, noise, noise] };
};

/** Bars in which the right `k` is 3 for 50 days, then 6, then 9. */
export const changingMarket = (): Chunk => fakeMarket(DAYS, day => (day < 50 ? 3 : day < 80 ? 6 : 9), 'market');

/** A run over so many days of a fake market; nothing costs anything. */
export const fakeConfig = (days: number): RunConfig => ({
  from: START,
  to: START + days * DAY,
  symbols: ['X'],
  timeframe: '1h',
  seed: 1,
  capital: 10_000,
  leverage: 1,
  fees: { kind: 'maker-taker', maker: 0, taker: 0 },
  slippage: { kind: 'none' },
  latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
  funding: { kind: 'none' },
  fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null },
  risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null, maxDrawdown: null },
  delays: { bars: 0, funding: 0, mark: 0 },
  rebalanceBand: null,
  atEnd: 'close',
});
