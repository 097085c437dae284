import type { PositionSide, Side } from '../../events/order.js';
import type { Lots, Ticks } from '../../market/units.js';
import type { Algorithm, AlgorithmAction, AlgorithmEvent, ChildOrder } from './algorithm.js';
import { ChildOrders, outstanding, type Child } from './child-orders.js';

/** Terms of a bracket. */
export interface BracketTerms {
  readonly side: Side;
  /** Positive. */
  readonly lots: Lots;
  /** Of the entry; both null enter at the market. */
  readonly limit: Ticks | null;
  readonly trigger: Ticks | null;
  readonly stop: Ticks;
  readonly target: Ticks;
  readonly positionSide: PositionSide | null;
}

type Exit = 'stop' | 'target';

const entryType = ({ limit, trigger }: BracketTerms): ChildOrder['type'] =>
  trigger === null ? (limit === null ? 'market' : 'limit') : limit === null ? 'stop' : 'stop-limit';

/** One bracket at work. */
class Bracket {
  readonly orders = new ChildOrders();
  /** Lots of the entry that are still held. */
  private _held = 0;
  private _isStarted = false;
  private _closing: string | null = null;
  /** The exit that filled last. */
  private _closedBy: Exit | null = null;
  private readonly _price: Record<Exit, Ticks>;
  private readonly _isRefused: Record<Exit, boolean> = { stop: false, target: false };

  constructor(private readonly _terms: BracketTerms) {
    this._price = { stop: _terms.stop, target: _terms.target };
  }

  hear(event: AlgorithmEvent): void {
    const child = this.orders.hear(event);
    switch (event.on) {
      case 'start':
        this._isStarted = true;
        this._place('entry', this._terms.lots);
        return;
      case 'filled':
        if (child) this._filled(child, event.lots);
        return;
      case 'ended':
        if (child && !child.isLeaving && (child.role === 'stop' || child.role === 'target')) this._isRefused[child.role] = true;
        return;
      case 'amended':
        // Whoever moved the price, it holds for what is sent later too.
        if (child?.role === 'stop') this._price.stop = event.stop ?? this._price.stop;
        if (child?.role === 'target') this._price.target = event.limit ?? this._price.target;
        return;
      case 'held':
        this._held = Math.min(this._held, event.lots);
        return;
      case 'cancel':
        this._closing ??= 'cancelled';
    }
  }

  /** Bring the orders in line with what is held. */
  settle(): readonly AlgorithmAction[] {
    if (!this._isStarted) return this.orders.take();
    const isEntering = this.orders.live('entry').length > 0;
    if (this._closing === null && this._held === 0 && !isEntering)
      this._closing = this.orders.filled('entry') === 0 ? 'not-entered' : (this._closedBy ?? 'closed');
    if (this._closing === null && this._held > 0 && this._isRefused.stop) this._closing = 'unprotected';
    if (this._closing === null) this._protect();
    else this._windUp(this._closing);
    return this.orders.take();
  }

  private _filled({ role }: Child, lots: Lots): void {
    if (role === 'entry') {
      this._held += lots;
      return;
    }
    this._held = Math.max(0, this._held - lots);
    if (role === 'stop' || role === 'target') this._closedBy = role;
  }

  private _protect(): void {
    // A trade that is being closed is not added to.
    if (this._closedBy !== null) for (const entry of this.orders.live('entry')) this.orders.cancel(entry, this._closedBy);
    this._resize('stop');
    if (!this._isRefused.target) this._resize('target');
  }

  /** Orders of one exit for all that is held: the one at work is amended, and where the venue would not another is sent beside it. */
  private _resize(exit: Exit): void {
    const live = this.orders.live(exit).filter(({ isLeaving }) => !isLeaving);
    let bare = this._held;
    for (const child of live) bare -= outstanding(child);
    if (bare === 0) return;
    if (live.some(({ asked }) => asked !== null)) return;
    const last = live.findLast(({ isFixed }) => !isFixed);
    const wanted = last === undefined ? 0 : last.lots + bare;
    if (last !== undefined && wanted > last.filled) this.orders.amend(last, wanted);
    else if (bare > 0) this._place(exit, bare);
    else if (last !== undefined) this.orders.cancel(last, this._closedBy ?? 'closed');
    // One that is too large and cannot be changed does no harm: it is reduce-only.
  }

  private _windUp(code: string): void {
    const leaves = code === 'cancelled';
    for (const child of this.orders.live()) if (child.role !== 'exit') this.orders.cancel(child, code);
    let bare = leaves ? 0 : this._held;
    const exits = this.orders.all.filter(({ role }) => role === 'exit');
    for (const exit of exits) bare -= outstanding(exit);
    const isRefused = exits.some(exit => exit.hasEnded && exit.filled < exit.lots);
    if (bare > 0 && !isRefused) this._place('exit', bare);
    if (this.orders.live().length === 0) this.orders.close(code);
  }

  private _place(role: Exit | 'entry' | 'exit', lots: Lots): void {
    const { side, limit, trigger, positionSide } = this._terms;
    const isEntry = role === 'entry';
    this.orders.place(role, {
      side: isEntry ? side : side === 'buy' ? 'sell' : 'buy',
      type: isEntry ? entryType(this._terms) : role === 'stop' ? 'stop' : role === 'target' ? 'limit' : 'market',
      lots,
      limit: isEntry ? limit : role === 'target' ? this._price.target : null,
      stop: isEntry ? trigger : role === 'stop' ? this._price.stop : null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: !isEntry,
      ...(positionSide !== null && { positionSide }),
    });
  }
}

/**
 * An entry, and for what of it has filled a stop and a target, both reduce-only, so that they cannot turn the position also when both fill in one moment. Either filling makes the other smaller, and the
 * rest of the entry is taken back then. With the stop gone (refused, or taken back by hand) what is held is closed at the market, `unprotected`; with the target gone the stop stays. Closes as `stop`
 * or `target` after the exit that filled last, `not-entered`, `closed` when other orders closed the position, or `cancelled`: then what is held stays held.
 */
export const bracket = (terms: BracketTerms): Algorithm => {
  const one = new Bracket(terms);
  return {
    nextAt: Infinity,
    countsVolume: false,
    get filled() {
      return one.orders.filled('entry');
    },
    handle: event => {
      one.hear(event);
      return one.settle();
    },
  };
};
