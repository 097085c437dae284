/** Deleted entries that a map may hold beyond as many as it has others. */
const SLACK = 64;

/**
 * A map of what is open, by ids that never come again: entries are put in, live a while and are taken out, and few are there at once. A `Map` that is used so moves into a new table every few entries, and each table
 * names the next one: once a dead one of them has grown old, the collector of young objects keeps everything that ever passed through those after it, until the next full collection. Here an entry
 * that is taken out leaves its key, and a new map takes the others over from time to time. Entries come in the order in which they were put in.
 */
export class PassingMap<K, V extends number | object> {
  private _entries = new Map<K, V | null>();
  private _size = 0;

  get size(): number {
    return this._size;
  }

  get(key: K): V | undefined {
    return this._entries.get(key) ?? undefined;
  }

  set(key: K, value: V): void {
    if (this.get(key) === undefined) this._size++;
    this._entries.set(key, value);
  }

  delete(key: K): void {
    if (this.get(key) === undefined) return;
    this._size--;
    if (this._entries.size - this._size > this._size + SLACK) {
      const entries = new Map<K, V | null>();
      for (const [other, value] of this._entries) if (value !== null && other !== key) entries.set(other, value);
      this._entries = entries;
    } else this._entries.set(key, null);
  }

  clear(): void {
    this._entries = new Map();
    this._size = 0;
  }

  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this._entries) if (value !== null) yield [key, value];
  }

  *values(): IterableIterator<V> {
    for (const value of this._entries.values()) if (value !== null) yield value;
  }
}
