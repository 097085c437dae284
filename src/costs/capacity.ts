import { usageError } from '../errors.js';
import { power } from '../numeric/pow.js';
import { sum } from '../numeric/sum.js';
import { random } from '../random.js';
import { percentileInterval } from '../statistics/bootstrap.js';

/** One fill of the strategy at the capital it ran with. */
export interface CapacityTrade {
  /** Quantity × price, in the settlement asset, > 0. */
  readonly notional: number;
  /** Quantity ÷ volume of the interval that σ belongs to, > 0; NaN where the volume is not known. */
  readonly share: number;
  /** Volatility of that interval as a fraction, ≥ 0; NaN where it is not known. */
  readonly sigma: number;
}

/** Impact of a fill as a fraction of its notional: coefficient × σ × share^exponent + permanent ÷ 2 × σ × share. */
export interface ImpactLaw {
  readonly coefficient: number;
  readonly exponent: number;
  /** γ of Almgren–Chriss; 0 when left out. */
  readonly permanent?: number;
}

/** How far the law and the edge could be off. What is left out counts as exact. */
export interface CapacityUncertainty {
  /** Standard error of the coefficient. */
  readonly coefficient?: number;
  /** Standard error of the exponent. */
  readonly exponent?: number;
  /** Correlation of the two estimates, −1 to 1; in fits it is near +1. */
  readonly correlation?: number;
  /** Standard error of the edge, in the settlement asset. */
  readonly edge?: number;
}

/** What capacity is taken from. */
export interface CapacityOptions {
  /** Capital of the run, in the settlement asset. */
  readonly capital: number;
  /** Profit of the same run before impact, after fees, spread and funding, in the settlement asset. */
  readonly edge: number;
  readonly trades: readonly CapacityTrade[];
  readonly impact: ImpactLaw;
  readonly uncertainty?: CapacityUncertainty;
  /** Part of the edge that impact may eat; one half when left out. */
  readonly eaten?: number;
  readonly seed: number | string;
  /** Draws of the interval; 2,000 when left out. */
  readonly samples?: number;
  /** Probability mass of the interval; 0.95 when left out. */
  readonly level?: number;
}

/** Capital at which impact eats the stated part of the edge. */
export interface Capacity {
  /** In the settlement asset; 0 without an edge, infinite without impact. */
  readonly capital: number;
  /** Interval at the level asked for. */
  readonly low: number;
  readonly high: number;
  /** Part of the edge that impact eats at the capital of the run. */
  readonly eatenNow: number;
  /** Median order as a share of its interval's volume at that capital: above some tenths the law was never observed. */
  readonly medianShare: number;
  /** Share of the notional whose volume and σ are known. The rest is charged like the average of these. */
  readonly known: number;
}

/** Root of a·m^β + b·m = c for a, b ≥ 0 and c > 0: the left side rises from zero, so there is one. */
const multiple = (a: number, exponent: number, b: number, c: number): number => {
  if (!(c > 0)) return 0;
  const alone = a > 0 ? power(c / a, 1 / exponent) : Infinity;
  if (b === 0) return alone;
  let low = 0;
  let high = Math.min(alone, c / b);
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (a * power(middle, exponent) + b * middle < c) low = middle;
    else high = middle;
  }
  return high;
};

/**
 * How much capital a strategy carries before impact eats half of its edge. Every order grows in proportion to capital while the market's volume
 * stays: with capital m times the run's, the edge is m × E and impact m × (K mᵝ + P m), with K = Σ notional × coefficient × σ × shareᵝ and
 * P = Σ notional × permanent ÷ 2 × σ × share. Without a permanent part the answer is closed: m = (E ÷ 2K)^(1 ÷ β), for the square-root law
 * (E ÷ 2K)². The interval comes from draws of the law and the edge within their standard errors: log-normal for coefficient and exponent, which
 * stay positive, normal for the edge. Follows Almgren et al., Direct Estimation of Equity Market Impact (2005). Throws a usage error for a run
 * without trades of known volume or values out of range.
 */
export const capacity = ({
  capital,
  edge,
  trades,
  impact,
  uncertainty = {},
  eaten = 0.5,
  seed,
  samples = 2000,
  level = 0.95,
}: CapacityOptions): Capacity => {
  const refuse = (sentence: string, fix?: string): Error => usageError('no-capacity', sentence, fix);
  const { coefficient, exponent, permanent = 0 } = impact;
  if (!(capital > 0 && Number.isFinite(edge))) throw refuse('Capacity needs a capital above zero and an edge.');
  if (!(coefficient >= 0 && exponent > 0 && permanent >= 0 && coefficient + exponent + permanent < Infinity))
    throw refuse('An impact law has a coefficient of zero or more and an exponent above zero.');
  if (!(eaten > 0 && eaten <= 1)) throw refuse(`${eaten} is not a part of the edge.`, 'Use a fraction such as 0.5.');
  const known = trades.filter(({ notional, share, sigma }) => notional > 0 && share > 0 && sigma >= 0 && share + sigma < Infinity);
  if (known.length === 0)
    throw refuse('No trade has a known volume and volatility, which impact is taken from.', 'Use data that has volume.');
  const total = sum(Float64Array.from(trades, ({ notional }) => (notional > 0 ? notional : 0)));
  const knownPart = sum(Float64Array.from(known, ({ notional }) => notional)) / total;
  const weight = Float64Array.from(known, ({ notional, sigma }) => (notional * sigma) / knownPart);
  const logShare = Float64Array.from(known, ({ share }) => Math.log(share));
  /** Σ notional × σ × share^β. */
  const scale = (beta: number): number => {
    let s = 0;
    for (let i = 0; i < weight.length; i++) s += weight[i]! * Math.exp(beta * logShare[i]!);
    return s;
  };
  const linear = 0.5 * permanent * scale(1);
  const base = scale(exponent);
  const at = coefficient * base;
  const times = multiple(at, exponent, linear, eaten * edge);
  const { coefficient: c = 0, exponent: b = 0, correlation = 0, edge: e = 0 } = uncertainty;
  const draw = random(seed).fork('capacity');
  const drawn = new Float64Array(samples);
  const rest = Math.sqrt(Math.max(0, 1 - correlation * correlation));
  for (let s = 0; s < samples; s++) {
    const first = draw.normal();
    const second = correlation * first + rest * draw.normal();
    const third = draw.normal();
    const beta = b > 0 ? exponent * Math.exp((b / exponent) * second) : exponent;
    const strength = c > 0 && coefficient > 0 ? coefficient * Math.exp((c / coefficient) * first) : coefficient;
    drawn[s] = capital * multiple(strength * (b > 0 ? scale(beta) : base), beta, linear, eaten * (edge + e * third));
  }
  // Between infinities there is nothing to interpolate.
  const { low, high } = at + linear > 0 ? percentileInterval(drawn, level) : { low: capital * times, high: capital * times };
  const shares = Float64Array.from(known, ({ share }) => share).sort();
  return {
    capital: capital * times,
    low,
    high,
    eatenNow: edge > 0 ? (at + linear) / edge : Infinity,
    medianShare: shares[shares.length >> 1]! * times,
    known: knownPart,
  };
};
