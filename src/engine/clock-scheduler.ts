import { VirtualAction, VirtualTimeScheduler } from 'rxjs';

/** An Rx scheduler that only the clock fact moves: `timer`, `delay` and `debounceTime` of a strategy run on market time. */
export class ClockScheduler extends VirtualTimeScheduler {
  constructor() {
    super(VirtualAction, Infinity);
  }

  /** Time of the next action, or Infinity. */
  get nextAt(): number {
    const [next] = this.actions;
    return next === undefined ? Infinity : next.delay;
  }

  /** The clock says `now`. */
  set(now: number): void {
    this.frame = now;
  }

  /** Run what is due at `now`. */
  run(now: number): void {
    this.maxFrames = now;
    this.flush();
    this.frame = now;
  }
}
