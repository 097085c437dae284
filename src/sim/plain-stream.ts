import type { StrategyHost } from '../engine/strategy-host.js';
import type { Bar } from '../events/market.js';
import type { Intent } from '../strategies/intent.js';
import type { Decider } from './plain-loop.js';
import { unusual } from './plain-unusual.js';

/** What an engine takes from `next` when it has taken `said` on the same bar: nothing, for the same target is there already. */
const isSaidAgain = (said: Intent, next: Intent): boolean =>
  said.intent === 'target' && next.intent === 'target' && said.symbol === next.symbol && said.exposure === next.exposure;

/**
 * A strategy of the `run` form as one that is asked: each bar goes into `bars$`, and what comes out while it does is the decision on it. The run is given up where that is not all there is to it: when the strategy listens to its orders, its
 * account, settled rates or slices, waits for a time of the scheduler's, speaks between bars, or wants two things on one bar.
 */
export class PlainStream implements Decider {
  private _host: StrategyHost | null = null;
  private _said: Intent | undefined = undefined;
  private _isAsked = false;
  /** Something was said that has no place here. Remembered, for whoever says it may catch what is thrown. */
  private _isOdd = false;

  get isOdd(): boolean {
    return this._isOdd;
  }

  /** The strategy's host is made, with `take` to take its intents, and the strategy has subscribed to what it wants to hear. */
  begin(host: StrategyHost): void {
    this._host = host;
    if (this._isOdd || host.hearsMoreThanBars) unusual();
  }

  take(intent: Intent): void {
    if (!this._isAsked || (this._said !== undefined && !isSaidAgain(this._said, intent))) this._isOdd = true;
    else this._said ??= intent;
  }

  /** Whether the strategy may leave a note now: it is a fact of its own, and has to stand before the target of its bar. */
  mayNote(): boolean {
    if (!this._isAsked || this._said !== undefined) this._isOdd = true;
    return !this._isOdd;
  }

  decide(bar: Bar, indicators: Readonly<Record<string, unknown>>): Intent | undefined {
    const host = this._host as StrategyHost;
    this._said = undefined;
    this._isAsked = true;
    // It may keep them, and the loop fills its own object anew.
    host.tell(bar, { ...indicators });
    this._isAsked = false;
    if (this._isOdd || host.hearsMoreThanBars) unusual();
    host.check();
    return this._said;
  }
}
