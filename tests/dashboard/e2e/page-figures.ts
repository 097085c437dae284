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
}

const HELD = "FROM live_positions WHERE quantity <> 0 AND strategy <> ''";

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
    path: '/orders',
    what: 'positions',
    table: { caption: 'Open positions', columns: ['Symbol', 'Strategy', 'Quantity', 'Entry'], rows: 20 },
    query: `SELECT symbol, strategy, quantity, entry_price ${HELD}`,
  },
  {
    path: '/orders?list=fills',
    what: 'fills',
    table: {
      caption: 'Fills, newest first',
      columns: ['Symbol', 'Strategy', 'Side', 'Price', 'Quantity', 'Fee', 'Realised', 'Order'],
      rows: 10,
    },
    query:
      'SELECT f.symbol, f.strategy, f.side, f.price, f.quantity, f.fee, f.realised, f.order_id FROM live_fills f JOIN live_events e ON e.account = f.account AND e.strategy = f.strategy AND e.seq = f.seq ORDER BY e.position DESC LIMIT 10',
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
    what: 'trades of the run',
    table: { caption: 'Finished runs', columns: ['Trades'], rows: 1 },
    query: 'SELECT count(*) FROM trades',
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
  if (typeof value !== 'number') return value === null ? word === '–' || word === '0' : word.split('\n')[0] === String(value);
  const found = PLAIN.exec(word.split(/\s+/).find(part => PLAIN.test(part)) ?? '');
  if (found === null) return false;
  const [, sign = '', whole = '', decimals = '', share = ''] = found;
  const shown = Number(`${whole.replaceAll(',', '')}.${decimals}0`) * (sign === '-' || sign === '−' ? -1 : 1);
  return Math.abs(shown - (share === '' ? value : value * 100)) <= 0.5000001 * 10 ** -decimals.length;
};
