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
  readonly #handlers: FactHandler[] = [];
  readonly #subject = new Subject<Fact>();
  #queue: Fact[] = [];
  #head = 0;
  #draining = false;
  #seq = 0;
  #current = -1;

  readonly facts$: Observable<Fact> = this.#subject.asObservable();

  /** Next sequence number; taking it reserves it. */
  takeSeq(): number {
    return this.#seq++;
  }

  /** Facts published so far. */
  get published(): number {
    return this.#seq;
  }

  /** `seq` of the fact being handled, −1 while a market datum is. */
  get current(): number {
    return this.#current;
  }

  /** Register a component; it sees every fact from now on. */
  handle(handler: FactHandler): void {
    this.#handlers.push(handler);
  }

  /** Put a fact on the stream and, unless one is being handled, deliver it and everything that follows from it. */
  publish(fact: Fact): void {
    this.#queue.push(fact);
    if (!this.#draining) this.#drain();
  }

  /** No more facts: completes `facts$`. */
  complete(): void {
    this.#subject.complete();
  }

  #drain(): void {
    this.#draining = true;
    try {
      while (this.#head < this.#queue.length) {
        const fact = this.#queue[this.#head++] as Fact;
        this.#current = fact.seq;
        for (const handler of this.#handlers) handler(fact);
        if (this.#subject.observed) this.#subject.next(fact);
      }
    } finally {
      this.#queue = [];
      this.#head = 0;
      this.#draining = false;
      this.#current = -1;
    }
  }
}
