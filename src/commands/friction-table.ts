import { bpsOf } from '../experiments/friction/break-even.js';
import { samePoint } from '../experiments/friction/friction-grid.js';
import { FRICTION_AXES } from '../experiments/friction/friction-point.js';
import type { FrictionOutcome } from '../experiments/friction/friction-outcome.js';
import type { FrictionResult } from '../experiments/friction/friction.js';
import type { TableColumns } from '../parquet.js';

/** Every run of a sweep: the grid, then those that were added near a break-even, axis by axis. */
export const frictionRuns = ({ grid, curves }: FrictionResult): readonly FrictionOutcome[] => [
  ...grid,
  ...FRICTION_AXES.flatMap(axis => curves[axis].filter(({ point }) => !grid.some(one => samePoint(one.point, point)))),
];

/** The runs by column: what `friction.parquet` holds. Returns are fractions, costs basis points of traded notional a side, money in the settlement asset. */
export const frictionColumns = (result: FrictionResult): TableColumns => {
  const runs = frictionRuns(result);
  const numbers = (value: (run: FrictionOutcome) => number): Float64Array => Float64Array.from(runs, value);
  return {
    fee_scale: numbers(({ point }) => point.fee),
    slippage_added_bps: numbers(({ point }) => point.slippage),
    latency_ms: numbers(({ point }) => point.latency),
    funding_scale: numbers(({ point }) => point.funding),
    on_grid: Float64Array.from(runs, (_, i) => (i < result.grid.length ? 1 : 0)),
    mean_return: numbers(({ meanReturn }) => meanReturn),
    periods_per_year: numbers(({ periodsPerYear }) => periodsPerYear),
    sharpe: numbers(({ sharpe }) => sharpe),
    total_return: numbers(({ totalReturn }) => totalReturn),
    max_drawdown: numbers(({ maxDrawdown }) => maxDrawdown),
    trades: numbers(({ trades }) => trades),
    final_equity: numbers(({ finalEquity }) => finalEquity),
    traded_notional: numbers(({ tradedNotional }) => tradedNotional),
    fee_bps: numbers(({ fees, tradedNotional }) => bpsOf(fees, tradedNotional)),
    slippage_bps: numbers(({ slippage, tradedNotional }) => bpsOf(slippage, tradedNotional)),
    funding: numbers(({ funding }) => funding),
    halted: runs.map(({ halted }) => halted),
    fingerprint: runs.map(({ fingerprint }) => fingerprint),
  };
};
