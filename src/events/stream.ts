import { Subject, type Observable } from 'rxjs';
import type { Fact } from './fact.js';

/** Called for each fact in its turn. */
export type FactHandler = (fact: Fact) => void;

/**
 * The one ordered stream. A fact published while another is being handled waits in one FIFO at the root, so delivery is
 * breadth-first and RxJS re-entrancy never reorders. Handlers registered with `handle` are the engine's own components, called first and in the
 * order of registration; `facts$` is the same stream for everyone else.
 */
export class FactStream {
  private readonly _handlers: FactHandler[] = [];
  private readonly _subject = new Subject<Fact>();
  private _queue: Fact[] = [];
  private _head = 0;
  private _draining = false;
  private _seq: number;
  private _current = -1;

  readonly facts$: Observable<Fact> = this._subject.asObservable();
  /** Called when a fact and everything that followed from it have been handled: then every component has seen the same facts. */
  onSettled: (() => void) | null = null;

  private readonly _knownAt: number;

  /** `first` is the number of the next fact: more than 0 when the stream goes on after a restart. No fact is known before `knownAt`, when the last one before the restart was. */
  constructor(first = 0, knownAt = -Infinity) {
    this._seq = first;
    this._knownAt = knownAt;
  }

  /** Next sequence number; taking it reserves it. */
  takeSeq(): number {
    return this._seq++;
  }

  /** Facts published so far. */
  get published(): number {
    return this._seq;
  }

  /** `seq` of the fact being handled, −1 while a market datum is. */
  get current(): number {
    return this._current;
  }

  /** Register a component; it sees every fact from now on. */
  handle(handler: FactHandler): void {
    this._handlers.push(handler);
  }

  /** Put a fact on the stream and, unless one is being handled, deliver it and everything that follows from it. */
  publish(fact: Fact): void {
    this._queue.push(fact.knownAt < this._knownAt ? { ...fact, knownAt: this._knownAt } : fact);
    if (!this._draining) this._drain();
  }

  /** No more facts: completes `facts$`. */
  complete(): void {
    this._subject.complete();
  }

  private _drain(): void {
    this._draining = true;
    try {
      while (this._head < this._queue.length) {
        const fact = this._queue[this._head++] as Fact;
        this._current = fact.seq;
        for (const handler of this._handlers) handler(fact);
        if (this._subject.observed) this._subject.next(fact);
      }
    } finally {
      this._queue = [];
      this._head = 0;
      this._draining = false;
      this._current = -1;
    }
    this.onSettled?.();
  }
}
