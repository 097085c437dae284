import type { PracticeExchange } from '../practice-exchange.js';

/** A bar that lasts less wall time than this is not left behind before a client has said that it is done with it. */
const SHORTEST_FREE_BAR_MS = 50;

/** The market moves at least so often, wall ms. */
const LONGEST_STEP_MS = 5;

/** Where market time stands. While it runs, market = `epochMarket` + (wall − `epochWall`) × `speed`; while it waits or is paused it stands at `market`. */
export interface ClockState {
  readonly epochWall: number;
  readonly epochMarket: number;
  readonly speed: number;
  readonly market: number;
  /** Open time's end of the bar whose acknowledgement is awaited; null when none is. */
  readonly waiting: number | null;
  readonly paused: boolean;
  readonly end: number;
  readonly finished: boolean;
}

/** Moves market time. */
export interface MarketClock {
  state(): ClockState;
  /** Brings the market up to now. Called before anything looks at it. */
  catchUp(): void;
  /** A client is done with everything up to this market time. Clients that have spoken once are all waited for. */
  acknowledge(client: string, upTo: number): void;
  /** A client is not waited for any more. */
  forget(client: string): void;
  setSpeed(speed: number): void;
  pause(paused: boolean): void;
  /** Hears each start, stop and change of pace. */
  onChange(listener: (state: ClockState) => void): void;
  close(): void;
}

export interface MarketClockOptions {
  readonly exchange: PracticeExchange;
  /** Market milliseconds in one wall millisecond. */
  readonly speed: number;
  /** Length of the shortest bars. */
  readonly barMs: number;
  readonly paused?: boolean;
}

/**
 * Market time on a published epoch and speed. Wall time is read as it is: no fault of the venue's clock moves the market. Above the speed at which a bar lasts under 50 ms the market stops at each
 * close until every client that takes part has acknowledged it, so that a slow client sees every bar at any speed.
 */
export const marketClock = ({ exchange, speed: firstSpeed, barMs, paused: startsPaused = false }: MarketClockOptions): MarketClock => {
  let speed = firstSpeed;
  let paused = startsPaused;
  let epochWall = Date.now();
  let epochMarket = exchange.now;
  let waiting: number | null = null;
  /** Takes the next step back; undefined while none is planned. */
  let unplan: (() => void) | undefined;
  let closed = false;
  const done = new Map<string, number>();
  const listeners: ((state: ClockState) => void)[] = [];

  const finished = (): boolean => exchange.now >= exchange.end;
  const standing = (): boolean => paused || waiting !== null || finished();
  const state = (): ClockState => ({
    epochWall,
    epochMarket,
    speed,
    market: exchange.now,
    waiting,
    paused,
    end: exchange.end,
    finished: finished(),
  });
  const changed = (): void => {
    const now = state();
    for (const listener of listeners) listener(now);
  };
  const restart = (): void => {
    epochWall = Date.now();
    epochMarket = exchange.now;
  };
  const lockstep = (): boolean => barMs / speed < SHORTEST_FREE_BAR_MS;
  const acknowledged = (upTo: number): boolean => done.size > 0 && [...done.values()].every(at => at >= upTo);

  const catchUp = (): void => {
    if (standing()) return;
    const to = Math.min(Math.floor(epochMarket + (Date.now() - epochWall) * speed), exchange.end);
    if (!lockstep()) {
      if (to > exchange.now) exchange.advance(to);
      if (finished()) changed();
      return;
    }
    const close = Math.min((Math.floor(exchange.now / barMs) + 1) * barMs, exchange.end);
    if (to < close) {
      if (to > exchange.now) exchange.advance(to);
      return;
    }
    exchange.advance(close);
    if (!acknowledged(close)) waiting = close;
    restart();
    changed();
  };
  const plan = (ms: number): void => {
    if (ms < 1) {
      // A timer takes a millisecond at least, in which a thousand bars could pass.
      const immediate = setImmediate(step);
      unplan = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(step, ms);
      unplan = () => clearTimeout(timer);
    }
  };
  const step = (): void => {
    unplan = undefined;
    if (closed) return;
    catchUp();
    if (!standing()) plan(Math.min(LONGEST_STEP_MS, (barMs - (exchange.now % barMs)) / speed));
  };
  const go = (): void => {
    restart();
    changed();
    if (unplan === undefined && !standing()) plan(0);
  };
  go();

  return {
    state,
    catchUp,
    acknowledge: (client, upTo) => {
      done.set(client, Math.max(done.get(client) ?? -Infinity, upTo));
      if (waiting === null || !acknowledged(waiting)) return;
      waiting = null;
      go();
    },
    forget: client => {
      done.delete(client);
      if (waiting === null || !acknowledged(waiting)) return;
      waiting = null;
      go();
    },
    setSpeed: next => {
      catchUp();
      speed = next;
      if (!lockstep()) waiting = null;
      go();
    },
    pause: next => {
      catchUp();
      paused = next;
      go();
    },
    onChange: listener => void listeners.push(listener),
    close: () => {
      closed = true;
      unplan?.();
    },
  };
};
