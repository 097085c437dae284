import type { TableColumn, TableColumns } from '../parquet.js';

/** What a column of a run's table holds. Times are epoch ms UTC, flags 0 or 1, both as doubles; JSON is text. */
export type ColumnKind = 'time' | 'number' | 'flag' | 'text' | 'json';

type Columns = Readonly<Record<string, ColumnKind>>;

/**
 * The tables of a run: the view that `quantai sql` shows, its Parquet file in the run's folder, and its columns. Prices and money are in quote currency,
 * quantities in base units, rates and returns are fractions. What is not defined is NULL.
 */
export const RUN_TABLES = {
  events: {
    file: 'journal.parquet',
    columns: {
      seq: 'number',
      type: 'text',
      version: 'number',
      ts: 'time',
      known_at: 'time',
      account: 'text',
      strategy: 'text',
      correlation_id: 'number',
      causation_id: 'number',
      payload: 'json',
    },
  },
  orders: {
    file: 'orders.parquet',
    columns: {
      order_id: 'text',
      symbol: 'text',
      side: 'text',
      type: 'text',
      lots: 'number',
      quantity: 'number',
      limit_price: 'number',
      stop_price: 'number',
      tif: 'text',
      post_only: 'flag',
      reduce_only: 'flag',
      good_till: 'time',
      trigger_by: 'text',
      trail_bps: 'number',
      trail_distance: 'number',
      trail_activation: 'number',
      close_position: 'flag',
      position_side: 'text',
      amended: 'number',
      submitted_ts: 'time',
      accepted_ts: 'time',
      ended_ts: 'time',
      ended: 'text',
      code: 'text',
      filled_lots: 'number',
      filled_quantity: 'number',
      average_price: 'number',
      fee: 'number',
      reason: 'text',
    },
  },
  fills: {
    file: 'fills.parquet',
    columns: {
      seq: 'number',
      ts: 'time',
      symbol: 'text',
      order_id: 'text',
      side: 'text',
      price: 'number',
      quantity: 'number',
      fee: 'number',
      slippage: 'number',
      liquidity: 'text',
      realised: 'number',
      reason: 'text',
    },
  },
  trades: {
    file: 'trades.parquet',
    columns: {
      symbol: 'text',
      side: 'text',
      entry_ts: 'time',
      exit_ts: 'time',
      entry_price: 'number',
      exit_price: 'number',
      quantity: 'number',
      gross_pnl: 'number',
      fees: 'number',
      slippage: 'number',
      funding: 'number',
      net_pnl: 'number',
      net_return: 'number',
      entry_reason: 'text',
      exit_reason: 'text',
    },
  },
  /** What the run held, had at work and might do after a fact, as a hash that folding the journal up to there gives again. */
  state_hashes: {
    file: 'states.parquet',
    columns: { seq: 'number', ts: 'time', hash: 'text' },
  },
  equity_curve: {
    file: 'equity.parquet',
    columns: { ts: 'time', equity: 'number', exposure: 'number', gross: 'number' },
  },
  funding_payments: {
    file: 'funding.parquet',
    columns: { ts: 'time', symbol: 'text', rate: 'number', quantity: 'number', mark_price: 'number', amount: 'number' },
  },
  plots: {
    file: 'plots.parquet',
    columns: { name: 'text', symbol: 'text', ts: 'time', value: 'number' },
  },
  /** One row a model, symbol and bar; the model `ensemble` is the combination. `outcome` is down, flat or up, and NULL while it is not known. */
  forecasts: {
    file: 'forecasts.parquet',
    columns: {
      model: 'text',
      symbol: 'text',
      ts: 'time',
      horizon: 'number',
      down: 'number',
      flat: 'number',
      up: 'number',
      mean: 'number',
      sd: 'number',
      low: 'number',
      high: 'number',
      weight: 'number',
      novelty: 'number',
      matured_ts: 'time',
      outcome: 'text',
      realised: 'number',
    },
  },
  /** Scores of each model, over the whole run (`fold` NULL) and by fold; `reason` says why there is no value. */
  model_metrics: {
    file: 'model_metrics.parquet',
    columns: { model: 'text', fold: 'number', metric: 'text', value: 'number', low: 'number', high: 'number', n: 'number', reason: 'text' },
  },
  /** Models that came into force. */
  trainings: {
    file: 'trainings.parquet',
    columns: {
      ts: 'time',
      requested_ts: 'time',
      model: 'text',
      checkpoint: 'text',
      rows: 'number',
      from_ts: 'time',
      to_ts: 'time',
      trigger: 'text',
      late: 'flag',
    },
  },
  folds: {
    file: 'folds.parquet',
    columns: {
      fold: 'number',
      train_from: 'time',
      train_to: 'time',
      test_from: 'time',
      test_to: 'time',
      params: 'json',
      flat_reason: 'text',
      objective: 'text',
      objective_in_sample: 'number',
      objective_out_of_sample: 'number',
      start_equity: 'number',
      end_equity: 'number',
      candidates: 'number',
      pbo: 'number',
      in_sample: 'json',
      out_of_sample: 'json',
      fingerprint: 'text',
    },
  },
  /** Every configuration of a sweep that was evaluated on the whole window; `rank` is NULL for one that was not eligible, `pick` is `peak` or `plateau`. */
  configurations: {
    file: 'configurations.parquet',
    columns: {
      configuration: 'number',
      rank: 'number',
      params: 'json',
      objective: 'text',
      value: 'number',
      sharpe: 'number',
      total_return: 'number',
      max_drawdown: 'number',
      trades: 'number',
      on_front: 'flag',
      pick: 'text',
      metrics: 'json',
      fingerprint: 'text',
    },
  },
} as const satisfies Readonly<Record<string, { readonly file: string; readonly columns: Columns }>>;

export type RunTableName = keyof typeof RUN_TABLES;

type Cell<K extends ColumnKind> = K extends 'text' | 'json' ? string | null : K extends 'flag' ? boolean | null : number | null;

/** One row of a table, by column. */
export type RunTableRow<N extends RunTableName> = {
  readonly [C in keyof (typeof RUN_TABLES)[N]['columns']]: (typeof RUN_TABLES)[N]['columns'][C] extends infer K extends ColumnKind
    ? Cell<K>
    : never;
};

const double = (value: unknown): number => (typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : NaN);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Rows of a table by column, in the table's order of columns, as Parquet files are written from. */
export const tableColumns = <N extends RunTableName>(table: N, rows: readonly RunTableRow<N>[]): TableColumns => {
  const kinds: Columns = RUN_TABLES[table].columns;
  const cells: readonly Readonly<Record<string, unknown>>[] = rows;
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]): [string, TableColumn] => [
      name,
      kind === 'text' || kind === 'json' ? cells.map(row => textOrNull(row[name])) : Float64Array.from(cells, row => double(row[name])),
    ]),
  );
};
