import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import { TimeQueue } from '../events/time-queue.js';

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/**
 * An Rx scheduler that only the clock fact moves: `timer`, `delay` and `debounceTime` of a strategy run on market time. RxJS's own virtual scheduler chains
 * every repetition to the one before, so that an interval over a year's minutes leaks them all and overflows the stack when it is unsubscribed.
 */
export class ClockScheduler implements SchedulerLike {
  readonly #due = new TimeQueue<() => void>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  /** Time of the next action, or Infinity. */
  get nextAt(): number {
    return this.#due.nextAt;
  }

  schedule<T>(work: Work<T>, delay = 0, state?: T): Subscription {
    return new ClockAction(this, work).schedule(state, delay);
  }

  /** Run this when the clock has moved on by `delay` milliseconds. */
  after(delay: number, run: () => void): void {
    this.#due.push(this.#now + Math.max(0, delay), run);
  }

  /** The clock says `now`. */
  set(now: number): void {
    this.#now = now;
  }

  /** Run what is due at `now`, in order of time and then of scheduling. */
  run(now: number): void {
    while (this.#due.nextAt <= now) {
      this.#now = this.#due.nextAt;
      this.#due.pop()();
    }
    this.#now = now;
  }
}

/** Work that may ask to be run again. Asking again before it ran replaces the earlier request. */
class ClockAction<T> extends Subscription implements SchedulerAction<T> {
  #latest = 0;

  constructor(
    readonly scheduler: ClockScheduler,
    readonly work: Work<T>,
  ) {
    super();
  }

  schedule(state?: T, delay = 0): Subscription {
    const request = ++this.#latest;
    if (!this.closed)
      this.scheduler.after(delay, () => {
        if (!this.closed && request === this.#latest) this.work(state);
      });
    return this;
  }
}
