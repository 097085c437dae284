import type { PlotSeries, RunResult } from '../engine/run-result.js';
import type { SweepResult } from '../experiments/sweep.js';
import type { FoldResult, WalkForwardResult } from '../experiments/walk-forward.js';
import { forecastFiles } from './forecast-tables.js';
import { modelMetrics } from './model-metrics.js';
import { OrderTable } from '../journal/orders.js';
import { journalColumns } from '../journal/parquet.js';
import { RUN_TABLES, tableColumns, type RunTableRow } from '../journal/tables.js';
import type { TableColumns } from '../parquet.js';
import type { Fill, FundingPayment, RoundTrip } from '../portfolio/fill.js';

/** Tables by the name of their file in the run's folder. */
export type RunFiles = Readonly<Record<string, TableColumns>>;

/** What a backtest and the joined tests of a walk-forward have in common. */
type Traded = Pick<RunResult, 'curve' | 'fills' | 'roundTrips' | 'funding' | 'plots'>;

const fillRow = ({
  seq,
  ts,
  symbol,
  orderId,
  side,
  price,
  quantity,
  fee,
  slippage,
  liquidity,
  realised,
  reason,
}: Fill): RunTableRow<'fills'> => ({
  seq,
  ts,
  symbol,
  order_id: orderId,
  side,
  price,
  quantity,
  fee,
  slippage,
  liquidity,
  realised,
  reason,
});

const tradeRow = (trip: RoundTrip): RunTableRow<'trades'> => ({
  symbol: trip.symbol,
  side: trip.side,
  entry_ts: trip.entryTs,
  exit_ts: trip.exitTs,
  entry_price: trip.entryPrice,
  exit_price: trip.exitPrice,
  quantity: trip.quantity,
  gross_pnl: trip.grossPnl,
  fees: trip.fees,
  slippage: trip.slippage,
  funding: trip.funding,
  net_pnl: trip.netPnl,
  net_return: trip.netReturn,
  entry_reason: trip.entryReason,
  exit_reason: trip.exitReason,
});

const fundingRow = ({ ts, symbol, rate, quantity, markPrice, amount }: FundingPayment): RunTableRow<'funding_payments'> => ({
  ts,
  symbol,
  rate,
  quantity,
  mark_price: markPrice,
  amount,
});

const foldRow = (fold: FoldResult, objective: string): RunTableRow<'folds'> => ({
  fold: fold.index,
  train_from: fold.train.from,
  train_to: fold.train.to,
  test_from: fold.test.from,
  test_to: fold.test.to,
  params: fold.params && JSON.stringify(fold.params),
  flat_reason: fold.flatReason,
  objective,
  objective_in_sample: fold.decay.inSample,
  objective_out_of_sample: fold.decay.outOfSample,
  start_equity: fold.startEquity,
  end_equity: fold.endEquity,
  candidates: fold.candidates.length,
  pbo: fold.pbo.value,
  in_sample: fold.inSample && JSON.stringify(fold.inSample),
  out_of_sample: fold.outOfSample && JSON.stringify(fold.outOfSample),
  fingerprint: fold.fingerprint,
});

/** Funding payments by column. */
export const fundingColumns = (funding: readonly FundingPayment[]): TableColumns =>
  tableColumns('funding_payments', funding.map(fundingRow));

/** The tables that are exported as CSV too, by their name on the command line. */
export const EXPORTED = { fills: 'fills', trades: 'trades', equity: 'equity_curve' } as const;
export type ExportedTable = keyof typeof EXPORTED;

/** One of them by column. */
export const exportedColumns = (
  table: ExportedTable,
  { curve, fills, roundTrips }: Pick<Traded, 'curve' | 'fills' | 'roundTrips'>,
): TableColumns => {
  switch (table) {
    case 'fills':
      return tableColumns('fills', fills.map(fillRow));
    case 'trades':
      return tableColumns('trades', roundTrips.map(tradeRow));
    case 'equity':
      return { ts: curve.ts, equity: curve.equity, exposure: curve.exposure, gross: curve.gross };
  }
};

/** Series one after another, without an object a point. */
const plotColumns = (plots: readonly PlotSeries[]): TableColumns => {
  const length = plots.reduce((sum, plot) => sum + plot.ts.length, 0);
  const [ts, value] = [new Float64Array(length), new Float64Array(length)];
  const repeated = (text: (plot: PlotSeries) => string): string[] => plots.flatMap(plot => Array.from(plot.ts, () => text(plot)));
  let offset = 0;
  for (const plot of plots) {
    ts.set(plot.ts, offset);
    value.set(plot.value, offset);
    offset += plot.ts.length;
  }
  return { name: repeated(({ name }) => name), symbol: repeated(({ symbol }) => symbol), ts, value };
};

const tradedFiles = (traded: Traded): RunFiles => ({
  [RUN_TABLES.equity_curve.file]: exportedColumns('equity', traded),
  [RUN_TABLES.fills.file]: exportedColumns('fills', traded),
  [RUN_TABLES.trades.file]: exportedColumns('trades', traded),
  [RUN_TABLES.funding_payments.file]: fundingColumns(traded.funding),
  [RUN_TABLES.plots.file]: plotColumns(traded.plots),
});

/** What a backtest keeps beside its report: its journal, and what follows from it as tables. */
export const backtestFiles = (result: RunResult): RunFiles => {
  const orders = new OrderTable(result.manifest.instruments);
  for (const fact of result.facts) orders.apply(fact);
  return {
    [RUN_TABLES.events.file]: journalColumns(result.facts),
    [RUN_TABLES.orders.file]: tableColumns('orders', orders.rows()),
    [RUN_TABLES.state_hashes.file]: tableColumns('state_hashes', result.states ?? []),
    ...tradedFiles(result),
    ...forecastFiles(result.forecasts, modelMetrics(result.forecasts)),
  };
};

/** What a walk-forward keeps beside its report: its folds, and the joined tests as tables. */
export const walkForwardFiles = ({ folds, objective, stitched }: WalkForwardResult): RunFiles => ({
  [RUN_TABLES.folds.file]: tableColumns(
    'folds',
    folds.map(fold => foldRow(fold, objective.metric)),
  ),
  ...tradedFiles(stitched),
  ...forecastFiles(stitched.forecasts, modelMetrics(stitched.forecasts, folds)),
});

/** What a sweep keeps beside its report: every configuration, in the order of proposal. */
export const sweepFiles = ({ configurations, ranking, front, peak, plateau, objective, periodsPerYear }: SweepResult): RunFiles => {
  const rankOf = new Map(ranking.map((index, rank) => [index, rank + 1]));
  const isFront = new Set(front);
  const rows = configurations.map(({ params, metrics, sharpe, fingerprint }, i): RunTableRow<'configurations'> => ({
    configuration: i + 1,
    rank: rankOf.get(i) ?? null,
    params: JSON.stringify(params),
    objective: objective.metric,
    value: metrics[objective.metric] ?? null,
    sharpe: sharpe === null ? null : sharpe * Math.sqrt(periodsPerYear),
    total_return: metrics['totalReturn'] ?? null,
    max_drawdown: metrics['maxDrawdown'] ?? null,
    trades: metrics['trades'] ?? null,
    on_front: objective.also === undefined ? null : isFront.has(i),
    pick: i === plateau?.index ? 'plateau' : i === peak?.index ? 'peak' : null,
    metrics: JSON.stringify(metrics),
    fingerprint,
  }));
  return { [RUN_TABLES.configurations.file]: tableColumns('configurations', rows) };
};
