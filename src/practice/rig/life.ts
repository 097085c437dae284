import type { CancelTimer } from '../../live/live-clock.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';

/**
 * One life of a simulated process, from its start to its end or its crash. All that the process does to the world goes through its ports, and each port asks here first: between two such points the process
 * has no effect on anything, so that a kill at each of them is a kill at every instruction.
 */
export interface Life {
  readonly alive: boolean;
  /** The process is about to pass this point of a port (`disk:write`, `sent:submit` …). It may be killed here. Returns whether it lives on. */
  pass(point: string): boolean;
  /** Runs `action` in the process at a true time; later when the process stands still then, never when it is dead. */
  deliver(at: number, action: () => void): CancelTimer;
  /** Nothing runs in the process before this true time: a blocked event loop, or a process that was stopped. */
  block(until: number): void;
  /** Ends it at once. Nothing that it waits for ever comes. */
  end(): void;
  /** How many points it has passed. */
  readonly passed: number;
}

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise(() => undefined);

export interface LifeOptions {
  readonly time: VirtualTime;
  readonly tally: Tally;
  /** Whether the process dies at this point; `count` is how many it has passed, this one included. */
  readonly kill: (point: string, count: number) => boolean;
  /** Called once when it dies at a point of its own. */
  readonly onKill: (point: string) => void;
}

export const life = ({ time, tally, kill, onKill }: LifeOptions): Life => {
  let alive = true;
  let blockedUntil = -Infinity;
  let passed = 0;
  const deliver = (at: number, action: () => void): CancelTimer => {
    let cancelled = false;
    const run = (): void => {
      if (cancelled || !alive) return;
      if (time.now < blockedUntil) {
        tally.count('process:late');
        time.at(blockedUntil, run);
        return;
      }
      action();
    };
    time.at(at, run);
    return () => {
      cancelled = true;
    };
  };
  return {
    get alive() {
      return alive;
    },
    get passed() {
      return passed;
    },
    pass: point => {
      if (!alive) return false;
      passed++;
      if (kill(point, passed)) {
        alive = false;
        tally.count(`kill:${point}`);
        onKill(point);
      }
      return alive;
    },
    deliver,
    block: until => {
      blockedUntil = Math.max(blockedUntil, until);
    },
    end: () => {
      alive = false;
    },
  };
};
