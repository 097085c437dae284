/**
 * Things due at a time, handed out in order of (time, order of entry): a binary heap with a counter as the tie-break,
 * so that equal times leave in the order in which they came.
 */
export class TimeQueue<T> {
  private readonly _at: number[] = [];
  private readonly _entry: number[] = [];
  private readonly _items: T[] = [];
  private _counter = 0;

  /** Time of the next item, or Infinity. */
  get nextAt(): number {
    return this._at[0] ?? Infinity;
  }

  get size(): number {
    return this._items.length;
  }

  push(at: number, item: T): void {
    let i = this._items.length;
    this._at.push(at);
    this._entry.push(this._counter++);
    this._items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this._before(i, parent)) break;
      this._swap(i, parent);
      i = parent;
    }
  }

  /** The next item; throws a RangeError when there is none. */
  pop(): T {
    const top = this._items[0];
    const last = this._items.length - 1;
    if (last < 0) throw new RangeError('the queue is empty');
    this._swap(0, last);
    this._at.pop();
    this._entry.pop();
    this._items.pop();
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= last) break;
      const right = left + 1;
      const child = right < last && this._before(right, left) ? right : left;
      if (!this._before(child, i)) break;
      this._swap(i, child);
      i = child;
    }
    return top as T;
  }

  private _before(i: number, j: number): boolean {
    const a = this._at[i] ?? Infinity;
    const b = this._at[j] ?? Infinity;
    return a < b || (a === b && (this._entry[i] ?? 0) < (this._entry[j] ?? 0));
  }

  private _swap(i: number, j: number): void {
    const swap = <V>(column: V[]): void => {
      const x = column[i] as V;
      column[i] = column[j] as V;
      column[j] = x;
    };
    swap(this._at);
    swap(this._entry);
    swap(this._items);
  }
}
