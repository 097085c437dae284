import type { Denial } from './risk-check.js';

/** Watches equity against its own peak and says, once, when it has fallen `limit` (a fraction) below it. */
export const drawdownHalt = (limit: number): ((equity: number) => Denial | null) => {
  let peak = -Infinity;
  let halted = false;
  return equity => {
    if (equity > peak) peak = equity;
    if (halted || !(equity <= peak * (1 - limit))) return null;
    halted = true;
    return {
      code: 'max-drawdown',
      text: `equity ${equity.toFixed(2)} is ${((1 - equity / peak) * 100).toFixed(2)} % below its peak of ${peak.toFixed(2)}; the limit is ${(limit * 100).toFixed(2)} %`,
    };
  };
};
