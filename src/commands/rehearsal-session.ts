import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import { writeFileDurably } from '../durable-file.js';
import { PLATFORM } from '../engine/platform.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Fact } from '../events/fact.js';
import { nodeDisk } from '../journal/node-disk.js';
import { BrokerConfig } from '../live/broker/broker-config.js';
import { createBroker } from '../live/broker/create-broker.js';
import { liveFeed } from '../live/feed/live-feed.js';
import { engineRunner } from '../live/runner/engine-runner.js';
import { LiveVenue } from '../live/runner/live-venue.js';
import { LiveSession } from '../live/session/live-session.js';
import { sessionFeed } from '../live/session/session-feed.js';
import { DEFAULT_SESSION } from '../live/session/session-options.js';
import { socketLock, type SocketHandler } from '../live/session/socket-lock.js';
import type { VenueTransport } from '../live/venue-transport.js';
import type { Instrument } from '../market/instrument.js';
import { random } from '../random.js';
import { exchangeRules } from '../sim/exchange-rules.js';
import type { Strategy } from '../strategies/strategy.js';
import { REHEARSAL_CODE } from './rehearsal-strategy.js';
import type { Connection } from './session-connection.js';

/** What a rehearsal's session is made of. */
export interface RehearsalSessionOptions {
  readonly connection: Connection;
  /** Where the account's journal is. */
  readonly folder: string;
  /** In place of the connection's own. */
  readonly transport: VenueTransport;
  readonly strategy: Strategy;
  /** Terms of the workspace's sessions, with what the strategy may use as capital. */
  readonly config: RunConfig;
  /** The one that is traded, and all that the account's journal is booked in. */
  readonly instrument: Instrument;
  readonly booked: readonly Instrument[];
  /** Of the venue's own timer. */
  readonly deadManMs: number;
  readonly handler: SocketHandler;
  readonly onFact: (fact: Fact) => void;
}

const TAG = 'rehearse';

/** A live session of the account as any other, its strategy in this thread, without the limits of the account: none of them is tried here, and those that are in force stay as they are. */
export const rehearsalSession = async (options: RehearsalSessionOptions): Promise<LiveSession> => {
  const { connection, folder, transport, strategy, config, instrument, booked, deadManMs, handler, onFact } = options;
  const { account, venue, practice, clock } = connection;
  const strategies = [{ name: strategy.name, tag: TAG, params: {}, budget: config.capital, builtin: null, bundle: REHEARSAL_CODE }];
  const manifest = { platform: PLATFORM, mode: 'live', venue, practice, account, rehearsal: true, promotions: [], strategies, config };
  const text = canonicalJson({ ...manifest, instruments: [instrument] });
  const hash = createHash('sha256').update(text).digest('hex');
  await mkdir(join(folder, 'manifests'), { recursive: true });
  await writeFileDurably(join(folder, 'manifests', `${hash}.json`), `${text}\n`);
  const instruments = [instrument];
  const { symbol } = instrument;
  const runner = engineRunner({
    tag: TAG,
    account,
    strategy,
    params: {},
    config,
    instruments,
    manifestHash: hash,
    inputs: [],
    venueOf: run => ({ venue: new LiveVenue(), costs: exchangeRules(run, instruments, []), feedLatency: () => 0 }),
  });
  return new LiveSession({
    mode: 'live',
    account,
    venue,
    practice,
    manifest: hash,
    folder,
    disk: nodeDisk(),
    clock,
    random: random(`${account}/${hash}`),
    lock: socketLock(venue, account, handler),
    instruments: booked,
    hedge: config.margin?.positions === 'hedge',
    transport,
    strategies: [runner],
    feed: ports =>
      sessionFeed(
        2,
        ports.clock,
        sink =>
          liveFeed({
            transport: ports.transport,
            clock: ports.clock,
            subscriptions: [
              { kind: 'bars', symbol, timeframe: connection.shortest },
              { kind: 'trades', symbol },
              { kind: 'quotes', symbol },
            ],
            instruments,
            sink: { slab: sink },
            say: ports.say,
          }),
        ports.sink,
      ),
    broker: (ports, state) =>
      createBroker(ports, BrokerConfig.parse({ deadManMs }), booked, [{ name: strategy.name, tag: TAG, budget: config.capital }], state),
    limits: null,
    config: DEFAULT_SESSION,
    onFact,
    ...(practice && { onPlayed: (market: number) => connection.acknowledge(market) }),
  });
};
