import type { CancelTimer } from '../live-clock.js';
import type { BrokerCore } from './broker-core.js';

/** Something that is done again and again. */
export interface Chore {
  readonly everyMs: number;
  /** Rejects when the venue does not answer: tried again sooner. */
  readonly run: () => Promise<unknown>;
}

export interface Upkeep {
  start(): void;
  /** Do it at the next tick. */
  hasten(name: string, inMs?: number): void;
  stop(): void;
}

/** Wall ms after which a chore that failed is tried again, at the latest. */
const RETRY_MS = 5_000;

/** Does the chores when they are due, each one at a time, and looks around at every tick. */
export const upkeep = (core: BrokerCore, chores: Readonly<Record<string, Chore>>, look: () => void): Upkeep => {
  const { clock } = core.ports;
  const due = new Map<string, number>();
  const running = new Set<string>();
  let timer: CancelTimer | null = null;

  const begin = (name: string, { everyMs, run }: Chore): void => {
    running.add(name);
    due.set(name, clock.monotonic() + everyMs);
    run()
      .catch(() => {
        due.set(name, Math.min(due.get(name) ?? Infinity, clock.monotonic() + Math.min(everyMs, RETRY_MS)));
      })
      .finally(() => running.delete(name));
  };

  const tick = (): void => {
    if (core.isClosed) return;
    timer = clock.after(core.config.tickMs, tick);
    look();
    if (core.isFenced) return;
    for (const [name, chore] of Object.entries(chores))
      if (!running.has(name) && clock.monotonic() >= (due.get(name) ?? Infinity)) begin(name, chore);
  };

  return {
    start: () => {
      for (const [name, { everyMs }] of Object.entries(chores))
        due.set(name, Math.min(due.get(name) ?? Infinity, clock.monotonic() + everyMs));
      tick();
    },
    hasten: (name, inMs = 0) => void due.set(name, Math.min(due.get(name) ?? Infinity, clock.monotonic() + inMs)),
    stop: () => {
      timer?.();
      timer = null;
    },
  };
};
