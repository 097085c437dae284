import type { AccountView, OrderView } from '../../api/accounts-api.js';
import { Badge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { NONE, percent, price, quantity, span } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { rowKey } from './keyed-rows.js';
import { openWhy } from './open-why.js';
import { acceptLatency, orderTerms, stateTone } from './order-words.js';
import { TRADE_COLUMNS } from './trade-columns.js';

const columns = (marketTime: number | null): readonly Column<OrderView>[] => [
  ...TRADE_COLUMNS,
  { key: 'type', title: 'Type', width: 80, cell: row => row.type },
  {
    key: 'quantity',
    title: 'Quantity',
    width: 85,
    align: 'right',
    cell: row => <Figure text={row.quantity === 0 ? NONE : quantity(row.quantity)} reason="Whatever is held when it fills." />,
    sort: row => row.quantity,
  },
  {
    key: 'filled',
    title: 'Filled',
    width: 64,
    align: 'right',
    cell: row => <Figure text={percent(row.quantity === 0 ? 0 : row.filled / row.quantity, 0)} />,
    sort: row => row.filled / row.quantity,
  },
  {
    key: 'limit',
    title: 'Limit',
    width: 88,
    align: 'right',
    cell: row => <Figure text={price(row.limit)} reason="A market order has no limit." />,
    sort: row => row.limit,
  },
  {
    key: 'stop',
    title: 'Trigger',
    width: 88,
    align: 'right',
    cell: row => <Figure text={price(row.stop)} reason="Only stops have a trigger." />,
    sort: row => row.stop,
  },
  { key: 'state', title: 'State', width: 92, cell: row => <Badge tone={stateTone(row.state)}>{row.state}</Badge>, sort: row => row.state },
  {
    key: 'age',
    title: 'Age',
    hint: 'Market time since it left for the venue',
    width: 85,
    align: 'right',
    cell: row => (
      <Figure
        text={span(row.submittedAt === null || marketTime === null ? null : Math.max(0, marketTime - row.submittedAt))}
        reason="It has not left yet."
      />
    ),
    sort: row => row.submittedAt,
  },
  {
    key: 'latency',
    title: 'Taken in',
    hint: 'From leaving for the venue to being taken',
    width: 92,
    align: 'right',
    cell: row => <Figure text={span(acceptLatency(row))} reason="The venue has not answered yet." />,
  },
  { key: 'terms', title: 'Terms', width: 175, cell: row => <span class="ellipsis muted">{orderTerms(row)}</span> },
];

/** Orders at work, as the stream tells of them. A row opens the order's life and why it is there. */
export const OpenOrdersPanel = ({ view }: { readonly view: AccountView }) => (
  <Panel title="Orders at work" flush>
    <DataTable
      caption="Orders at work"
      columns={columns(view.marketTime)}
      rows={view.openOrders}
      rowKey={rowKey}
      onRow={openWhy}
      empty={<EmptyNote title="No order is at work." />}
    />
  </Panel>
);
