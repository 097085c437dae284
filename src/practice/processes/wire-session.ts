import { join } from 'node:path';
import type { Chunk } from '../../events/market.js';
import type { Fact } from '../../events/fact.js';
import { nodeDisk } from '../../journal/node-disk.js';
import { BrokerConfig } from '../../live/broker/broker-config.js';
import { ccxtTransport } from '../../live/ccxt/ccxt-transport.js';
import { liveFeed } from '../../live/feed/live-feed.js';
import type { FeedConfig } from '../../live/feed/feed-config.js';
import type { Capture } from '../../live/feed/capture.js';
import { sessionFeed } from '../../live/session/session-feed.js';
import type { SessionConfig } from '../../live/session/session-options.js';
import { systemClock } from '../../live/system-clock.js';
import type { Subscription } from '../../live/venue-transport.js';
import { random } from '../../random.js';
import { practiceLink } from '../practice-link.js';
import type { RunningSession } from '../rig/session-port.js';
import { FOLDER, startLiveSession, type RigStrategy } from '../rig/start-session.js';
import type { PracticeWorld } from './practice-world.js';

export interface WireSessionOptions {
  readonly world: PracticeWorld;
  readonly strategies: readonly RigStrategy[];
  readonly broker?: Partial<Record<keyof BrokerConfig, unknown>>;
  readonly session?: Partial<SessionConfig>;
  readonly feed?: Partial<FeedConfig>;
  readonly capture?: Capture;
  /** Longest wait for an answer, wall ms. */
  readonly timeoutMs?: number;
  readonly onFact?: (fact: Fact) => void;
  /** Hears all market data that the feed gives, history first; bars that came too late to be played too. */
  readonly onChunk?: (chunk: Chunk) => void;
}

/** A session in this process on real sockets. */
export interface WireSession {
  readonly running: RunningSession;
  /** Where its journal is. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Bounds of a real venue, in a tenth of the time. */
const QUICK = {
  tickMs: 100,
  reconcileMs: 2_000,
  executionsMs: 500,
  incomeMs: 1_000,
  marketsMs: 2_000,
  clockMs: 1_000,
  settleMs: 200,
  windowMarginMs: 200,
  queryMs: 100,
  queryMaxMs: 1_000,
  calmMs: 300,
  banMs: 2_000,
  streamBoundMs: 2_000,
  protectGraceMs: 500,
  // Ten times as many requests in a minute: with a real venue's budget comparisons would wait for ever behind orders.
  weightPerMinute: 100_000,
};

/** The platform's session on a practice world: its own feed, broker and journal, ccxt as it is published, and engines in this thread. */
export const wireSession = async (options: WireSessionOptions): Promise<WireSession> => {
  const { world, strategies, timeoutMs = 1_500, onFact = () => {} } = options;
  const { instruments, server, account } = world;
  const clock = systemClock();
  const link = await practiceLink(server.controlUrl, line => clock.tell(line));
  const [keys] = server.accounts;
  const transport = ccxtTransport({
    venue: world.venue,
    key: keys?.key ?? null,
    secret: keys?.secret ?? null,
    urls: { rest: server.rest, ws: server.ws },
    clock,
    timeoutMs,
    limits: { connectMs: 3_000, keepAliveMs: 1_000, backoffMs: 50, backoffMaxMs: 400, receiveWindowMs: 2_500 },
    instruments,
  });
  await transport.open(() => {});
  const subscriptions = instruments.flatMap(({ symbol }): Subscription[] => [
    { kind: 'bars', symbol, timeframe: '1m' },
    { kind: 'trades', symbol },
    { kind: 'quotes', symbol },
  ]);
  const { capture } = options;
  const start = startLiveSession({
    strategies,
    broker: BrokerConfig.parse({ ...QUICK, ...options.broker }),
    ...(options.session && { session: options.session }),
    seed: 1,
    feed: ports =>
      sessionFeed(
        5,
        ports.clock,
        sink =>
          liveFeed({
            transport: ports.transport,
            clock: ports.clock,
            subscriptions,
            instruments,
            // A wall second is minutes of market time here.
            config: { wallSlackMs: 1_500, ...options.feed },
            sink: {
              slab: slab => {
                for (const chunk of [...slab.chunks, ...slab.behind]) options.onChunk?.(chunk);
                sink(slab);
              },
            },
            say: ports.say,
            ...(capture && { capture }),
          }),
        ports.sink,
      ),
  });
  const running = await start({
    account,
    transport,
    clock,
    disk: nodeDisk(world.workspace),
    random: random(account),
    instruments,
    holdAccount: () => true,
    onFact,
  });
  return {
    running,
    folder: join(world.workspace, FOLDER),
    stop: async () => {
      await running.stop();
      link.close();
    },
  };
};
