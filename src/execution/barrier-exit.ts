import { normalCdf } from '../statistics/normal.js';

/** Nodes and weights of Gauss and Legendre's rule of twenty points on (−1, 1): those above 0, the others mirror them. */
const NODES = [
  0.07652652113349734, 0.22778585114164507, 0.37370608871541955, 0.5108670019508271, 0.636053680726515, 0.7463319064601508,
  0.8391169718222188, 0.912234428251326, 0.9639719272779138, 0.993128599185095,
] as const;
const WEIGHTS = [
  0.15275338713072628, 0.14917298647260424, 0.1420961093183824, 0.1316886384491769, 0.1181945319615186, 0.1019301198172407,
  0.08327674157670471, 0.06267204833410879, 0.040601429800386446, 0.017614007139150893,
] as const;
/** Standard deviations beyond which a normal law holds nothing that counts. */
const FAR = 8;
/** Distance between the barriers, in standard deviations over the horizon, below which the walk is out long before the horizon. */
const NARROW = 0.5;
/** Drift below which its own effect on the expected time is less than what rounding does to the formula with drift. */
const STILL = 1e-8;
/** Drift beside which chance no longer matters. */
const CERTAIN = 10;

/** Expected exit time without a horizon: Wald's identity on the probability of the upper barrier first. */
const unlimited = (drift: number, below: number, above: number): number => {
  if (Math.abs(drift) < STILL) return below * above;
  const fall = Math.expm1(2 * drift * below);
  const up = fall / (fall - Math.expm1(-2 * drift * above));
  return (above * up - below * (1 - up)) / drift;
};

/** Probability that the walk has met neither barrier by time `u`: images of its start, mirrored at both. */
const inside = (drift: number, below: number, above: number, u: number): number => {
  const width = below + above;
  const scale = 1 / Math.sqrt(u);
  const images = Math.ceil((FAR * Math.sqrt(u) + width + Math.abs(drift) * u) / (2 * width));
  const between = (centre: number): number => normalCdf((above - centre) * scale) - normalCdf((-below - centre) * scale);
  let sum = 0;
  for (let k = -images; k <= images; k++) {
    const shift = 2 * k * width;
    const mirrored = 2 * above + shift;
    // Weight times what lies between: where the first overflows the second is nothing.
    const direct = between(shift + drift * u);
    const reflected = between(mirrored + drift * u);
    if (direct !== 0) sum += Math.exp(drift * shift) * direct;
    if (reflected !== 0) sum -= Math.exp(drift * mirrored) * reflected;
  }
  return Math.min(1, Math.max(0, sum));
};

/**
 * Share of the horizon, 0…1, that a position is expected to be held until its price has risen by `above` or fallen by `below`, or the horizon ends. The price is taken for a
 * Brownian motion of `drift` per horizon; all three are in standard deviations of the return over the horizon, the barriers above 0.
 *
 * By Wald's identity the expected return of such a trade is drift × this share: barriers make no edge, they only end it sooner. Clipping the return at the end of the horizon
 * instead would let a stop create one out of nothing, for it forgets the paths that come back.
 * Source: Cox and Miller, The Theory of Stochastic Processes (1965), §5.7, for the images; Wald, Sequential Analysis (1947).
 */
export const expectedHolding = (drift: number, below: number, above: number): number => {
  if (Math.abs(drift) > CERTAIN) return Math.min(1, (drift > 0 ? above : below) / Math.abs(drift));
  if (below + above < NARROW) return Math.min(1, unlimited(drift, below, above));
  // Until √time `start` neither barrier is in reach. From there on ∫ S(u) du = ∫ 2 v² S(v²) d(log v), smooth on a scale of its own whatever the barriers.
  const near = Math.min(below, above);
  const pull = Math.abs(drift);
  const start = Math.min(1, (2 * near) / (FAR + Math.sqrt(FAR * FAR + 4 * pull * near)));
  const half = -Math.log(start) / 2;
  let sum = 0;
  for (let j = 0; j < NODES.length; j++)
    for (const side of [-1, 1]) {
      const v = Math.exp(half * (side * NODES[j]! - 1));
      sum += WEIGHTS[j]! * 2 * v * v * inside(drift, below, above, v * v);
    }
  return Math.min(1, start * start + half * sum);
};
