/**
 * Rows whose spans do not overlap, by index: from each moment at which the last span has ended one row, of the symbols in turn. Symbols move together and neighbouring spans
 * share bars, so only such rows may be counted as separate pieces of evidence. `ts` ascends; a row with NaN in `maturedAt` or in `known` is passed over.
 */
export const independentRows = (ts: Float64Array, maturedAt: Float64Array, known: Float64Array): Int32Array => {
  const rows: number[] = [];
  const free = new Float64Array([-Infinity]);
  for (let from = 0; from < ts.length;) {
    const now: number[] = [];
    let to = from;
    for (; to < ts.length && ts[to] === ts[from]; to++) if (!Number.isNaN(maturedAt[to]! + known[to]!)) now.push(to);
    if (now.length > 0 && ts[from]! >= free[0]!) {
      const row = now[rows.length % now.length]!;
      rows.push(row);
      free[0] = maturedAt[row]!;
    }
    from = Math.max(to, from + 1);
  }
  return Int32Array.from(rows);
};
