import type { RunConfig } from '../../engine/run-config.js';
import { stationaryBootstrap } from '../../statistics/bootstrap.js';
import { quantile, quantileOfSorted } from '../../statistics/quantile.js';
import type { OwnFill } from './own-fills.js';

/** A figure with its 95 % interval, and what it was taken from. */
export interface MeasuredFigure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** What an account's own fills say of the fill model: `promotions/<id>/fills-<n>.json`. Nothing of it holds before a person puts it into a configuration, which makes another candidate. */
export interface FillProposal {
  readonly version: 1;
  readonly promotion: string;
  readonly strategy: string;
  readonly account: string;
  readonly venue: string;
  readonly practice: boolean;
  /** First and last fill, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly orders: number;
  /** Files that it was made from, by the SHA-256 of their bytes. */
  readonly sources: readonly { readonly file: string; readonly sha256: string }[];
  /** What takers paid against the price at arrival, basis points: trimmed mean, and the median beside it; null with too few. */
  readonly slippageBps: (MeasuredFigure & { readonly median: number }) | null;
  /** Medians, ms, and the standard deviation of the logarithm of the way out. */
  readonly latency: { readonly order: MeasuredFigure; readonly report: MeasuredFigure; readonly sigma: number } | null;
  /** Fees as a share of the notional, by liquidity; the interval is from the least to the greatest rate of an order. */
  readonly fees: { readonly maker: MeasuredFigure | null; readonly taker: MeasuredFigure | null };
  /** For `quantai.config.ts`; only what enough fills speak for. */
  readonly patch: Partial<Pick<RunConfig, 'slippage' | 'latency' | 'fees'>>;
  readonly sentence: string;
}

export interface FillProposalInput extends Pick<FillProposal, 'promotion' | 'strategy' | 'account' | 'venue' | 'practice' | 'sources'> {
  readonly fills: readonly OwnFill[];
  /** What the model assumed of a taker's slippage, basis points; null where that is no figure. */
  readonly modelBps: number | null;
  /** Of the configuration now: legs that own fills say nothing of are kept. */
  readonly now: Pick<RunConfig, 'latency' | 'fees'>;
  readonly seed: number | string;
}

/** Fewer orders say too little. */
const FEWEST = 30;
const SAMPLES = 500;
/** Cut off at each end: a misread price must not make the figure, but the median of a skewed cost would be less than what is paid. */
const TRIMMED = 0.05;

/** Mean without the smallest and largest parts. Source: Tukey & McLaughlin, Less Vulnerable Confidence and Significance Procedures for Location (1963). */
const trimmedMean = (values: ArrayLike<number>): number => {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length * TRIMMED);
  let sum = 0;
  for (let i = cut; i < sorted.length - cut; i++) sum += sorted[i]!;
  return sum / (sorted.length - 2 * cut);
};

const median = (values: ArrayLike<number>): number => quantileOfSorted(Float64Array.from(values).sort(), 0.5);

const measured = (values: readonly number[], statistic: (sample: Float64Array) => number, seed: number | string): MeasuredFigure => {
  const { estimate, low, high } = stationaryBootstrap(values, statistic, { samples: SAMPLES, seed });
  return { value: estimate, low, high, n: values.length };
};

const paidRate = (fills: readonly OwnFill[]): MeasuredFigure | null => {
  if (fills.length < FEWEST) return null;
  const rates = fills.map(({ fee, notional }) => fee / notional);
  const [fee, notional] = fills.reduce(([a, b], fill) => [a + fill.fee, b + fill.notional], [0, 0]);
  return { value: fee / notional, low: Math.min(...rates), high: Math.max(...rates), n: fills.length };
};

/** To the digits that a configuration is worth. */
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Spread of the logarithm, from the middle two thirds: late stragglers are few and far. */
const logSpread = (values: readonly number[]): number => {
  const logs = values.filter(value => value > 0).map(Math.log);
  return logs.length < FEWEST ? 0 : (quantile(logs, 0.8413) - quantile(logs, 0.1587)) / 2;
};

/** Slippage, latency and fees as an account's own fills show them, and the settings that would say so. Deterministic. */
export const proposeFills = (input: FillProposalInput): FillProposal => {
  const { fills, modelBps, now, seed, ...named } = input;
  const takers = fills.filter(({ liquidity }) => liquidity === 'taker');
  const costs = takers.flatMap(({ side, price, arrival }) => (arrival > 0 ? [((side * (price - arrival)) / arrival) * 10_000] : []));
  const slippageBps = costs.length < FEWEST ? null : { ...measured(costs, trimmedMean, `${seed}/slippage`), median: median(costs) };
  // A clock that is behind gives an answer before the question: such orders say nothing.
  const timed = fills.filter(({ orderMs, reportMs }) => orderMs >= 0 && reportMs >= 0);
  const orderTimes = timed.map(({ orderMs }) => orderMs);
  const latency =
    timed.length < FEWEST
      ? null
      : {
          order: measured(orderTimes, median, `${seed}/order`),
          report: measured(
            timed.map(({ reportMs }) => reportMs),
            median,
            `${seed}/report`,
          ),
          sigma: Math.min(3, logSpread(orderTimes)),
        };
  const fees = { taker: paidRate(takers), maker: paidRate(fills.filter(({ liquidity }) => liquidity === 'maker')) };
  const known = now.fees.kind === 'maker-taker' ? now.fees : null;
  const [maker, taker] = [fees.maker?.value ?? known?.maker, fees.taker?.value ?? known?.taker];
  const feed = now.latency.kind === 'recorded' ? undefined : now.latency.feed;
  const isPaid = (fees.maker ?? fees.taker) !== null && maker !== undefined && taker !== undefined;
  return {
    version: 1,
    ...named,
    from: fills.reduce((least, { ts }) => Math.min(least, ts), Infinity),
    to: fills.reduce((most, { ts }) => Math.max(most, ts), -Infinity),
    orders: new Set(fills.map(({ orderId }) => orderId)).size,
    slippageBps,
    latency,
    fees,
    patch: {
      ...(slippageBps && { slippage: { kind: 'fixed-bps', bps: rounded(Math.max(0, slippageBps.value), 2) } }),
      ...(latency && {
        latency: {
          kind: 'log-normal',
          order: rounded(latency.order.value, 1),
          cancel: rounded(latency.order.value, 1),
          report: rounded(latency.report.value, 1),
          feed: feed ?? 0,
          sigma: rounded(latency.sigma, 2),
        },
      }),
      ...(isPaid && { fees: { kind: 'maker-taker', maker: rounded(maker, 6), taker: rounded(taker, 6) } }),
    },
    sentence:
      slippageBps === null
        ? `${fills.length} orders filled, ${costs.length} of takers with a price at arrival: too few to say what they cost, which needs ${FEWEST}.`
        : `${slippageBps.n} takers paid ${rounded(slippageBps.value, 2)} bp (95 %: ${rounded(slippageBps.low, 2)} to ${rounded(slippageBps.high, 2)}) against the price at arrival${
            modelBps === null
              ? ''
              : `; the model's ${rounded(modelBps, 2)} bp ${modelBps < slippageBps.low ? 'are too few' : modelBps > slippageBps.high ? 'are too many' : 'are within that'}`
          }.`,
  };
};
