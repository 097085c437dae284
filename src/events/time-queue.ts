/**
 * Things due at a time, handed out in order of (time, order of entry): a binary heap with a counter as the tie-break,
 * so that equal times leave in the order in which they came.
 */
export class TimeQueue<T> {
  readonly #at: number[] = [];
  readonly #entry: number[] = [];
  readonly #items: T[] = [];
  #counter = 0;

  /** Time of the next item, or Infinity. */
  get nextAt(): number {
    return this.#at[0] ?? Infinity;
  }

  get size(): number {
    return this.#items.length;
  }

  push(at: number, item: T): void {
    let i = this.#items.length;
    this.#at.push(at);
    this.#entry.push(this.#counter++);
    this.#items.push(item);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** The next item; throws a RangeError when there is none. */
  pop(): T {
    const top = this.#items[0];
    const last = this.#items.length - 1;
    if (last < 0) throw new RangeError('the queue is empty');
    this.#swap(0, last);
    this.#at.pop();
    this.#entry.pop();
    this.#items.pop();
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= last) break;
      const right = left + 1;
      const child = right < last && this.#before(right, left) ? right : left;
      if (!this.#before(child, i)) break;
      this.#swap(i, child);
      i = child;
    }
    return top as T;
  }

  #before(i: number, j: number): boolean {
    const a = this.#at[i] ?? Infinity;
    const b = this.#at[j] ?? Infinity;
    return a < b || (a === b && (this.#entry[i] ?? 0) < (this.#entry[j] ?? 0));
  }

  #swap(i: number, j: number): void {
    const swap = <V>(column: V[]): void => {
      const x = column[i] as V;
      column[i] = column[j] as V;
      column[j] = x;
    };
    swap(this.#at);
    swap(this.#entry);
    swap(this.#items);
  }
}
