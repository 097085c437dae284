import type { Sizer, SizingBasis } from './sizer.js';

/** Which of Kelly's laws: the two outcomes of stop and target, the first two moments, or the smaller of both. */
export type KellyLaw = 'payoff' | 'moments' | 'lesser';

/**
 * The share p − (1 − p) ÷ b of equity to put at risk on a bet that wins b times the stake with probability p, turned into notional by what a unit of notional can lose. The
 * probability has to be that of the target before the stop.
 */
const payoff = ({ confidence, gain, loss }: SizingBasis): number =>
  gain > 0 ? (confidence - ((1 - confidence) * loss) / gain) / loss : -Infinity;

/** Mean ÷ variance: the limit of many small bets. */
const moments = ({ mean, variance }: SizingBasis): number => mean / variance;

/**
 * A fraction of the size that makes equity grow fastest if the forecast were true. Forecasts are not: the full size over-bets any overestimated edge, a quarter keeps some seven
 * sixteenths of the growth at a quarter of the swing. `payoff` takes the confidence for the probability of the target before the stop, which a triple-barrier label forecasts;
 * `lesser` also wants the moments to agree.
 * Source: Kelly, A New Interpretation of Information Rate (1956); Thorp, The Kelly Criterion in Blackjack, Sports Betting and the Stock Market (2006).
 */
export const fractionalKelly =
  ({ fraction, law }: { fraction: number; law: KellyLaw }): Sizer =>
  basis =>
    fraction * (law === 'payoff' ? payoff(basis) : law === 'moments' ? moments(basis) : Math.min(payoff(basis), moments(basis)));
