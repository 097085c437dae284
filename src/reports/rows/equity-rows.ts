import { drawdownSeries } from '../../metrics/drawdowns.js';
import { reduceIndices } from '../reduce.js';
import type { EquityRow } from '../charts/equity-drawdown.js';
import type { GrowthRow } from '../charts/overlaid-equity.js';
import type { Benchmark, Outcome } from '../outcome.js';

const BUCKETS = 700;

/** The benchmark's last price at or before each moment, as the value of `capital` put into it at the first; NaN before it has a price. */
const held = (ts: Float64Array, { ts: times, price }: Benchmark, capital: number): Float64Array => {
  const values = new Float64Array(ts.length).fill(NaN);
  let k = -1;
  let base = NaN;
  for (let i = 0; i < ts.length; i++) {
    while (k + 1 < times.length && times[k + 1]! <= ts[i]!) k++;
    if (k < 0) continue;
    if (Number.isNaN(base)) base = price[k]!;
    values[i] = (capital * price[k]!) / base;
  }
  return values;
};

/** Equity, benchmark and drawdown of every bar, or of enough of them for a picture; no extreme of any of the three is lost. */
export const equityRows = ({ curve, initialCapital }: Outcome, benchmark: Benchmark | null, buckets = BUCKETS): EquityRow[] => {
  const drawdown = drawdownSeries(curve.equity, initialCapital);
  const other = benchmark && held(curve.ts, benchmark, initialCapital);
  const columns = other ? [curve.equity, drawdown, other] : [curve.equity, drawdown];
  return Array.from(reduceIndices(columns, buckets), i => ({
    ts: curve.ts[i]!,
    equity: curve.equity[i]!,
    benchmark: other && Number.isFinite(other[i]) ? other[i]! : null,
    drawdown: drawdown[i]!,
  }));
};

/** Growth of one unit of capital and drawdown of one of several runs. */
export const growthRows = (run: string, { curve, initialCapital }: Outcome, buckets = 400): GrowthRow[] => {
  const drawdown = drawdownSeries(curve.equity, initialCapital);
  return Array.from(reduceIndices([curve.equity, drawdown], buckets), i => ({
    ts: curve.ts[i]!,
    run,
    growth: curve.equity[i]! / initialCapital,
    drawdown: drawdown[i]!,
  }));
};

/** A curve that spans more than a factor of five is read better on a logarithmic scale. */
export const wantsLog = ({ curve: { equity } }: Outcome): boolean => {
  let low = Infinity;
  let high = 0;
  for (const value of equity) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > 0 && high / low > 5;
};
