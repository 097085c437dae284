/** 1 ÷ √(2π). */
const PEAK = 0.3989422804014327;

/** Density of the standard normal law at `x`. */
export const normalDensity = (x: number): number => PEAK * halfSquareExponential(Math.abs(x));

/** exp(−y²/2) with y split at sixteenths, so that the rounding of y² is not multiplied by the exponential far out. */
const halfSquareExponential = (y: number): number => {
  if (y > 40) return 0;
  const coarse = Math.trunc(y * 16) / 16;
  return Math.exp(-coarse * coarse * 0.5) * Math.exp(-(y - coarse) * (y + coarse) * 0.5);
};

type Coefficients = readonly [number, ...number[]];
const polynomial = (x: number, coefficients: Coefficients): number => {
  let value = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) value = value * x + coefficients[i]!;
  return value;
};

// Rational approximations of Cody (1969), highest power first: centre in x², shoulder in x, tail in 1/x².
const CENTRE_TOP: Coefficients = [0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356];
const CENTRE_BOTTOM: Coefficients = [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const SHOULDER_TOP: Coefficients = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978,
];
const SHOULDER_BOTTOM: Coefficients = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097, 34900.95272114598, 38912.00328609327,
  19685.429676859992,
];
const TAIL_TOP: Coefficients = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934, 0.000029112874951168793,
];
const TAIL_BOTTOM: Coefficients = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 0.00007297515550839662,
];

/** Upper tail beyond y ≥ 0.67448975, to full relative precision. */
const upperTail = (y: number): number => {
  if (y <= Math.sqrt(32)) return halfSquareExponential(y) * (polynomial(y, SHOULDER_TOP) / polynomial(y, SHOULDER_BOTTOM));
  const u = 1 / (y * y);
  return (halfSquareExponential(y) * (PEAK - (u * polynomial(u, TAIL_TOP)) / polynomial(u, TAIL_BOTTOM))) / y;
};

/**
 * Probability that a standard normal variable is at most `x`; about 1e-15 relative, in the left tail too.
 * Source: W. J. Cody, Rational Chebyshev Approximations for the Error Function, Mathematics of Computation 23 (1969), as used in
 * Algorithm 715, ACM TOMS 19 (1993).
 */
export const normalCdf = (x: number): number => {
  const y = Math.abs(x);
  if (y <= 0.67448975) return 0.5 + (x * polynomial(x * x, CENTRE_TOP)) / polynomial(x * x, CENTRE_BOTTOM);
  return x < 0 ? upperTail(y) : 1 - upperTail(y);
};

const INVERSE_CENTRE_TOP: Coefficients = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438,
  3.3871328727963665,
];
const INVERSE_CENTRE_BOTTOM: Coefficients = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1,
];
const INVERSE_SHOULDER_TOP: Coefficients = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
  4.630337846156546, 1.4234371107496835,
];
const INVERSE_SHOULDER_BOTTOM: Coefficients = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
  2.053191626637759, 1,
];
const INVERSE_TAIL_TOP: Coefficients = [
  2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487, 1.7848265399172913,
  5.463784911164114, 6.657904643501103,
];
const INVERSE_TAIL_BOTTOM: Coefficients = [
  2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615, 0.1369298809227358,
  0.599832206555888, 1,
];

/**
 * The x with `normalCdf(x)` = `p`; about 1e-16 relative. ∓Infinity at 0 and 1, NaN outside [0, 1].
 * Source: M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied Statistics 37 (1988), PPND16.
 */
export const normalQuantile = (p: number): number => {
  if (!(p >= 0 && p <= 1)) return NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, INVERSE_CENTRE_TOP)) / polynomial(r, INVERSE_CENTRE_BOTTOM);
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const x =
    r <= 5
      ? polynomial(r - 1.6, INVERSE_SHOULDER_TOP) / polynomial(r - 1.6, INVERSE_SHOULDER_BOTTOM)
      : polynomial(r - 5, INVERSE_TAIL_TOP) / polynomial(r - 5, INVERSE_TAIL_BOTTOM);
  return q < 0 ? -x : x;
};
