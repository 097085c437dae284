import type { LiveClock } from '../../../src/live/live-clock.js';

/** A clock that only `run` moves: timers are called in the order of their time, and promises are followed in between. */
export interface VirtualClock extends LiveClock {
  /** Let so many wall milliseconds pass. */
  run(wallMs: number): Promise<void>;
  /** Timers that are set. */
  readonly pending: number;
}

export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export const virtualClock = (epoch: number, speed = 1): VirtualClock => {
  let now = 0;
  let serial = 0;
  const timers = new Map<number, { readonly at: number; readonly action: () => void }>();
  const due = (): number => {
    let least = -1;
    for (const [id, { at }] of timers) if (least < 0 || at < (timers.get(least)?.at ?? Infinity)) least = id;
    return least;
  };
  return {
    wall: () => epoch + now,
    monotonic: () => now,
    market: () => epoch + now * speed,
    speed,
    after: (ms, action) => {
      const id = serial++;
      timers.set(id, { at: now + Math.max(0, ms), action });
      return () => timers.delete(id);
    },
    run: async ms => {
      const until = now + ms;
      await settle();
      for (let id = due(); id >= 0 && (timers.get(id)?.at ?? Infinity) <= until; id = due()) {
        const timer = timers.get(id);
        timers.delete(id);
        now = Math.max(now, timer?.at ?? now);
        timer?.action();
        await settle();
      }
      now = until;
      await settle();
    },
    get pending() {
      return timers.size;
    },
  };
};
