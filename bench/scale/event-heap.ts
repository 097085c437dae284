/** A binary heap of (key, sequence, item): the smallest key first, equal ones in the order in which they came. */
export interface Heap<T> {
  readonly size: number;
  push(key: number, item: T): void;
  pop(): T | undefined;
  /** Key of the next; Infinity of none. */
  next(): number;
}

export const heapOf = <T>(): Heap<T> => {
  const keys: number[] = [];
  const orders: number[] = [];
  const items: T[] = [];
  let came = 0;
  const before = (a: number, b: number): boolean => keys[a]! < keys[b]! || (keys[a] === keys[b] && orders[a]! < orders[b]!);
  const swap = (a: number, b: number): void => {
    [keys[a], keys[b]] = [keys[b]!, keys[a]!];
    [orders[a], orders[b]] = [orders[b]!, orders[a]!];
    [items[a], items[b]] = [items[b]!, items[a]!];
  };
  return {
    get size() {
      return keys.length;
    },
    push: (key, item) => {
      let i = keys.length;
      keys.push(key);
      orders.push(came++);
      items.push(item);
      while (i > 0 && before(i, (i - 1) >> 1)) {
        swap(i, (i - 1) >> 1);
        i = (i - 1) >> 1;
      }
    },
    pop: () => {
      if (keys.length === 0) return undefined;
      swap(0, keys.length - 1);
      keys.pop();
      orders.pop();
      const item = items.pop();
      for (let i = 0; ;) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let first = i;
        if (left < keys.length && before(left, first)) first = left;
        if (right < keys.length && before(right, first)) first = right;
        if (first === i) break;
        swap(i, first);
        i = first;
      }
      return item;
    },
    next: () => keys[0] ?? Infinity,
  };
};
