import { failed } from '../../errors.js';
import type { LiveFeed, LiveSlab } from '../feed/feed-port.js';
import type { LiveClock } from '../live-clock.js';
import type { SessionFeed, SessionSlab } from './session-options.js';

/** Longest wait for history, wall. */
const WARM_MS = 300_000;

/** Where a slab ends, as the engine plays it: the feed says "just past" the newest row, a thousandth of a millisecond. */
const endOf = ({ to }: LiveSlab): number => (to - Math.floor(to) < 0.0015 ? Math.floor(to) : to);

const asPlayed = (slab: LiveSlab): SessionSlab => ({
  chunks: slab.chunks,
  to: endOf(slab),
  ...(slab.behind.length > 0 && { late: slab.behind }),
});

/**
 * A live feed as a session uses it: its first slab is the history that strategies warm up on, every later one is played. Bars that come too late for their instant are given beside it, for indicators.
 */
export const sessionFeed = (
  bars: number,
  clock: LiveClock,
  open: (sink: (slab: LiveSlab) => void) => LiveFeed,
  sink: (slab: SessionSlab) => void,
): SessionFeed => {
  let isWarm = false;
  let isStarted = false;
  let history: LiveSlab | null = null;
  const waiting: LiveSlab[] = [];
  const feed = open(slab => {
    if (!isWarm) {
      // What is late for the others is history all the same.
      history = { ...slab, chunks: [...(history?.chunks ?? []), ...slab.behind, ...slab.chunks] };
      return;
    }
    if (isStarted) sink(asPlayed(slab));
    else waiting.push(slab);
  });
  return {
    warm: async () => {
      feed.start();
      let cancel = (): void => {};
      const tooLong = new Promise<never>((_, reject) => {
        const refuse = (): void =>
          reject(
            failed(
              'no-history',
              `The venue gave no history in ${WARM_MS / 1_000} s.`,
              'Choose a --timeframe that it has, fewer bars with --history, or see whether it answers at all.',
            ),
          );
        cancel = clock.after(WARM_MS, refuse);
      });
      await Promise.race([feed.warm(bars), tooLong]).finally(cancel);
      isWarm = true;
      const now = (): number => clock.market();
      // What an earlier session said is not later than now; the newest bar may have closed before that.
      return history === null ? { chunks: [], from: now() } : { chunks: history.chunks, from: Math.max(endOf(history), now()) };
    },
    start: () => {
      isStarted = true;
      for (const slab of waiting.splice(0)) sink(asPlayed(slab));
    },
    handle: event => feed.receive(event),
    lastPrice: symbol => feed.lastPrice(symbol),
    tradable: symbol => feed.tradable(symbol),
    close: () => feed.stop(),
  };
};
