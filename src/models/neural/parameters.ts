import type { Random } from '../../random.js';

/** One matrix of a network. Biases are matrices of one row. */
export interface ParameterShape {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Columns that one unit of the layer fans out to, where several layers share the matrix; all of them when left out. */
  readonly fanOut?: number;
  /** A bias begins with these values instead of random ones, and does not decay. */
  readonly bias?: Float64Array;
}

/** Numbers of all the matrices together. */
export const parameterCount = (shapes: readonly ParameterShape[]): number =>
  shapes.reduce((sum, { rows, columns }) => sum + rows * columns, 0);

/** The part of a flat array of all parameters that belongs to each matrix, row-major: views, not copies. */
export const byMatrix = <A extends Float32Array | Float64Array>(flat: A, shapes: readonly ParameterShape[]): A[] => {
  let from = 0;
  return shapes.map(({ rows, columns }) => {
    const to = from + rows * columns;
    const part = flat.subarray(from, to) as A;
    from = to;
    return part;
  });
};

/**
 * First values: uniform within ±√(6 ÷ (fan in + fan out)), which keeps the variance of what flows through a layer in both directions. Each matrix draws from a stream
 * of its own name. Source: Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
 */
export const glorotUniform = (shapes: readonly ParameterShape[], draw: Random): Float32Array => {
  const flat = new Float32Array(parameterCount(shapes));
  byMatrix(flat, shapes).forEach((part, k) => {
    const { name, rows, columns, fanOut = columns, bias } = shapes[k]!;
    if (bias) return part.set(bias);
    const stream = draw.fork(name);
    const limit = Math.sqrt(6 / (rows + fanOut));
    for (let i = 0; i < part.length; i++) part[i] = (2 * stream.next() - 1) * limit;
  });
  return flat;
};
