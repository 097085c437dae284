/**
 * What knowing one thing tells of another, in nats (0 nothing), from a table of counts: `counts[r × columns + c]` is how often the one was r and the other c. The plug-in
 * value of few samples is too large by about (filled cells − filled rows − filled columns + 1) ÷ 2n, which is taken off; so it can fall a little below 0. That many samples
 * must be independent: overlapping horizons make it too large still, which a shift test shows. NaN for an empty table.
 * Source: G. A. Miller, Note on the Bias of Information Estimates (1955); L. Paninski, Neural Computation 15 (2003), §4.
 */
export const mutualInformation = (counts: Float64Array, columns: number): number => {
  const rows = counts.length / columns;
  const rowSum = new Float64Array(rows);
  const columnSum = new Float64Array(columns);
  let n = 0;
  let filled = 0;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const count = counts[r * columns + c]!;
      rowSum[r]! += count;
      columnSum[c]! += count;
      n += count;
      if (count > 0) filled++;
    }
  let plugIn = 0;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const count = counts[r * columns + c]!;
      if (count > 0) plugIn += (count / n) * Math.log((count * n) / (rowSum[r]! * columnSum[c]!));
    }
  const taken = (sums: Float64Array): number => sums.reduce((total, sum) => total + (sum > 0 ? 1 : 0), 0);
  return n === 0 ? NaN : plugIn - (filled - taken(rowSum) - taken(columnSum) + 1) / (2 * n);
};
