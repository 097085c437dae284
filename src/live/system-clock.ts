import type { LiveClock } from './live-clock.js';

/** Market time as a published line: `market = epochMarket + (wall − epochWall) × speed`; it stands at `epochMarket` while it is held. */
export interface MarketLine {
  readonly epochWall: number;
  readonly epochMarket: number;
  readonly speed: number;
  readonly held: boolean;
}

/** The machine's clock, and market time beside it. `tell` moves market time to another line, as the practice exchange publishes it; it does not run back. */
export interface SystemClock extends LiveClock {
  tell(line: MarketLine): void;
}

/** The real clock. On a real venue market time is wall time, corrected by nothing: bounds on the age of data are wider than any clock may be off. */
export const systemClock = (line: MarketLine = { epochWall: 0, epochMarket: 0, speed: 1, held: false }): SystemClock => {
  let current = line;
  let latest = -Infinity;
  return {
    wall: () => Date.now(),
    monotonic: () => performance.now(),
    market: () => {
      const now = current.held ? current.epochMarket : current.epochMarket + (Date.now() - current.epochWall) * current.speed;
      if (now > latest) latest = now;
      return latest;
    },
    get speed() {
      return current.speed;
    },
    after: (wallMs, action) => {
      const timer = setTimeout(action, wallMs);
      return () => clearTimeout(timer);
    },
    tell: next => {
      current = next;
    },
  };
};
