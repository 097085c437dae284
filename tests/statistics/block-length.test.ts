import { describe, expect, test } from 'vitest';
import { random } from '../../src/random.js';
import { movingBlockLength, optimalBlockLength } from '../../src/statistics/block-length.js';

/** NumPy's RandomState(seed).standard_normal: Mersenne Twister (Matsumoto & Nishimura 1998), 53-bit doubles, polar method. */
const numpyNormals = (seed: number, count: number): Float64Array => {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  let index = 624;
  const word = (): number => {
    if (index === 624) {
      for (let i = 0; i < 624; i++) {
        const y = (state[i]! & 0x80000000) | (state[(i + 1) % 624]! & 0x7fffffff);
        state[i] = state[(i + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      index = 0;
    }
    let y = state[index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  const uniform = () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  const out = new Float64Array(count);
  for (let i = 0; i < count;) {
    const a = 2 * uniform() - 1;
    const b = 2 * uniform() - 1;
    const r = a * a + b * b;
    if (r >= 1 || r === 0) continue;
    const scale = Math.sqrt((-2 * Math.log(r)) / r);
    out[i++] = b * scale;
    if (i < count) out[i++] = a * scale;
  }
  return out;
};

const autoregression = (rho: number, n: number, seed: number): Float64Array => {
  const draw = random(seed);
  const xs = new Float64Array(n + 200);
  for (let i = 1; i < xs.length; i++) xs[i] = rho * xs[i - 1]! + draw.normal();
  return xs.subarray(200);
};

describe('optimalBlockLength', () => {
  test("gives the figures of the arch package's own test (AR 0.3, 10,000 values of NumPy's seed 0)", () => {
    const e = numpyNormals(0, 10_100);
    expect([e[0], e[1]]).toEqual([1.764052345967664, 0.4001572083672233]);
    for (let i = 1; i < e.length; i++) e[i] = 0.3 * e[i - 1]! + e[i]!;
    expect(Math.abs(optimalBlockLength(e.subarray(100)) / 13.635665 - 1)).toBeLessThan(1e-4);
    expect(Math.abs(movingBlockLength(e.subarray(100)) / 15.60894 - 1)).toBeLessThan(1e-4);
  });
  test('approaches the closed form (2ρ ÷ (1 − ρ²))^(2/3) n^(1/3) of an AR(1) law', () => {
    const n = 50_000;
    for (const rho of [0.4, 0.7]) {
      const theory = Math.cbrt(((2 * rho) / (1 - rho * rho)) ** 2 * n);
      const mean = [1, 2, 3, 4, 5].reduce((a, seed) => a + optimalBlockLength(autoregression(rho, n, seed)) / 5, 0);
      expect(Math.abs(mean / theory - 1)).toBeLessThan(0.1);
    }
  });
  test('is short for returns without memory and never over the limit', () => {
    expect(optimalBlockLength(autoregression(0, 2000, 3))).toBeLessThan(8);
    expect(optimalBlockLength(Array.from({ length: 400 }, (_, i) => i))).toBeLessThanOrEqual(60);
  });
  test('is 1 where there is nothing to measure', () => {
    expect([optimalBlockLength([]), optimalBlockLength([1, 2, 3]), optimalBlockLength(new Float64Array(100).fill(0.01))]).toEqual([
      1, 1, 1,
    ]);
    expect([movingBlockLength([1, 2, 3]), movingBlockLength(new Float64Array(100).fill(0.01))]).toEqual([1, 1]);
  });
});
