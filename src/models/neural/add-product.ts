/** Adds a row vector (`rows` numbers from `offset` of `from`; NaN counts as 0) times a matrix, row-major and as wide as `to`, to `to`. */
export const addProduct = (from: Float64Array, offset: number, rows: number, matrix: Float64Array, to: Float64Array): void => {
  const columns = to.length;
  for (let i = 0; i < rows; i++) {
    const v = from[offset + i]!;
    if (v === 0 || Number.isNaN(v)) continue;
    const at = i * columns;
    for (let j = 0; j < columns; j++) to[j]! += v * matrix[at + j]!;
  }
};
