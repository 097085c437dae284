import type { Slab } from '../../events/feed.js';
import type { FeedConfig } from '../../live/feed/feed-config.js';
import { liveFeed } from '../../live/feed/live-feed.js';
import type { SessionFeed, SessionOptions } from '../../live/session/session-options.js';
import type { Subscription } from '../../live/venue-transport.js';
import type { Instrument } from '../../market/instrument.js';
import type { Tally } from './tally.js';

export interface RigFeedOptions {
  readonly instruments: readonly Instrument[];
  /** Closed bars before the first live one. */
  readonly warmBars: number;
  readonly config: Partial<FeedConfig>;
  /** Listen to the book too, and count what is served of it. */
  readonly book: boolean;
  readonly tally: Tally;
}

/** The platform's own feed of one-minute bars for a simulated session. */
export const rigFeed =
  ({ instruments, warmBars, config, book, tally }: RigFeedOptions): SessionOptions['feed'] =>
  ({ transport, clock, sink, say }): SessionFeed => {
    const symbols = instruments.map(each => each.symbol);
    let held: Slab[] | null = [];
    const feed = liveFeed({
      transport,
      clock,
      subscriptions: symbols.flatMap((symbol): Subscription[] => [
        { kind: 'bars', symbol, timeframe: '1m' },
        ...(book ? [{ kind: 'book', symbol } as const] : []),
      ]),
      instruments,
      config,
      say,
      sink: {
        slab: slab => {
          if (held === null) sink(slab);
          else held.push(slab);
        },
      },
    });
    return {
      warm: async () => {
        feed.start();
        await feed.warm(warmBars);
        const given = held ?? [];
        held = [];
        // Not the close of the newest bar: facts of an earlier life may have become known since then.
        const from = clock.market();
        return { chunks: given.flatMap(slab => slab.chunks), from };
      },
      start: () => {
        const given = held ?? [];
        held = null;
        for (const slab of given) sink(slab);
      },
      handle: event => {
        feed.receive(event);
        if (!book || event.event !== 'market' || event.message.kind !== 'book') return;
        const view = feed.book(event.message.symbol);
        if (view === null) tally.count('book:withheld');
        else tally.count(view.bestBid < view.bestAsk ? 'book:served' : 'book:served-crossed');
      },
      lastPrice: symbol => feed.lastPrice(symbol),
      tradable: symbol => feed.tradable(symbol),
      close: () => feed.stop(),
    };
  };
