import type { Chunk } from '../../events/market.js';

const joined = (arrays: readonly Float64Array[], rows: number): Float64Array => {
  const out = new Float64Array(rows);
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
};

/** Chunks of one kind, symbol and timeframe joined into one, exactly as long as its rows, in the order in which each is first met. */
export const recordedSeries = (chunks: readonly Chunk[]): readonly Chunk[] => {
  const parts = new Map<string, Chunk[]>();
  for (const chunk of chunks) {
    const key = `${chunk.kind} ${chunk.timeframe ?? ''} ${chunk.symbol}`;
    parts.set(key, [...(parts.get(key) ?? []), chunk]);
  }
  return [...parts.values()].map(pieces => {
    const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
    const column = (read: (piece: Chunk) => Float64Array): Float64Array =>
      joined(
        pieces.map(piece => read(piece).subarray(0, piece.rows)),
        rows,
      );
    const [first] = pieces as [Chunk, ...Chunk[]];
    return { ...first, rows, ts: column(({ ts }) => ts), columns: first.columns.map((_, k) => column(({ columns }) => columns[k]!)) };
  });
};
