import type { Fact } from '../../events/fact.js';
import type { BrokerConfig } from '../../live/broker/broker-config.js';
import type { FeedConfig } from '../../live/feed/feed-config.js';
import type { SessionConfig } from '../../live/session/session-options.js';
import type { Law } from './oracle.js';
import type { RigStrategy } from './start-session.js';
import type { JournalDefences } from './weakened-disk.js';
import type { Host, World } from './world.js';

/** What a scenario may change of the stage that it plays on. */
export interface StageOptions {
  readonly seed: number;
  /** Market ms in a true ms. */
  readonly speed: number;
  readonly symbols: readonly string[];
  readonly wallet: number;
  /** Share of a bar's volume that orders may fill: a small one fills them in parts. */
  readonly participation: number;
  readonly strategies: readonly RigStrategy[];
  readonly broker: DeepPartial<BrokerConfig>;
  readonly session: DeepPartial<SessionConfig>;
  readonly feed: DeepPartial<FeedConfig>;
  readonly journal: DeepPartial<{ readonly defences: JournalDefences }>;
  /** The session listens to the book too. */
  readonly book: boolean;
  /** True ms after which the world is calm again; then it has `convergeMs` to converge. */
  readonly activeMs: number;
  readonly convergeMs: number;
  readonly restartMs: number | null;
  readonly protectionMs: number;
  /** Ms that the disk takes to make a write durable. */
  readonly syncMs: number;
  /** Events that the trace of a failure holds. */
  readonly traced: number;
}

export type DeepPartial<T> = T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

/** The stage of a scenario while it plays. */
export interface Stage {
  readonly world: World;
  readonly host: Host;
  readonly options: StageOptions;
  /** Does something so many seconds after the curtain. */
  at(seconds: number, action: () => void): void;
  /** A fault that lasts: the weather is changed at `from` and set back at `to`, seconds. */
  between(from: number, to: number, change: Partial<World['weather']>): void;
}

/** What is left when the curtain falls. */
export interface Outcome {
  readonly world: World;
  readonly host: Host;
  /** Durable facts of the host's journal; empty when it cannot be read. */
  readonly facts: readonly Fact[];
}

/** One row of the table of faults: what is injected, what must come of it, and how we know that it was really reached. */
export interface Scenario {
  readonly number: number;
  readonly name: string;
  readonly inject: string;
  readonly expect: string;
  readonly options?: Partial<StageOptions>;
  play(stage: Stage): void;
  /** Counters that must be above zero. */
  readonly sometimes: readonly string[];
  /** What must hold besides the laws; each sentence is a failure. */
  check?(outcome: Outcome): readonly string[];
  /** Laws that cannot hold here, each with the reason. */
  readonly waived?: Readonly<Partial<Record<Law, string>>>;
}
