/** The last `size` values, kept in order of size too: a quantile of a moving window for the price of a shift. */
export class SortedWindow {
  private readonly _ring: Float64Array;
  private readonly _sorted: Float64Array;
  private _next = 0;
  length = 0;

  constructor(readonly size: number) {
    this._ring = new Float64Array(size);
    this._sorted = new Float64Array(size);
  }

  push(x: number): void {
    if (this.length === this.size) this._remove(this._ring[this._next]!);
    this._ring[this._next] = x;
    this._next = this._next + 1 === this.size ? 0 : this._next + 1;
    const at = this._place(x);
    this._sorted.copyWithin(at + 1, at, this.length);
    this._sorted[at] = x;
    this.length++;
  }

  /** The k-th smallest, from 1; Infinity beyond the last. */
  smallest(k: number): number {
    return k > this.length ? Infinity : this._sorted[Math.max(1, k) - 1]!;
  }

  /** Values, oldest first. */
  values(): number[] {
    const first = this.length === this.size ? this._next : 0;
    return Array.from({ length: this.length }, (_, i) => this._ring[(first + i) % this.size]!);
  }

  /** Values smaller than `x`. */
  private _place(x: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this._sorted[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private _remove(x: number): void {
    const at = this._place(x);
    this._sorted.copyWithin(at, at + 1, this.length);
    this.length--;
  }
}
