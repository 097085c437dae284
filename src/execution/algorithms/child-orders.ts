import type { Lots } from '../../market/units.js';
import type { AlgorithmAction, AlgorithmEvent, ChildId, ChildOrder, Role } from './algorithm.js';

/** One order of an algorithm, as far as it has been heard of. */
export interface Child {
  readonly id: ChildId;
  readonly role: Role;
  order: ChildOrder;
  /** Total lots as the venue knows them, and as it was asked to make them; null when no answer is due. */
  lots: Lots;
  asked: Lots | null;
  filled: Lots;
  /** It was asked to be taken back. */
  isLeaving: boolean;
  /** The venue would not change it. */
  isFixed: boolean;
  hasEnded: boolean;
}

/** Lots that an order could still fill, whatever becomes of its amendment. */
export const outstanding = (child: Child): Lots =>
  child.hasEnded ? 0 : Math.max(0, Math.max(child.lots, child.asked ?? 0) - child.filled);

const NONE: readonly AlgorithmAction[] = [];

/** The orders of one algorithm, and what it wants done next. */
export class ChildOrders {
  readonly all: Child[] = [];
  private _actions: AlgorithmAction[] = [];

  /** Take note of what happened to an order; returns it, or undefined when the event is not about one. */
  hear(event: AlgorithmEvent): Child | undefined {
    if (!('child' in event)) return undefined;
    const child = this.all[event.child];
    if (child === undefined) return undefined;
    switch (event.on) {
      case 'filled':
        child.filled += event.lots;
        if (child.filled >= child.lots) child.hasEnded = true;
        break;
      case 'ended':
        child.hasEnded = true;
        break;
      case 'amended':
        child.lots = event.lots;
        child.asked = null;
        child.order = { ...child.order, lots: event.lots, limit: event.limit, stop: event.stop };
        if (child.filled >= child.lots) child.hasEnded = true;
        break;
      case 'amend-rejected':
        child.asked = null;
        child.isFixed = true;
    }
    return child;
  }

  place(role: Role, order: ChildOrder): void {
    const id = this.all.length;
    this.all.push({
      id,
      role,
      order,
      lots: order.lots,
      asked: null,
      filled: 0,
      isLeaving: false,
      isFixed: false,
      hasEnded: false,
    });
    this._actions.push({ act: 'place', child: id, role, order });
  }

  /** Change an order's total. */
  amend(child: Child, lots: Lots): void {
    child.asked = lots;
    this._actions.push({ act: 'amend', child: child.id, lots });
  }

  /** Take an order back, once. */
  cancel(child: Child, reason: string): void {
    if (child.isLeaving || child.hasEnded) return;
    child.isLeaving = true;
    this._actions.push({ act: 'cancel', child: child.id, reason });
  }

  cancelAll(reason: string): void {
    for (const child of this.all) this.cancel(child, reason);
  }

  close(code: string): void {
    this._actions.push({ act: 'close', code });
  }

  /** Orders of a role, or all of them, that may still fill. */
  live(role?: Role): Child[] {
    return this.all.filter(child => !child.hasEnded && (role === undefined || child.role === role));
  }

  filled(role?: Role): Lots {
    let lots = 0;
    for (const child of this.all) if (role === undefined || child.role === role) lots += child.filled;
    return lots;
  }

  /** Lots that have filled or still may: never more than an algorithm was given. */
  committed(): Lots {
    let lots = 0;
    for (const child of this.all) lots += child.filled + outstanding(child);
    return lots;
  }

  /** What is to be done, once. */
  take(): readonly AlgorithmAction[] {
    if (this._actions.length === 0) return NONE;
    const actions = this._actions;
    this._actions = [];
    return actions;
  }
}
