import type { Fact } from '../../events/fact.js';
import { growingColumn } from './growing-column.js';

/** Where a fact's line lies in the journal. */
export interface FactPlace {
  readonly segment: number;
  readonly byte: number;
  readonly bytes: number;
}

/** What is asked of an index. Positions count from 1. */
export interface FactFilter {
  readonly type?: string | undefined;
  readonly strategy?: string | undefined;
  /** Market time, from and including, to and excluding. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Where every fact of a journal lies, and enough to choose among them without reading: 40 bytes a fact. */
export interface FactIndex {
  /** Facts in it: the position of the last. */
  readonly length: number;
  add(fact: Fact, place: FactPlace): void;
  /** What was added so far is a whole commit. */
  commit(): void;
  placeOf(position: number): FactPlace;
  matches(position: number, filter: FactFilter): boolean;
  /** End of whole commits behind a position: as far as `most` facts allow, and one commit at least. */
  batchEnd(after: number, most: number): number;
  /** Types that occur, sorted. */
  readonly types: readonly string[];
  clear(): void;
}

/** Names by number. */
const names = () => {
  const numbers = new Map<string, number>();
  return {
    of: (name: string): number => {
      const found = numbers.get(name);
      if (found !== undefined) return found;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    },
    known: (name: string): number => numbers.get(name) ?? -1,
    all: (): string[] => [...numbers.keys()],
    clear: () => numbers.clear(),
  };
};

/** An empty index. */
export const factIndex = (): FactIndex => {
  const types = names();
  const strategies = names();
  const [segment, byte, bytes, type, strategy, ts, ends] = Array.from({ length: 7 }, growingColumn) as [
    ReturnType<typeof growingColumn>,
    ReturnType<typeof growingColumn>,
    ReturnType<typeof growingColumn>,
    ReturnType<typeof growingColumn>,
    ReturnType<typeof growingColumn>,
    ReturnType<typeof growingColumn>,
    ReturnType<typeof growingColumn>,
  ];
  /** First commit that ends behind a position. */
  const commitBehind = (after: number): number => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends.at(middle) > after) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    get length() {
      return ts.length;
    },
    add: (fact, place) => {
      segment.push(place.segment);
      byte.push(place.byte);
      bytes.push(place.bytes);
      type.push(types.of(fact.type));
      strategy.push(strategies.of(fact.strategy));
      ts.push(fact.ts);
    },
    commit: () => {
      if (ts.length > 0 && !(ends.at(ends.length - 1) === ts.length)) ends.push(ts.length);
    },
    placeOf: position => ({ segment: segment.at(position - 1), byte: byte.at(position - 1), bytes: bytes.at(position - 1) }),
    matches: (position, filter) => {
      const i = position - 1;
      return (
        (filter.type === undefined || type.at(i) === types.known(filter.type)) &&
        (filter.strategy === undefined || strategy.at(i) === strategies.known(filter.strategy)) &&
        (filter.from === undefined || ts.at(i) >= filter.from) &&
        (filter.to === undefined || ts.at(i) < filter.to)
      );
    },
    batchEnd: (after, most) => {
      const first = commitBehind(after);
      if (first === ends.length) return after;
      const last = commitBehind(after + most) - 1;
      return ends.at(Math.max(first, last));
    },
    get types() {
      return types.all().sort();
    },
    clear: () => {
      for (const column of [segment, byte, bytes, type, strategy, ts, ends]) column.clear();
      types.clear();
      strategies.clear();
    },
  };
};
