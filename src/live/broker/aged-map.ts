/**
 * A map that forgets by age and not one by one. What was put in after the last turn is young, what was put in between the two before is old; a turn drops the old and makes the young old. An
 * entry therefore outlives one turn and goes with the second. Taking out hundreds of thousands of entries singly is what most of a recovery's fold would cost.
 */
export class AgedMap<V> {
  private _young = new Map<string, V>();
  private _old = new Map<string, V>();

  get(key: string): V | undefined {
    return this._young.get(key) ?? this._old.get(key);
  }

  has(key: string): boolean {
    return this._young.has(key) || this._old.has(key);
  }

  /** The entry is young from now on. */
  set(key: string, value: V): void {
    this._young.set(key, value);
  }

  turn(): void {
    this._old = this._young;
    this._young = new Map();
  }

  *[Symbol.iterator](): IterableIterator<[string, V]> {
    for (const entry of this._old) if (!this._young.has(entry[0])) yield entry;
    yield* this._young;
  }
}
