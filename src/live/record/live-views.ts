import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlName } from '../../duckdb.js';
import { nodeDisk } from '../../journal/node-disk.js';
import { readJournal } from '../../journal/ndjson/read-journal.js';
import type { Instrument } from '../../market/instrument.js';
import { createTable, type TableColumns } from '../../parquet.js';
import { decisionOf, payloadOf } from './decision-of-fact.js';
import { equityFiles, readEquity } from './equity-file.js';
import { fillOf } from './fill-of-fact.js';
import { orderHistory } from './order-history.js';
import { positionBook } from './position-book.js';

/** What a column holds. Times are epoch ms and are shown as UTC timestamps, flags 0 or 1 and are shown as booleans, JSON is text. */
type Kind = 'time' | 'number' | 'flag' | 'text' | 'json';
type Row = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The tables of the accounts of a workspace and their columns. Prices in quote currency, quantities in base units, money in the settlement asset, ratios of equity. `strategy` is empty for what belongs to the account itself.
 */
export const LIVE_TABLES = {
  /** Every fact. `position` counts an account's facts from 1; `payload` is in the journal's own units. */
  live_events: {
    account: 'text',
    position: 'number',
    seq: 'number',
    type: 'text',
    version: 'number',
    ts: 'time',
    known_at: 'time',
    strategy: 'text',
    correlation_id: 'number',
    causation_id: 'number',
    payload: 'json',
  },
  /** One row an order, with the terms that it had last. `quantity` is NULL for one that closes whatever is held, `ended_ts` while it works. */
  live_orders: {
    account: 'text',
    strategy: 'text',
    seq: 'number',
    order_id: 'text',
    symbol: 'text',
    side: 'text',
    type: 'text',
    quantity: 'number',
    filled_quantity: 'number',
    limit_price: 'number',
    stop_price: 'number',
    tif: 'text',
    post_only: 'flag',
    reduce_only: 'flag',
    state: 'text',
    code: 'text',
    reason: 'text',
    approved_ts: 'time',
    submitted_ts: 'time',
    accepted_ts: 'time',
    ended_ts: 'time',
    average_price: 'number',
    fee: 'number',
  },
  /** One row a trade. `cause` is `strategy`, or who else traded: liquidation, adl, manual, settlement. */
  live_fills: {
    account: 'text',
    strategy: 'text',
    seq: 'number',
    ts: 'time',
    order_id: 'text',
    symbol: 'text',
    side: 'text',
    price: 'number',
    quantity: 'number',
    fee: 'number',
    realised: 'number',
    liquidity: 'text',
    cause: 'text',
  },
  /** One row a strategy and symbol (and side in hedge mode), flat ones included. */
  live_positions: {
    account: 'text',
    strategy: 'text',
    symbol: 'text',
    side: 'text',
    quantity: 'number',
    entry_price: 'number',
    realised: 'number',
    fees: 'number',
    funding: 'number',
    fills: 'number',
    ts: 'time',
  },
  /** What sessions wrote down of their account (`strategy` empty) and of each strategy. `profit` is what a strategy's trading has made since ever, whatever money was moved. */
  live_equity: {
    account: 'text',
    strategy: 'text',
    ts: 'time',
    equity: 'number',
    exposure: 'number',
    gross: 'number',
    profit: 'number',
  },
  /** What strategies wanted and what was denied. `kind`: target, order, signal, plan, plan-closed, cancel, execution, denied. */
  live_decisions: {
    account: 'text',
    strategy: 'text',
    seq: 'number',
    ts: 'time',
    kind: 'text',
    symbol: 'text',
    text: 'text',
    reason: 'text',
    code: 'text',
    detail: 'json',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind>>>>;

type TableName = keyof typeof LIVE_TABLES;
const NAMES = Object.keys(LIVE_TABLES) as readonly TableName[];

/** Tables of accounts that a query names. */
export const liveTablesIn = (text: string): readonly TableName[] => NAMES.filter(name => new RegExp(`\\b${name}\\b`, 'i').test(text));

const SHOWN: Readonly<Record<Kind, (column: string) => string>> = {
  time: column => `make_timestamp(CAST(round(${column} * 1000) AS BIGINT))`,
  number: column => column,
  flag: column => `${column} <> 0`,
  text: column => column,
  json: column => `CAST(${column} AS JSON)`,
};

const columnsOf = (kinds: Readonly<Record<string, Kind>>, rows: readonly Row[]): TableColumns =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'text' || kind === 'json'
        ? rows.map(row => (row[name] as string | null) ?? null)
        : Float64Array.from(rows, row => {
            const value = row[name];
            return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : NaN;
          }),
    ]),
  );

/** Rows of the tables that are wanted, of one account. */
const rowsOf = async (folder: string, account: string, wanted: ReadonlySet<TableName>, to: Record<TableName, Row[]>): Promise<void> => {
  if (wanted.has('live_equity'))
    for (const { ts, equity, exposure, gross, strategies } of readEquity(
      await Promise.all(equityFiles(folder).map(path => readFile(path, 'utf8').catch(() => ''))),
    )) {
      to.live_equity.push({ account, strategy: '', ts, equity, exposure, gross, profit: null });
      for (const [strategy, own] of Object.entries(strategies))
        if (strategy !== '')
          to.live_equity.push({ account, strategy, ts, equity: own.equity, exposure: null, gross: null, profit: own.profit });
    }
  if ([...wanted].every(name => name === 'live_equity')) return;
  const text = await readFile(join(folder, 'instruments.json'), 'utf8').catch(() => null);
  if (text === null) return;
  const instruments = new Map((JSON.parse(text) as readonly Instrument[]).map(each => [each.symbol, each] as const));
  const instrumentOf = (symbol: string): Instrument | undefined => instruments.get(symbol);
  // The folds of the dashboard, and none that nobody asks for.
  const orders = wanted.has('live_orders') ? orderHistory(instrumentOf) : null;
  const positions = wanted.has('live_positions') ? positionBook(instrumentOf) : null;
  let position = 0;
  for await (const fact of readJournal(nodeDisk(), join(folder, 'journal'))) {
    position++;
    orders?.handle(fact);
    positions?.handle(fact);
    const fill = wanted.has('live_fills') ? fillOf(fact, instrumentOf) : null;
    if (fill !== null) to.live_fills.push({ ...fill, account, order_id: fill.orderId });
    const decision = wanted.has('live_decisions') ? decisionOf(fact) : null;
    if (decision !== null) to.live_decisions.push({ ...decision, account, detail: JSON.stringify(decision.detail) });
    if (!wanted.has('live_events')) continue;
    const { seq, type, version, ts, knownAt, strategy, correlationId, causationId } = fact;
    to.live_events.push({
      account,
      position,
      seq,
      type,
      version,
      ts,
      known_at: knownAt,
      strategy,
      correlation_id: correlationId,
      causation_id: causationId,
      payload: JSON.stringify(payloadOf(fact)),
    });
  }
  for (const order of orders?.all() ?? [])
    to.live_orders.push({
      ...order,
      account,
      order_id: order.orderId,
      filled_quantity: order.filled,
      limit_price: order.limit,
      stop_price: order.stop,
      post_only: order.postOnly,
      reduce_only: order.reduceOnly,
      approved_ts: order.approvedAt,
      submitted_ts: order.submittedAt,
      accepted_ts: order.acceptedAt,
      ended_ts: order.endedAt,
      average_price: order.averagePrice,
    });
  for (const each of positions?.positions() ?? []) to.live_positions.push({ ...each, account, entry_price: each.entryPrice, ts: each.at });
};

/**
 * Creates the tables of the workspace's paper and live accounts: `live_events`, `live_orders`, `live_fills`, `live_positions`, `live_equity`, `live_decisions`. Those that are not `wanted` are empty. Only whole commits count: a
 * session may be writing meanwhile. Throws `JournalDamage` for a journal that is not what was written.
 */
export const registerLiveViews = async (connection: DuckDBConnection, root: string, wanted: readonly TableName[]): Promise<void> => {
  const rows: Record<TableName, Row[]> = {
    live_events: [],
    live_orders: [],
    live_fills: [],
    live_positions: [],
    live_equity: [],
    live_decisions: [],
  };
  const live = join(root, 'live');
  const names =
    wanted.length === 0 ? [] : (await readdir(live, { withFileTypes: true }).catch(() => [])).filter(each => each.isDirectory());
  for (const name of names.map(each => each.name).sort()) await rowsOf(join(live, name), name, new Set(wanted), rows);
  for (const name of NAMES) {
    const kinds: Readonly<Record<string, Kind>> = LIVE_TABLES[name];
    await createTable(connection, 'rows_of_accounts', columnsOf(kinds, rows[name]), rows[name].length);
    const shown = Object.entries(kinds).map(([column, kind]) => `${SHOWN[kind](sqlName(column))} AS ${sqlName(column)}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${sqlName(name)} AS SELECT ${shown.join(', ')} FROM rows_of_accounts`);
    await connection.run('DROP TABLE rows_of_accounts');
  }
};
