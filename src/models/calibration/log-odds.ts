/** Probabilities are held this far from 0 and 1: a forecast of certainty that fails would cost for ever. */
export const FLOOR = 1e-4;

/** A probability moved into [floor, 1 − floor]. */
export const clip = (p: number): number => Math.min(1 - FLOOR, Math.max(FLOOR, p));

/** 1 ÷ (1 + e^−x) without overflow. */
export const logistic = (x: number): number => {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
};

/** Makes three numbers above 0 from `offset` add up to 1; none ends below the floor but for the last division, by 1.0002 at most. */
export const renormalise = (p: Float64Array, offset: number): void => {
  const sum = p[offset]! + p[offset + 1]! + p[offset + 2]!;
  const a = Math.max(FLOOR, p[offset]! / sum);
  const b = Math.max(FLOOR, p[offset + 1]! / sum);
  const c = Math.max(FLOOR, p[offset + 2]! / sum);
  const total = a + b + c;
  p[offset] = a / total;
  p[offset + 1] = b / total;
  p[offset + 2] = c / total;
};
