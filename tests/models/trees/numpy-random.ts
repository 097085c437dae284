/**
 * NumPy's legacy RandomState(seed) as far as `make_friedman1` needs it: MT19937 (Matsumoto & Nishimura 1998), 53-bit uniforms, normals by the polar method.
 * With it the data of scikit-learn's published examples are had exactly.
 */
export const randomState = (seed: number): { readonly uniform: () => number; readonly normal: () => number } => {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  let at = 624;
  const bits = (): number => {
    if (at === 624) {
      for (let k = 0; k < 624; k++) {
        const y = (state[k]! & 0x80000000) | (state[(k + 1) % 624]! & 0x7fffffff);
        state[k] = state[(k + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      at = 0;
    }
    let y = state[at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  };
  const uniform = (): number => {
    const a = bits() >>> 5;
    const b = bits() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  };
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const z = spare;
      spare = null;
      return z;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const f = Math.sqrt((-2 * Math.log(s)) / s);
      spare = f * u;
      return f * v;
    }
  };
  return { uniform, normal };
};

/** scikit-learn's `make_friedman1(n_samples, noise=1.0, random_state)`: Friedman (Annals of Statistics 19, 1991), ten features of which five count. */
export const makeFriedman1 = (count: number, seed: number): { readonly x: Float64Array; readonly y: Float64Array } => {
  const { uniform, normal } = randomState(seed);
  const x = Float64Array.from({ length: count * 10 }, uniform);
  const y = Float64Array.from({ length: count }, (_, i) => {
    const [a, b, c, d, e] = [...x.subarray(i * 10, i * 10 + 5)] as [number, number, number, number, number];
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) * (c - 0.5) + 10 * d + 5 * e + normal();
  });
  return { x, y };
};
