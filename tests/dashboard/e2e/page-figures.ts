import type { Cell } from './trading-desk.js';

/** A place on a page and the query that has to say the same. Rows are compared in order, cells by the digits that the page shows. */
export interface PageFigures {
  readonly path: string;
  readonly what: string;
  /** Caption of the table, with the titles of its columns in the order of the query's. */
  readonly table?: { readonly caption: string; readonly columns: readonly string[]; readonly rows: number };
  /** Label of a tile and which of its two lines. */
  readonly tile?: { readonly label: string; readonly line: 'value' | 'delta' };
  /** Any other place. */
  readonly selector?: string;
  readonly query: string;
  /** The page has an order of its own, which is not the query's. */
  readonly anyOrder?: true;
}

const HELD = "FROM live_positions WHERE quantity <> 0 AND strategy <> ''";

const FILLS =
  'FROM live_fills f JOIN live_events e ON e.account = f.account AND e.strategy = f.strategy AND e.seq = f.seq ORDER BY e.position DESC';
const NEWEST = "FROM live_equity WHERE strategy = '' ORDER BY ts DESC LIMIT 1";

export const PAGE_FIGURES: readonly PageFigures[] = [
  {
    path: '/',
    what: 'realised profit',
    tile: { label: 'Equity, USDT', line: 'delta' },
    query: "SELECT coalesce(sum(realised), 0) FROM live_fills WHERE strategy <> ''",
  },
  {
    path: '/',
    what: 'fees',
    tile: { label: 'Drawdown', line: 'delta' },
    query: "SELECT coalesce(sum(fee), 0) FROM live_fills WHERE strategy <> ''",
  },
  { path: '/', what: 'positions counted', tile: { label: 'Open PnL', line: 'delta' }, query: `SELECT count(*) ${HELD}` },
  {
    path: '/',
    what: 'recent fills',
    table: { caption: 'Recent fills', columns: ['Side', 'Symbol', 'Quantity', 'Price', 'Realised'], rows: 8 },
    query: `SELECT f.side, f.symbol, f.quantity, f.price, f.realised ${FILLS} LIMIT 8`,
  },
  {
    path: '/',
    what: 'equity of the strategies',
    table: { caption: 'Strategies of the account', columns: ['Strategy', 'Equity'], rows: 5 },
    query: `SELECT strategy, arg_max(equity, ts) FROM live_equity WHERE strategy <> '' GROUP BY strategy`,
    anyOrder: true,
  },
  { path: '/', what: 'exposure', tile: { label: 'Net exposure', line: 'value' }, query: `SELECT exposure ${NEWEST}` },
  { path: '/', what: 'gross exposure', tile: { label: 'Net exposure', line: 'delta' }, query: `SELECT gross ${NEWEST}` },
  { path: '/', what: 'equity', tile: { label: 'Equity, USDT', line: 'value' }, query: `SELECT equity ${NEWEST}` },
  {
    path: '/signals',
    what: 'decisions',
    table: { caption: 'Decisions, newest first', columns: ['Kind', 'Symbol', 'Decision', 'Code'], rows: 10 },
    query:
      'SELECT d.kind, d.symbol, d.text, d.code FROM live_decisions d JOIN live_events e ON e.account = d.account AND e.strategy = d.strategy AND e.seq = d.seq ORDER BY e.position DESC LIMIT 10',
  },
  {
    path: '/risk',
    what: 'changed limits',
    table: { caption: 'Changes of limits', columns: ['Limit', 'Before', 'After', 'By'], rows: 5 },
    query:
      "SELECT replace(payload->>'path', 'risk.', ''), payload->>'before', payload->>'after', payload->>'by' FROM live_events WHERE type = 'SettingChanged' ORDER BY position DESC LIMIT 5",
  },
  {
    path: '/orders?list=ended',
    what: 'ended orders',
    table: {
      caption: 'Orders that have ended, newest first',
      columns: ['Symbol', 'Strategy', 'Side', 'Type', 'End', 'Filled', 'Of', 'Average', 'Fee'],
      rows: 10,
    },
    query:
      "SELECT o.symbol, CASE o.strategy WHEN '' THEN 'the broker' ELSE o.strategy END, o.side, o.type, o.state, o.filled_quantity, o.quantity, o.average_price, o.fee FROM live_orders o JOIN (SELECT account, strategy, payload->>'orderId' AS order_id, max(position) AS ended FROM live_events WHERE type IN ('OrderFilled', 'OrderCancelled', 'OrderExpired', 'OrderRejected') GROUP BY ALL) e USING (account, strategy, order_id) WHERE o.ended_ts IS NOT NULL ORDER BY e.ended DESC LIMIT 10",
  },
  {
    path: '/models',
    what: 'scores',
    table: {
      caption: 'Scores of the models',
      columns: ['Model', 'Forecasts', 'Log loss', 'Brier', 'AUC', 'CRPS', 'ECE', 'Coverage'],
      rows: 9,
    },
    query: `SELECT model, max(n), ${['logLoss', 'brier', 'auc', 'crps', 'ece', 'coverage'].map(metric => `max(value) FILTER (metric = '${metric}')`).join(', ')} FROM model_metrics WHERE fold IS NULL GROUP BY model`,
    anyOrder: true,
  },
  {
    path: '/promotion',
    what: 'the audit log',
    table: { caption: 'Audit log, newest first', columns: ['Who', 'What', 'Record'], rows: 8 },
    query: 'SELECT actor, type, seq FROM audit_log ORDER BY seq DESC LIMIT 8',
  },
  {
    path: '/settings?part=history',
    what: 'changes of settings',
    table: { caption: 'Changes of settings', columns: ['Who', 'Setting', 'After', 'Why'], rows: 5 },
    query: "SELECT actor, word->>'key', word->>'after', word->>'reason' FROM audit_log WHERE type = 'SettingSet' ORDER BY seq DESC LIMIT 5",
  },
  {
    path: '/data?dataset=sample',
    what: 'series',
    table: { caption: 'Series of the dataset', columns: ['Symbol', 'Kind', 'Rows'], rows: 12 },
    query:
      "SELECT symbol, 'bars', count(*) FROM market_data WHERE dataset = 'sample' GROUP BY symbol UNION ALL SELECT symbol, 'funding', count(*) FROM funding_rates WHERE dataset = 'sample' GROUP BY symbol UNION ALL SELECT symbol, 'mark', count(*) FROM mark_prices WHERE dataset = 'sample' GROUP BY symbol",
    anyOrder: true,
  },
  {
    path: '/orders',
    what: 'positions',
    table: { caption: 'Open positions', columns: ['Symbol', 'Strategy', 'Quantity', 'Entry'], rows: 20 },
    query: `SELECT symbol, strategy, quantity, entry_price ${HELD}`,
    anyOrder: true,
  },
  {
    path: '/orders?list=fills',
    what: 'fills',
    table: {
      caption: 'Fills, newest first',
      columns: ['Symbol', 'Strategy', 'Side', 'Price', 'Quantity', 'Fee', 'Realised', 'Order'],
      rows: 10,
    },
    query: `SELECT f.symbol, f.strategy, f.side, f.price, f.quantity, f.fee, f.realised, f.order_id ${FILLS} LIMIT 10`,
  },
  {
    path: '/orders',
    what: 'orders at work',
    table: { caption: 'Orders at work', columns: ['Symbol', 'Strategy', 'Side', 'Type', 'Limit', 'State'], rows: 100 },
    query:
      "SELECT symbol, CASE strategy WHEN '' THEN 'the broker' ELSE strategy END, side, type, limit_price, state FROM live_orders WHERE ended_ts IS NULL ORDER BY approved_ts, seq",
  },
  {
    path: '/journal',
    what: 'the newest fact',
    selector: '.fact-row:not(.fact-head) .fact-position >> nth=0',
    query: 'SELECT max(position) FROM live_events',
  },
  {
    path: '/research',
    what: 'runs',
    table: { caption: 'Finished runs', columns: ['Kind', 'Dataset', 'Net return', 'Sharpe', 'Max DD', 'Trades', 'Wins'], rows: 5 },
    query: 'SELECT command, dataset, total_return, sharpe, max_drawdown, trades, win_rate FROM runs',
    anyOrder: true,
  },
  {
    path: '/data',
    what: 'datasets',
    table: { caption: 'Datasets', columns: ['Dataset'], rows: 20 },
    query: 'SELECT DISTINCT dataset FROM market_data ORDER BY 1',
  },
];

const PLAIN = /^([+\-−]?)([\d,]+)(?:\.(\d+))?(%?)$/;

/** Whether a text of the page is this value, to the digits that it shows. */
export const saysTheSame = (text: string, value: Cell): boolean => {
  const word = text.trim();
  if (typeof value !== 'number')
    return value === null ? word === '–' || word === '0' || word === '' : word.split('\n')[0] === String(value);
  const found = PLAIN.exec(word.split(/\s+/).find(part => PLAIN.test(part)) ?? '');
  if (found === null) return false;
  const [, sign = '', whole = '', decimals = '', share = ''] = found;
  const shown = Number(`${whole.replaceAll(',', '')}.${decimals}0`) * (sign === '-' || sign === '−' ? -1 : 1);
  return Math.abs(shown - (share === '' ? value : value * 100)) <= 0.5000001 * 10 ** -decimals.length;
};
