import type { Lots } from '../../market/units.js';
import type { AlgorithmAction, AlgorithmEvent, ChildOrder, Rest, WorkTerms } from './algorithm.js';
import { ChildOrders } from './child-orders.js';

/**
 * One quantity worked by slices, and how it ends: whole (`done`), taken back (`cancelled`), or when its time is over (`unfilled`, if not whole). Then what rests at a limit is taken back, and `complete` takes what is left
 * at the market once that has gone, never before: both could fill. What is on its way and what has filled is never more than the quantity.
 */
export class WorkedOrder {
  private readonly _orders = new ChildOrders();
  private _stage: 'working' | 'completing' | 'leaving' = 'working';
  private _isCompleted = false;
  private _code = 'unfilled';

  constructor(private readonly _terms: WorkTerms) {}

  get isWorking(): boolean {
    return this._stage === 'working';
  }

  /** Lots that are neither filled nor on their way. */
  get free(): Lots {
    return this._terms.lots - this._orders.committed();
  }

  get filled(): Lots {
    return this._orders.filled();
  }

  /** None of its orders is at work. */
  get isQuiet(): boolean {
    return this._orders.live().length === 0;
  }

  /** Send the next slice, at the limit if there is one; not more than is free. */
  slice(lots: Lots): void {
    this._place(Math.min(lots, this.free), this._terms.limit);
  }

  /** Take note of an event. */
  hear(event: AlgorithmEvent): void {
    this._orders.hear(event);
    if (event.on === 'cancel') this.leave('cancelled');
    // Something else has closed what was to be reduced.
    else if (event.on === 'ended' && event.code === 'reduce-only') this.leave('reduce-only');
  }

  /** The time is over. */
  end(rest: Rest): void {
    if (rest === 'leave') return this.leave('unfilled');
    if (this._stage !== 'working') return;
    this._stage = 'completing';
    this._code = 'unfilled';
    if (this._terms.limit !== null) this._orders.cancelAll('completing');
  }

  /** Take back what is at work and close with this code. */
  leave(code: string): void {
    if (this._stage === 'leaving') return;
    this._stage = 'leaving';
    this._code = code;
    this._orders.cancelAll(code);
  }

  /** What is to be done now. */
  settle(): readonly AlgorithmAction[] {
    const orders = this._orders;
    const isResting = orders.live().some(({ isLeaving }) => isLeaving);
    if (this._stage === 'completing' && !this._isCompleted && !isResting) {
      this._isCompleted = true;
      this._place(this.free, null);
    }
    const isWhole = this.filled >= this._terms.lots;
    if (this.isQuiet && (isWhole || this._stage !== 'working')) orders.close(isWhole ? 'done' : this._code);
    return orders.take();
  }

  private _place(lots: Lots, limit: ChildOrder['limit']): void {
    if (lots <= 0) return;
    const { side, postOnly, reduceOnly, positionSide } = this._terms;
    this._orders.place('slice', {
      side,
      type: limit === null ? 'market' : 'limit',
      lots,
      limit,
      stop: null,
      tif: 'gtc',
      postOnly: postOnly && limit !== null,
      reduceOnly,
      ...(positionSide !== null && { positionSide }),
    });
  }
}
