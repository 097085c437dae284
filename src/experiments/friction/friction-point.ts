import type { RunConfig } from '../../engine/run-config.js';
import { usageError } from '../../errors.js';
import { mean } from '../../statistics/moments.js';

/** Frictions that are swept, in the order in which they are reported. */
export const FRICTION_AXES = ['fee', 'slippage', 'latency', 'funding'] as const;
export type FrictionAxis = (typeof FRICTION_AXES)[number];

/**
 * How hard trading is made, one value an axis: `fee` multiplies the venue's own fees, `slippage` is basis points of price a taker's fill pays on top of the
 * run's own slippage, `latency` is milliseconds from a decision to the venue, `funding` multiplies every settled funding rate.
 */
export type FrictionPoint = Readonly<Record<FrictionAxis, number>>;

/** Largest rates and spreads that a run's configuration takes (see `run-config.ts`). */
const HIGHEST_FEE = 0.1;
const HIGHEST_BPS = 1_000;

/** Milliseconds from a decision to the venue as configured: the mean of recorded ones, the median of random ones. */
const orderLatency = ({ latency }: RunConfig): number =>
  latency.kind === 'recorded' ? mean(Float64Array.from(latency.order)) : latency.order;

/** The frictions of a run as it is configured. */
export const baseFriction = (config: RunConfig): FrictionPoint => ({ fee: 1, slippage: 0, latency: orderLatency(config), funding: 1 });

/** Whether the run charges any fee: nothing times anything is nothing. */
export const chargesFees = ({ fees }: RunConfig): boolean => {
  switch (fees.kind) {
    case 'maker-taker':
      return fees.maker !== 0 || fees.taker !== 0;
    case 'per-order':
      return fees.fixed !== 0 || fees.rate !== 0;
    case 'tiered':
      return fees.tiers.some(({ maker, taker }) => maker !== 0 || taker !== 0);
  }
};

const scaledFees = (fees: RunConfig['fees'], scale: number): RunConfig['fees'] => {
  // A rebate times nothing is nothing, not −0, which is another number in a manifest.
  const scaled = (rate: number): number => rate * scale + 0;
  const highest =
    fees.kind === 'tiered' ? Math.max(...fees.tiers.map(({ taker }) => taker)) : fees.kind === 'per-order' ? fees.rate : fees.taker;
  if (scaled(highest) > HIGHEST_FEE)
    throw usageError(
      'friction-too-large',
      `Fees × ${scale} would be ${+(scaled(highest) * 100).toFixed(2)} % of notional a side, and ${HIGHEST_FEE * 100} % is the most that a run takes.`,
      'Use smaller values of --fee-scale.',
    );
  switch (fees.kind) {
    case 'maker-taker':
      return { ...fees, maker: scaled(fees.maker), taker: scaled(fees.taker) };
    case 'per-order':
      return { ...fees, fixed: scaled(fees.fixed), rate: scaled(fees.rate) };
    case 'tiered':
      return { ...fees, tiers: fees.tiers.map(tier => ({ ...tier, maker: scaled(tier.maker), taker: scaled(tier.taker) })) };
  }
};

/** The same model with so many basis points more a side: every model has a part that does not depend on size, and it is that part that grows. */
const moreSlippage = (slippage: RunConfig['slippage'], bps: number): RunConfig['slippage'] => {
  const total = slippage.kind === 'none' ? bps : slippage.kind === 'fixed-bps' ? slippage.bps + bps : slippage.spreadBps + 2 * bps;
  if (total > HIGHEST_BPS)
    throw usageError(
      'friction-too-large',
      `${bps} bp more slippage a side is more than a run takes.`,
      `Use at most ${slippage.kind === 'none' || slippage.kind === 'fixed-bps' ? HIGHEST_BPS : HIGHEST_BPS / 2 - 1} in --slippage-bps.`,
    );
  if (slippage.kind === 'none') return { kind: 'fixed-bps', bps: total };
  return slippage.kind === 'fixed-bps' ? { ...slippage, bps: total } : { ...slippage, spreadBps: total };
};

/** Orders and cancels travel longer, or less long, by the same time; never less than none. Reports and the feed take what they took. */
const otherLatency = (latency: RunConfig['latency'], more: number): RunConfig['latency'] => {
  const moved = (ms: number): number => Math.max(0, ms + more);
  return latency.kind === 'recorded'
    ? { ...latency, order: latency.order.map(moved) }
    : { ...latency, order: moved(latency.order), cancel: moved(latency.cancel) };
};

/**
 * The run's configuration at another friction; at its own it is unchanged, so that the base point is the very run that `quantai backtest` gives. Funding is not
 * in the configuration: see `scaledFunding`. Throws a usage error for frictions beyond what a run takes.
 */
export const frictionConfig = (base: RunConfig, { fee, slippage, latency }: FrictionPoint): RunConfig => {
  const more = latency - orderLatency(base);
  return {
    ...base,
    ...(fee !== 1 && { fees: scaledFees(base.fees, fee) }),
    ...(slippage !== 0 && { slippage: moreSlippage(base.slippage, slippage) }),
    ...(more !== 0 && { latency: otherLatency(base.latency, more) }),
  };
};
