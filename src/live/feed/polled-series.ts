import type { Symbol } from '../../market/instrument.js';
import { HOUR } from '../../time.js';
import type { LiveClock } from '../live-clock.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedTimers } from './feed-timers.js';
import { FeedStopped, type HistoryDesk } from './history-desk.js';

/** A series that is asked for now and then, and that a stream may tell as well: settled funding, open interest. */
export interface PolledSeries {
  /** A value by the stream or by request; given on when it is new. False for what is known. */
  receive(ts: number, value: number): boolean;
  start(): void;
  /** Ask now. */
  poll(): Promise<void>;
}

/** Values that are kept to recognise them when they come again. */
const REMEMBERED = 512;

/**
 * Values of one time are one datum, whatever way they came; times are compared by `grain`, for a venue's two ways may differ by milliseconds. A second value for a time that was given changes nothing and is
 * said. Asking begins with what has happened since `start`: earlier values are history.
 */
export const polledSeries = ({
  symbol,
  clock,
  timers,
  config,
  desk,
  everyMs,
  grain,
  request,
  give,
  differs,
  asked,
  refused,
}: {
  readonly symbol: Symbol;
  readonly clock: LiveClock;
  readonly timers: FeedTimers;
  readonly config: Pick<FeedConfig, 'futureMs' | 'wallSlackMs' | 'pageRows'>;
  readonly desk: HistoryDesk;
  readonly everyMs: number;
  /** Two times less than this apart are one. */
  readonly grain: number;
  readonly request: (from: number, to: number, limit: number) => Promise<readonly (readonly [number, number])[]>;
  readonly give: (ts: number, value: number) => void;
  readonly differs: (ts: number, before: number, value: number) => void;
  readonly asked: (rows: readonly (readonly [number, number])[]) => void;
  readonly refused: (text: string) => void;
}): PolledSeries => {
  const known = new Map<number, number>();
  let since = NaN;
  let newest = -Infinity;
  let isAsking = false;
  /** The least pause between two polls, wall: at a multiple of real time a poll a market minute would be a storm. */
  const pause = Math.max(everyMs / clock.speed, 1_000);

  const receive = (ts: number, value: number): boolean => {
    const key = Math.round(ts / grain);
    const before = known.get(key);
    if (before !== undefined) {
      if (before !== value) differs(ts, before, value);
      return false;
    }
    known.set(key, value);
    newest = Math.max(newest, ts);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value ?? NaN);
    give(ts, value);
    return true;
  };
  const poll = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      const to = clock.market();
      if (Number.isNaN(since)) since = to;
      // With an overlap: a value may be published late, behind one that was seen already.
      const from = Math.max(since - grain, newest - Math.max(HOUR, 12 * everyMs));
      const rows = await desk.ask(() => request(from, to, config.pageRows));
      asked(rows);
      const latest = clock.market() + config.futureMs + config.wallSlackMs * clock.speed;
      for (const [ts, value] of [...rows].sort((a, b) => a[0] - b[0]))
        if (Number.isFinite(value) && ts <= latest && ts > since - grain && !(known.get(Math.round(ts / grain)) === value))
          receive(ts, value);
    } catch (error) {
      if (!(error instanceof FeedStopped)) refused(`${symbol}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      isAsking = false;
    }
  };
  const again = (): void => {
    void poll().then(() => timers.after(pause, again));
  };
  return {
    receive,
    start: () => {
      since = clock.market();
      timers.after(pause, again);
    },
    poll,
  };
};
