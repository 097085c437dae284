import type { Symbol } from '../market/instrument.js';
import type { FactOf } from './fact.js';
import type { MarketKind } from './market.js';

/** How a session trades. */
export type SessionMode = 'paper' | 'live';

/** A session began, or began again after a stop or a crash. `epoch` counts the starts on this account: it is part of every client order id, and a higher one ends the session. */
export type SessionStarted = FactOf<
  'SessionStarted',
  {
    mode: SessionMode;
    venue: string;
    /** True for the practice exchange: nothing of such a session counts as evidence for a real venue. */
    practice: boolean;
    epoch: number;
    /** SHA-256 of the session's manifest (strategies, configuration, platform). */
    manifest: string;
    /** Risk limits as this start's configuration has them, by name, defaults filled in; null is off. Left out by sessions without limits of their own. */
    limits?: Readonly<Record<string, number | boolean | null>>;
  }
>;
/** The session ended in order. */
export type SessionStopped = FactOf<'SessionStopped', { code: string; text: string }>;
/** What of the connection: the private stream, market data of one kind, or requests. */
export type Channel = 'private' | 'requests' | 'clock' | 'disk' | MarketKind;
/** A channel is `live`, `stale` (open, nothing fresh), `degraded` (answers fail) or `down`. Symbol is empty when it is about all. */
export type ConnectionChanged = FactOf<
  'ConnectionChanged',
  { channel: Channel; symbol: Symbol; state: 'live' | 'stale' | 'degraded' | 'down'; code: string; text: string }
>;
/** Market data or account events of this stretch did not arrive by their stream; `recovered` of them were found by asking. */
export type GapFound = FactOf<'GapFound', { channel: Channel; symbol: Symbol; from: number; to: number; recovered: number; code: string }>;
/** The venue said something that cannot be: kept aside, and nothing was concluded from it. */
export type DataQuarantined = FactOf<'DataQuarantined', { channel: Channel; symbol: Symbol; code: string; text: string }>;
/** The account was compared with the venue's: what was looked at, and how many differences were found (each is a fact of its own). */
export type Reconciled = FactOf<
  'Reconciled',
  { orders: number; positions: number; balances: number; executions: number; differences: number; cause: string }
>;
/** Somebody must look. The same code is raised once until it is cleared. */
export type AlarmRaised = FactOf<'AlarmRaised', { code: string; text: string; severity: 'warning' | 'critical' }>;
export type AlarmCleared = FactOf<'AlarmCleared', { code: string }>;

export type SessionFact =
  SessionStarted | SessionStopped | ConnectionChanged | GapFound | DataQuarantined | Reconciled | AlarmRaised | AlarmCleared;
