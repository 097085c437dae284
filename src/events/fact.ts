import type { AccountFact } from './account.js';
import type { ForecastFact } from './forecast.js';
import type { OperatorFact } from './operator.js';
import type { OrderFact } from './order.js';
import type { RunFact } from './run.js';
import type { SessionFact } from './session.js';

/** What every fact carries. Times are epoch ms UTC. */
export interface Envelope {
  /** Place in the stream, from 0. */
  readonly seq: number;
  /** Version of the payload's shape; each released version keeps a fixture and an upcaster. */
  readonly version: number;
  /** When it happened. */
  readonly ts: number;
  /** When it could first be known, ≥ ts. */
  readonly knownAt: number;
  readonly account: string;
  readonly strategy: string;
  /** The intent that this fact belongs to, by seq; its own seq for an intent. */
  readonly correlationId: number;
  /** The fact that caused this one, by seq; −1 when it was a market datum. */
  readonly causationId: number;
}

/** A named thing that happened: its envelope and the smallest truth about it. Totals are folds, never fields. */
export type FactOf<T extends string, P extends object> = Envelope & { readonly type: T } & Readonly<P>;

/** Every fact that a journal may hold. Market data is not among them: a journal names it by `InputConsumed`. */
export type Fact = OrderFact | AccountFact | ForecastFact | RunFact | SessionFact | OperatorFact;
export type FactType = Fact['type'];
