import type { Fact } from '../../events/fact.js';
import type { Disk } from '../../journal/disk.js';
import type { LiveClock } from '../../live/live-clock.js';
import type { VenueTransport } from '../../live/venue-transport.js';
import type { Instrument } from '../../market/instrument.js';
import type { Random } from '../../random.js';

/** What a session is given by the world: nothing else of the world can it touch. */
export interface SessionPorts {
  readonly account: string;
  readonly transport: VenueTransport;
  readonly clock: LiveClock;
  readonly disk: Disk;
  readonly random: Random;
  readonly instruments: readonly Instrument[];
  /** Another session on this host holds the account: false when it could not be had. */
  readonly holdAccount: () => boolean;
  readonly onFact: (fact: Fact) => void;
}

/** A session that has begun, as the oracle and an operator see it. */
export interface RunningSession {
  /** Its state, as canonical text. */
  state(): string;
  /** The state that facts from empty give, as canonical text. */
  fold(facts: readonly Fact[]): string;
  readonly isHalted: boolean;
  /** Nothing is unknown, under way or found wanting: null, or what is. */
  readonly unsettled: string | null;
  halt(options: { readonly all: boolean; readonly flatten: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a session; rejects with the reason when it refuses to. */
export type StartSession = (ports: SessionPorts) => Promise<RunningSession>;
