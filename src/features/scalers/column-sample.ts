/** The finite numbers of one column of row-major rows, in row order, of every row or of each `every`-th. A zero is +0, for JSON knows no other. */
export const columnSample = (x: Float64Array, count: number, width: number, column: number, every = 1): Float64Array => {
  const values = new Float64Array(Math.ceil(count / every));
  let n = 0;
  for (let row = 0; row < count; row += every) {
    const value = x[row * width + column]!;
    if (Number.isFinite(value)) values[n++] = value + 0;
  }
  return values.subarray(0, n);
};
