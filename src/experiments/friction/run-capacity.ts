import { capacity, type Capacity, type CapacityTrade, type ImpactLaw } from '../../costs/capacity.js';
import { rangeVolatility } from '../../costs/range-volatility.js';
import { lowerBound } from '../../datasets/range.js';
import type { RunConfig } from '../../engine/run-config.js';
import type { Chunk } from '../../events/market.js';
import { timeframeMs } from '../../market/timeframe.js';
import { power } from '../../numeric/pow.js';
import { sum } from '../../numeric/sum.js';
import type { Fill } from '../../portfolio/fill.js';
import { stationaryBootstrap } from '../../statistics/bootstrap.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import type { FrictionOutcome } from './friction-outcome.js';

/** How far a coefficient that was not fitted could be off, as a share of it: published ones lie between about a half and twice one (Tóth et al. 2011). */
const ASSUMED_ERROR = 0.35;

/** An impact law with where it comes from. */
export interface RunImpact {
  readonly law: ImpactLaw;
  /** The run charges this impact already. */
  readonly charged: boolean;
  /** Standard errors of coefficient and exponent; an assumption where nothing was fitted. */
  readonly error: { readonly coefficient: number; readonly exponent: number; readonly correlation: number };
  /** In words, for the report. */
  readonly source: string;
}

/** The impact law of a run's slippage model; the square-root law with coefficient 1 for models without one. */
export const impactOf = ({ slippage }: RunConfig): RunImpact => {
  const assumed = (coefficient: number) => ({ coefficient: ASSUMED_ERROR * coefficient, exponent: 0, correlation: 0 });
  switch (slippage.kind) {
    case 'sqrt-impact':
      return {
        law: { coefficient: slippage.coefficient, exponent: 0.5 },
        charged: true,
        error: assumed(slippage.coefficient),
        source: `the run’s square-root law with coefficient ${slippage.coefficient}, which is not fitted: a standard error of ${ASSUMED_ERROR * 100} % is assumed`,
      };
    case 'almgren-chriss':
      return {
        law: { coefficient: slippage.temporary, exponent: slippage.exponent, permanent: slippage.permanent },
        charged: true,
        error: assumed(slippage.temporary),
        source: `the run’s Almgren–Chriss law, which is not fitted: a standard error of ${ASSUMED_ERROR * 100} % of the temporary part is assumed`,
      };
    case 'fitted':
      return {
        law: { coefficient: slippage.coefficient, exponent: slippage.exponent },
        charged: true,
        error: { coefficient: 0, exponent: 0, correlation: 0 },
        source: `the fitted fill model ${slippage.version.slice(0, 12)}, taken as exact: only the edge is uncertain here`,
      };
    default:
      return {
        law: { coefficient: 1, exponent: 0.5 },
        charged: false,
        error: assumed(1),
        source: `the square-root law with coefficient 1 (Tóth et al. 2011), because the run’s slippage does not depend on size; a standard error of ${ASSUMED_ERROR * 100} % is assumed`,
      };
  }
};

/** Fills as impact sees them: against volume and range of the bar in which they happened. NaN where there is no such bar. */
export const capacityTrades = (fills: readonly Fill[], chunks: readonly Chunk[], timeframe: string): CapacityTrade[] => {
  const barMs = timeframeMs(timeframe);
  const bars = new Map(
    chunks
      .filter(({ kind, timeframe: of = timeframe }) => kind === 'bars' && of === timeframe)
      .map(chunk => [chunk.symbol, chunk] as const),
  );
  return fills.map(({ symbol, ts, price, quantity }) => {
    const notional = price * quantity;
    const chunk = bars.get(symbol);
    if (chunk === undefined) return { notional, share: NaN, sigma: NaN };
    const after = lowerBound(chunk.ts, chunk.rows, ts);
    const row = after < chunk.rows && chunk.ts[after] === ts ? after : after - 1;
    if (row < 0 || ts >= chunk.ts[row]! + barMs) return { notional, share: NaN, sigma: NaN };
    const [high, low, volume] = [chunk.columns[1]![row]!, chunk.columns[2]![row]!, chunk.columns[4]![row]!];
    return { notional, share: volume > 0 ? quantity / volume : NaN, sigma: rangeVolatility(high, low) };
  });
};

/** Capacity of a run with what it rests on, or why there is none. */
export interface RunCapacity {
  readonly impact: RunImpact;
  readonly result: Capacity | null;
  /** Profit before impact at the capital of the run, and the standard error of it; settlement asset. */
  readonly edge: number;
  readonly edgeError: number;
  /** Impact paid, or that would have been, at the capital of the run; settlement asset. */
  readonly impactNow: number;
  readonly level: number;
  /** Why `result` is null. */
  readonly reason: string | null;
}

/** Resamples of the mean return, of which only the spread is used. */
const SAMPLES = 500;
const FEWEST = 20;

/**
 * Capital at which impact eats half of what the strategy makes before impact, from the run's own fills, the volume and range of their bars, and the impact law
 * of the run. The interval allows for the error of the law and for that of the edge (stationary bootstrap of the returns).
 */
export const runCapacity = (
  config: RunConfig,
  chunks: readonly Chunk[],
  { whole, returns, finalEquity, initialCapital }: FrictionOutcome,
  level = 0.95,
): RunCapacity => {
  const impact = impactOf(config);
  const { coefficient, exponent, permanent = 0 } = impact.law;
  const trades = capacityTrades(whole?.fills ?? [], chunks, config.timeframe);
  const isKnown = ({ share, sigma }: CapacityTrade): boolean => share > 0 && sigma >= 0;
  const paid = sum(
    trades
      .filter(isKnown)
      .map(({ notional, share, sigma }) => notional * sigma * (coefficient * power(share, exponent) + 0.5 * permanent * share)),
  );
  const profit = finalEquity - initialCapital;
  const edge = impact.charged ? profit + paid : profit;
  const edgeError =
    returns.length < FEWEST
      ? NaN
      : standardDeviation(stationaryBootstrap(returns, mean, { samples: SAMPLES, seed: config.seed }).samples) *
        returns.length *
        initialCapital;
  const basis = { impact, edge, edgeError, impactNow: paid, level };
  const none = (reason: string): RunCapacity => ({ ...basis, result: null, reason });
  if (trades.length === 0) return none('the strategy did not trade');
  if (!trades.some(isKnown)) return none('the bars of its fills have no volume, which impact is taken from');
  if (!(edge > 0)) return none('it makes nothing before impact, so there is no edge to eat');
  return {
    ...basis,
    reason: null,
    result: capacity({
      capital: initialCapital,
      edge,
      trades,
      impact: impact.law,
      uncertainty: { ...impact.error, ...(Number.isFinite(edgeError) && { edge: edgeError }) },
      seed: config.seed,
      level,
    }),
  };
};
