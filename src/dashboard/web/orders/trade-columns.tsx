import type { OrderView } from '../../api/accounts-api.js';
import { SideBadge } from '../parts/badge.js';
import type { Column } from '../parts/data-table.js';

/** What is traded, by whom and to which side: the same of orders and of fills. */
export const TRADE_COLUMNS: readonly Column<Pick<OrderView, 'symbol' | 'strategy' | 'side'>>[] = [
  { key: 'symbol', title: 'Symbol', width: 134, cell: row => row.symbol, sort: row => row.symbol },
  {
    key: 'strategy',
    title: 'Strategy',
    width: 95,
    cell: row => <span class="ellipsis">{row.strategy === '' ? 'the broker' : row.strategy}</span>,
    sort: row => row.strategy,
  },
  { key: 'side', title: 'Side', width: 58, cell: row => <SideBadge side={row.side} /> },
];
