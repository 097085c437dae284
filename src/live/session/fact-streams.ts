import { EngineMemory, type EngineState } from '../../engine/engine-memory.js';
import type { Fact } from '../../events/fact.js';
import type { LiveJournal } from '../../journal/live-journal.js';
import type { Instrument } from '../../market/instrument.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { LiveClock } from '../live-clock.js';
import { foldLimits, type LimitsInForce } from '../../risk/limits-in-force.js';
import { foldAllotted, type Allotted } from './allotted.js';
import type { AccountWord } from '../word.js';

/** A fold over every fact of the account. */
export interface AccountFold {
  apply(fact: Fact): void;
}

/** What the streams of an account are made of. */
export interface FactStreamsOptions {
  readonly account: string;
  readonly instruments: readonly Instrument[];
  readonly hedge: boolean;
  readonly clock: LiveClock;
  readonly fold: AccountFold;
  /** Hears every fact once it is given to the journal: logs, metrics, notifications. */
  readonly onFact: (fact: Fact) => void;
}

/**
 * The streams of facts of one account: one a strategy and one of its own (empty name). Every fact passes here once: it is folded, given to the journal and heard by whoever listens, in this order, and in one
 * order for all. What was durable before a restart is folded first and by nobody heard.
 */
export class FactStreams {
  private readonly _o: FactStreamsOptions;
  private _journal: LiveJournal | null = null;
  private _isAbandoned = false;
  private readonly _memories = new Map<string, EngineMemory>();
  /** Facts folded, those of earlier sessions included. */
  folded = 0;
  /** The account's risk limits, as its stream last said. */
  limits: LimitsInForce = {};
  /** Capital that each strategy has been given, without what it made of it. */
  allotted: Allotted = {};

  constructor(options: FactStreamsOptions) {
    this._o = options;
  }

  /** Strategies that have a stream. */
  get strategies(): readonly string[] {
    return [...this._memories].flatMap(([name, memory]) => (name !== '' && memory.nextSeq > 0 ? [name] : [])).sort();
  }

  /** What a strategy's stream has left open. */
  memory(strategy: string): EngineMemory {
    let memory = this._memories.get(strategy);
    if (!memory) {
      memory = new EngineMemory(this._o.instruments, 0, this._o.hedge);
      this._memories.set(strategy, memory);
    }
    return memory;
  }

  /** States of all streams, for a snapshot. */
  states(): Readonly<Record<string, EngineState>> {
    return Object.fromEntries([...this._memories].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, memory]) => [name, memory.state]));
  }

  /** Begin from a snapshot. */
  restore(states: Readonly<Record<string, EngineState>>): void {
    for (const [name, state] of Object.entries(states))
      this._memories.set(name, new EngineMemory(this._o.instruments, 0, this._o.hedge, state));
  }

  /** A fact of an earlier session. */
  replay(fact: Fact): void {
    this._fold(fact);
  }

  /** Facts go to this journal from now on. */
  open(journal: LiveJournal): void {
    this._journal = journal;
  }

  /** The journal is another session's now: what is still said goes nowhere. */
  abandon(): void {
    this._isAbandoned = true;
  }

  /** Facts of a strategy's engine, in the order in which it published them. Resolves when they are durable; rejects when they cannot be. */
  take(facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) this._fold(fact);
    const durable = this._write(facts);
    for (const fact of facts) this._o.onFact(fact);
    return durable;
  }

  /** Words for a stream: the account's own, or that of a strategy whose engine does not run. */
  say(words: readonly (AccountWord | VenueEvent)[], strategy = ''): Promise<void> {
    const facts = words.map(word => {
      const { nextSeq, knownAt } = this.memory(strategy);
      const orderId = 'orderId' in word ? word.orderId : 'ticket' in word ? word.ticket.orderId : null;
      const intent = orderId === null ? undefined : this.memory(strategy).intentOf(orderId);
      const fact: Fact = {
        ...word,
        seq: nextSeq,
        version: 1,
        knownAt: Math.max(word.ts, this._o.clock.market(), knownAt),
        account: this._o.account,
        strategy,
        correlationId: intent ?? nextSeq,
        causationId: orderId === null ? -1 : (this.memory(strategy).causeOf(orderId) ?? -1),
      };
      this._fold(fact);
      return fact;
    });
    const durable = this._write(facts);
    for (const fact of facts) this._o.onFact(fact);
    return durable;
  }

  private _fold(fact: Fact): void {
    this.folded++;
    this.memory(fact.strategy).apply(fact);
    if (fact.strategy === '') this.limits = foldLimits(this.limits, fact);
    this.allotted = foldAllotted(this.allotted, fact);
    this._o.fold.apply(fact);
  }

  private _write(facts: readonly Fact[]): Promise<void> {
    if (facts.length === 0 || this._isAbandoned) return Promise.resolve();
    if (this._journal === null) throw new Error('facts before their journal is open');
    return this._journal.append(facts);
  }
}
