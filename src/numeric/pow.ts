const byRepeatedSquaring = (x: number, n: number): number => {
  let result = 1;
  let square = x;
  for (let rest = n; ; square *= square) {
    if (rest % 2 === 1) result *= square;
    rest = Math.floor(rest / 2);
    if (rest === 0) return result;
  }
};

/**
 * x to the power y with the same bits on every supported Node, which the built-in power does not give. Whole exponents by repeated
 * squaring, 0.5 by the correctly rounded square root, all others as exp(y·log x): relative error about |y·log x| × 1e-16.
 * A negative base with a fractional exponent gives NaN.
 */
export const power = (x: number, y: number): number => {
  if (Number.isNaN(y)) return NaN;
  if (y === 0.5) return Math.sqrt(x);
  if (Number.isInteger(y)) return y >= 0 ? byRepeatedSquaring(x, y) : 1 / byRepeatedSquaring(x, -y);
  return Math.exp(y * Math.log(x));
};
