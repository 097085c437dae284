import { usageError } from '../../errors.js';
import { random } from '../../random.js';

/**
 * One line for each dimension after the first: a primitive polynomial over the integers modulo 2, its coefficients as bits, highest first, and the
 * initial direction integers. Source: S. Joe and F. Y. Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput.
 * 30 (2008), their table new-joe-kuo-6.
 */
const TABLE: readonly (readonly [number, readonly number[]])[] = [
  [3, [1]],
  [7, [1, 3]],
  [11, [1, 3, 1]],
  [13, [1, 1, 1]],
  [19, [1, 1, 3, 3]],
  [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]],
  [41, [1, 1, 5, 5, 5]],
  [47, [1, 1, 7, 11, 19]],
  [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]],
  [61, [1, 3, 5, 5, 31]],
  [67, [1, 3, 3, 9, 7, 49]],
  [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]],
  [103, [1, 1, 1, 15, 7, 5]],
  [109, [1, 3, 1, 15, 13, 25]],
  [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]],
  [137, [1, 3, 7, 13, 13, 15, 69]],
  [143, [1, 1, 3, 13, 7, 35, 63]],
  [145, [1, 3, 5, 9, 1, 25, 53]],
  [157, [1, 3, 1, 13, 9, 35, 107]],
];
/** Most sides of the cube that the table serves. */
const MOST = TABLE.length + 1;
const BITS = 32;
const SCALE = 1 / 4294967296;

/** Direction numbers of one dimension, the first from the top bit down. */
const directions = (dimension: number): Uint32Array => {
  const v = new Uint32Array(BITS);
  if (dimension === 0) return v.map((_, i) => 1 << (BITS - 1 - i));
  const [polynomial, initial] = TABLE[dimension - 1]!;
  const degree = initial.length;
  for (let i = 0; i < BITS; i++) {
    if (i < degree) v[i] = initial[i]! << (BITS - 1 - i);
    else {
      let next = v[i - degree]! ^ (v[i - degree]! >>> degree);
      for (let k = 1; k < degree; k++) if (((polynomial >>> (degree - k)) & 1) === 1) next ^= v[i - k]!;
      v[i] = next;
    }
  }
  return v;
};

/** Scatters the bits of a 32-bit integer: the finaliser of MurmurHash3 (A. Appleby, 2011). */
const scatter = (h: number): number => {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** Every binary digit is flipped or not as a coin decides that belongs to the digits before it. Source: A. B. Owen, Randomly permuted (t,m,s)-nets (1995). */
const scrambled = (x: number, seed: number): number => {
  let result = 0;
  for (let bit = 0; bit < BITS; bit++) {
    // The top `bit` digits with a one in front: distinct for every place in the tree of digits.
    const before = bit === 0 ? 1 : (x >>> (BITS - bit)) + (bit === 31 ? 0x80000000 : 1 << bit);
    const flip = scatter(scatter(before) ^ seed) >>> 31;
    result |= (((x >>> (BITS - 1 - bit)) & 1) ^ flip) << (BITS - 1 - bit);
  }
  return result >>> 0;
};

/**
 * The Sobol sequence in the unit cube, in Gray-code order (Antonov and Saleev, 1979), without end in practice (2³² points): any first 2ᵐ points are
 * spread more evenly than independent draws. With a seed it is scrambled in Owen's way, which keeps the spread, frees it from the point at the origin
 * and makes different seeds differ; without one it is as published. Each point is an array of its own. Throws a usage error beyond 24 dimensions.
 */
export function* sobolSequence(dimensions: number, seed?: number | string): Generator<Float64Array> {
  if (dimensions > MOST)
    throw usageError(
      'too-many-parameters',
      `A Sobol search of ${dimensions} parameters was asked for; its table has ${MOST}.`,
      'Use a Latin hypercube or a random search, or fix some parameters.',
    );
  const tables = Array.from({ length: dimensions }, (_, d) => directions(d));
  const source = random(`${seed}/sobol`);
  const seeds = Uint32Array.from({ length: dimensions }, () => source.int(4294967296));
  const state = new Uint32Array(dimensions);
  for (let index = 0; ; index++) {
    yield Float64Array.from(state, (x, d) => (seed === undefined ? x : scrambled(x, seeds[d]!)) * SCALE);
    // The lowest zero bit of the index says which direction the next point goes.
    const bit = 31 - Math.clz32(~index & (index + 1));
    for (let d = 0; d < dimensions; d++) state[d]! ^= tables[d]![bit]!;
  }
}
