import type { OrderView } from '../../api/accounts-api.js';
import { Badge } from '../parts/badge.js';
import type { Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { money, NONE, price, quantity, span, utc } from '../parts/figures.js';
import { call } from '../state/api.js';
import { codeText } from './code-words.js';
import { PagedTable } from './paged-table.js';
import { acceptLatency, stateTone } from './order-words.js';
import { TRADE_COLUMNS } from './trade-columns.js';
import { usePagedRows } from './use-paged-rows.js';

const COLUMNS: readonly Column<OrderView>[] = [
  { key: 'ended', title: 'Ended (UTC)', width: 172, cell: row => <Figure text={utc(row.endedAt)} />, sort: row => row.endedAt },
  ...TRADE_COLUMNS,
  { key: 'type', title: 'Type', width: 80, cell: row => row.type, sort: row => row.type },
  { key: 'state', title: 'End', width: 92, cell: row => <Badge tone={stateTone(row.state)}>{row.state}</Badge>, sort: row => row.state },
  {
    key: 'filled',
    title: 'Filled',
    hint: 'Base units',
    width: 85,
    align: 'right',
    cell: row => <Figure text={quantity(row.filled)} />,
    sort: row => row.filled,
  },
  {
    key: 'of',
    title: 'Of',
    hint: 'Quantity of the order',
    width: 85,
    align: 'right',
    cell: row => <Figure text={row.quantity === 0 ? NONE : quantity(row.quantity)} reason="Whatever is held when it fills." />,
    sort: row => row.quantity,
  },
  {
    key: 'average',
    title: 'Average',
    hint: 'Average price of its fills',
    width: 90,
    align: 'right',
    cell: row => <Figure text={price(row.averagePrice)} reason="It did not fill." />,
    sort: row => row.averagePrice,
  },
  {
    key: 'fee',
    title: 'Fee',
    hint: 'Settlement asset; negative is a rebate',
    width: 68,
    align: 'right',
    cell: row => <Figure text={money(row.fee)} />,
    sort: row => row.fee,
  },
  {
    key: 'latency',
    title: 'Taken in',
    hint: 'From leaving for the venue to being taken',
    width: 92,
    align: 'right',
    cell: row => <Figure text={span(acceptLatency(row))} reason="The venue never had it." />,
    sort: acceptLatency,
  },
  {
    key: 'reason',
    title: 'Reason',
    width: 140,
    cell: row => (
      <span class="ellipsis muted" title={[row.code === null ? '' : codeText(row.code), row.reason].filter(text => text !== '').join('. ')}>
        {row.code === null ? row.reason : codeText(row.code)}
      </span>
    ),
  },
];

const ENDS = ['OrderFilled', 'OrderCancelled', 'OrderExpired', 'OrderRejected'];

/** Orders that have ended, newest first, page by page. A row opens the order's life and why it was there. */
export const EndedOrders = ({ account }: { readonly account: string }) => {
  const list = usePagedRows(`orders ${account}`, ENDS, (after, signal) =>
    call('accounts.orders', { params: { account }, query: { limit: 100, ...(after !== undefined && { after }) }, signal }),
  );
  return (
    <PagedTable
      list={list}
      caption="Orders that have ended, newest first"
      columns={COLUMNS}
      narrow={['symbol', 'side', 'filled', 'average', 'state', 'ended']}
      height={420}
      empty="No order has ended yet."
    />
  );
};
