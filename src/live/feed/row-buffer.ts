import { KIND_COLUMNS, type Chunk, type MarketKind } from '../../events/market.js';
import type { Symbol } from '../../market/instrument.js';

/** Rows of one kind and symbol on their way to the engine. Arrays are kept and reused; what is taken is a copy. */
export interface RowBuffer {
  readonly rows: number;
  readonly firstTs: number;
  /** Adds a row; its values are set through `set` at the index given back. */
  push(ts: number): number;
  set(column: number, row: number, value: number): void;
  get(column: number, row: number): number;
  stamp(row: number, ts: number): void;
  clear(): void;
  /** Rows up to and including `through` as a chunk whose times ascend and are not below `floor`; null when there are none. `late` is told how many had to be raised. */
  take(through: number, floor: number, late: (rows: number) => void): Chunk | null;
}

export const rowBuffer = (kind: MarketKind, symbol: Symbol): RowBuffer => {
  const width = KIND_COLUMNS[kind].length;
  let ts = new Float64Array(64);
  let columns = Array.from({ length: width }, () => new Float64Array(64));
  let rows = 0;
  const grow = (): void => {
    const wider = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(old.length * 2);
      grown.set(old);
      return grown;
    };
    ts = wider(ts);
    columns = columns.map(wider);
  };
  return {
    get rows() {
      return rows;
    },
    get firstTs() {
      return rows === 0 ? Infinity : ts[0]!;
    },
    push: at => {
      if (rows === ts.length) grow();
      ts[rows] = at;
      return rows++;
    },
    set: (column, row, value) => {
      columns[column]![row] = value;
    },
    get: (column, row) => columns[column]![row]!,
    stamp: (row, at) => {
      ts[row] = at;
    },
    clear: () => {
      rows = 0;
    },
    take: (through, floor, late) => {
      let end = 0;
      while (end < rows && ts[end]! <= through) end++;
      if (end === 0) return null;
      const taken = ts.slice(0, end);
      let raised = 0;
      let least = floor;
      for (let i = 0; i < end; i++) {
        if (taken[i]! < least) {
          taken[i] = least;
          raised++;
        } else least = taken[i]!;
      }
      if (raised > 0) late(raised);
      const chunk = { kind, symbol, rows: end, ts: taken, columns: columns.map(column => column.slice(0, end)) };
      ts.copyWithin(0, end, rows);
      for (const column of columns) column.copyWithin(0, end, rows);
      rows -= end;
      return chunk;
    },
  };
};
