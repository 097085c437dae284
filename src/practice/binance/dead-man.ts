import type { Symbol } from '../../market/instrument.js';
import type { PracticeExchange } from '../practice-exchange.js';

/** The venue's dead man's timers: one per account and symbol, on wall time like everything that keeps alive. */
export interface DeadMan {
  /** 0 stops it. */
  set(account: string, symbol: Symbol, ms: number): void;
  /** Cancels the plain orders of those that ran out. */
  tick(): void;
}

/** No timer runs yet. Protective orders of the second id space stay: the venue's own timer leaves them too. */
export const deadMan = (exchange: PracticeExchange, steady: () => number): DeadMan => {
  const timers = new Map<string, { readonly account: string; readonly symbol: Symbol; readonly at: number }>();
  return {
    set: (account, symbol, ms) => {
      const key = `${account}|${symbol}`;
      if (ms > 0) timers.set(key, { account, symbol, at: steady() + ms });
      else timers.delete(key);
    },
    tick: () => {
      if (timers.size === 0) return;
      const now = steady();
      for (const [key, { account, symbol, at }] of timers)
        if (now >= at) {
          timers.delete(key);
          exchange.cancelAll(account, symbol, false);
        }
    },
  };
};
