import type { PracticeExchange } from '../practice-exchange.js';

/** The venue's "disconnected cancel all": the orders of an account are taken back when its private streams have been away for so long. On wall time like everything that keeps alive. */
export interface DisconnectGuard {
  /** Sets how long the account may be away, ms. */
  set(account: string, ms: number): void;
  /** How long it may be away; null when it was never set. */
  window(account: string): number | null;
  /** A private stream that watches over the account has come or gone. */
  joined(account: string): void;
  left(account: string): void;
  /** Takes back what is due. */
  tick(): void;
}

/** Nobody is watched yet. Conditional orders that wait for their trigger stay: they are what protects a position. */
export const disconnectGuard = (exchange: PracticeExchange, steady: () => number): DisconnectGuard => {
  const windows = new Map<string, number>();
  const streams = new Map<string, number>();
  const awaySince = new Map<string, number>();
  return {
    set: (account, ms) => void windows.set(account, ms),
    window: account => windows.get(account) ?? null,
    joined: account => {
      streams.set(account, (streams.get(account) ?? 0) + 1);
      awaySince.delete(account);
    },
    left: account => {
      const others = (streams.get(account) ?? 1) - 1;
      streams.set(account, others);
      if (others === 0) awaySince.set(account, steady());
    },
    tick: () => {
      for (const [account, since] of awaySince) {
        if (steady() - since < (windows.get(account) ?? Infinity)) continue;
        awaySince.delete(account);
        for (const { instrument } of exchange.markets()) exchange.cancelAll(account, instrument.symbol, false);
      }
    },
  };
};
