import { SESSION_STATE_EVERY } from '../../engine/account-state.js';
import type { Fact } from '../../events/fact.js';
import type { SessionMode } from '../../events/session.js';
import type { Disk } from '../../journal/disk.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import type { Chunk } from '../../events/market.js';
import type { Slab } from '../../events/feed.js';
import type { Random } from '../../random.js';
import type { BrokerState } from '../broker/broker-state.js';
import type { BrokerPorts, LiveBroker } from '../broker/live-broker.js';
import type { RiskLimits } from '../../risk/limits.js';
import type { LiveClock } from '../live-clock.js';
import type { StrategyRunner } from '../runner/strategy-runner.js';
import type { TransportEvent, VenueTransport } from '../venue-transport.js';
import type { AccountWord } from '../word.js';
import type { AccountRiskLimits } from './account-risk.js';
import type { MeterTerms } from './session-meter.js';

/** A stretch of market data, and bars that came too late to be played in it. */
export interface SessionSlab extends Slab {
  readonly late?: readonly Chunk[];
}

/** Market data of a session, as it uses it. */
export interface SessionFeed {
  /** Closed bars before now, enough for every strategy; and the moment up to which they reach. */
  warm(): Promise<{ readonly chunks: readonly Chunk[]; readonly from: number }>;
  /** Bars and the rest flow from here on, beginning right after `warm`. */
  start(): void;
  handle(event: TransportEvent): void;
  /** Last price, NaN when unknown or too old to act on. */
  lastPrice(symbol: Symbol): number;
  /** False while its data is too old to open anything on. */
  tradable(symbol: Symbol): boolean;
  close(): void;
}

/** Only one session trades an account: per host by a lock, across hosts by the epoch that is read again before each order. */
export interface SessionLock {
  /** Throws a UserError when another session holds the account. */
  acquire(): Promise<void>;
  release(): Promise<void>;
}

/** What a session is made of. Everything that could differ between a real machine and a simulated one comes in here. */
export interface SessionOptions {
  readonly mode: SessionMode;
  readonly account: string;
  readonly venue: string;
  /** On the practice exchange. */
  readonly practice: boolean;
  /** SHA-256 of what was configured. */
  readonly manifest: string;
  /** Where the account's journal is. */
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: LiveClock;
  readonly random: Random;
  readonly lock: SessionLock;
  readonly instruments: readonly Instrument[];
  readonly hedge: boolean;
  readonly transport: VenueTransport;
  readonly strategies: readonly StrategyRunner[];
  /** Names of those whose budget is what a promotion allots: where it was another before, the difference is moved at the start. */
  readonly promoted?: readonly string[];
  readonly feed: (ports: {
    readonly transport: VenueTransport;
    readonly clock: LiveClock;
    readonly sink: (slab: SessionSlab) => void;
    readonly say: (word: AccountWord) => void;
  }) => SessionFeed;
  /** Null for paper: the strategies' venues are simulated. */
  readonly broker: ((ports: BrokerPorts, state: BrokerState) => LiveBroker) | null;
  /** Limits of the whole account; null lets the strategies' own gates do. */
  readonly limits: AccountRiskLimits | null;
  /** Limits that the gates of strategies begin with, the same as the account's where it has some: then what is in force at a start, and every change, is told to strategies too. */
  readonly risk?: RiskLimits;
  /** What its figures are measured by; bars of a minute, and no margin schedule, when left out. */
  readonly measure?: MeterTerms;
  readonly config: SessionConfig;
  /** Everything that followed from the bars up to this market time has been done: the practice exchange may wait for that. */
  readonly onPlayed?: (market: number) => void;
  /** Hears every fact of this session. */
  readonly onFact?: (fact: Fact) => void;
}

/** How a session behaves. Wall milliseconds. */
export interface SessionConfig {
  /** Between two looks at the strategies and the time. */
  readonly heartbeatMs: number;
  /** An engine that takes longer over one input is given up. */
  readonly strategyTimeoutMs: number;
  /** Facts between two snapshots. */
  readonly snapshotFacts: number;
  /** Facts between two recorded states of the account; Infinity records none. */
  readonly stateFacts: number;
  /** A halt closes positions too. */
  readonly flattenOnHalt: boolean;
  /** Paper on bars: time moves with the bars and with nothing else. */
  readonly barsOnly: boolean;
  /** Silence after a refusal for rate that does not say how long. */
  readonly banMs: number;
  readonly defences: SessionDefences;
}

/** What the session does against its own mishaps; only tests of the oracle switch one off. */
export interface SessionDefences {
  /** Requests leave when their facts are durable. */
  readonly intentFirst: boolean;
  /** The epoch on disk is read before each order. */
  readonly fencing: boolean;
  /** A strategy that throws or hangs is given up alone. */
  readonly isolation: boolean;
  /** A ban that one part of the session is told of holds for all of them. */
  readonly sharedBan: boolean;
}

export const DEFAULT_SESSION: SessionConfig = {
  heartbeatMs: 1_000,
  strategyTimeoutMs: 10_000,
  snapshotFacts: 50_000,
  stateFacts: SESSION_STATE_EVERY,
  flattenOnHalt: false,
  barsOnly: false,
  banMs: 60_000,
  defences: { intentFirst: true, fencing: true, isolation: true, sharedBan: true },
};
