/**
 * Seeded random numbers. Every draw in the platform comes from here, so that one seed gives one run.
 * Generator: sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, 128 bits of state), seeded by the
 * 32-bit FNV-1a hash of the seed's text. Normals by Marsaglia's polar method: only `log` and `sqrt`, whose bits
 * agree on every supported Node; trigonometric functions do not.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** An independent stream named by `label`: adding a consumer does not shift the draws of the others. */
  fork(label: string | number): Random;
}

const fnv1a = (text: string, offset: number): number => {
  let hash = (0x811c9dc5 ^ offset) >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
};

export const random = (seed: number | string): Random => {
  const text = String(seed);
  let a = fnv1a(text, 0x9e3779b9) | 0;
  let b = fnv1a(text, 0x243f6a88) | 0;
  let c = fnv1a(text, 0xb7e15162) | 0;
  let d = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const next = (): number => bits() / 4294967296;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const z = spare;
      spare = undefined;
      return z;
    }
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  };
  return { next, normal, int: n => Math.floor(next() * n), fork: label => random(`${text}/${label}`) };
};
