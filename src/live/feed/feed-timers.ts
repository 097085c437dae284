import type { CancelTimer, LiveClock } from '../live-clock.js';

/** Timers that end together with what set them. */
export interface FeedTimers {
  /** Call `action` once, so many wall milliseconds from now. */
  after(wallMs: number, action: () => void): CancelTimer;
  /** Call `action` once market time has reached `at`. */
  at(marketTime: number, action: () => void): CancelTimer;
  readonly stopped: boolean;
  stop(): void;
}

/** Over a long time a timer that is due at a market time is looked at again, for the clock may have been put right meanwhile. */
const LONGEST_WAIT = 60_000;

export const feedTimers = (clock: LiveClock): FeedTimers => {
  const pending = new Set<CancelTimer>();
  let stopped = false;
  const after = (wallMs: number, action: () => void): CancelTimer => {
    if (stopped) return () => undefined;
    const cancel = clock.after(Math.max(0, wallMs), () => {
      pending.delete(cancel);
      action();
    });
    pending.add(cancel);
    return () => {
      pending.delete(cancel);
      cancel();
    };
  };
  const at = (marketTime: number, action: () => void): CancelTimer => {
    let cancel: CancelTimer = () => undefined;
    const wait = (): void => {
      const left = (marketTime - clock.market()) / clock.speed;
      // A millisecond at the least, or a clock that lags its own timers would be asked without end.
      cancel = after(Math.min(LONGEST_WAIT, Math.max(left, 1)), () => (clock.market() >= marketTime ? action() : wait()));
    };
    wait();
    return () => cancel();
  };
  return {
    after,
    at,
    get stopped() {
      return stopped;
    },
    stop: () => {
      stopped = true;
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
