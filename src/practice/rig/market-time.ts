import type { VirtualTime } from './virtual-time.js';

/** Market time of the world: a stated epoch and a multiple of true time since then. */
export interface MarketTime {
  readonly speed: number;
  now(): number;
  /** True time at which it is so late at the market. */
  trueAt(market: number): number;
}

export const marketTime = (time: VirtualTime, start: number, speed: number): MarketTime => {
  const born = time.now;
  return {
    speed,
    now: () => start + (time.now - born) * speed,
    trueAt: market => born + (market - start) / speed,
  };
};
