import type { FillView } from '../../api/accounts-api.js';
import { Badge } from '../parts/badge.js';
import type { Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { money, price, quantity, utc } from '../parts/figures.js';
import { call } from '../state/api.js';
import { codeText } from './code-words.js';
import { PagedTable } from './paged-table.js';
import { TRADE_COLUMNS } from './trade-columns.js';
import { usePagedRows } from './use-paged-rows.js';

const COLUMNS: readonly Column<FillView>[] = [
  { key: 'ts', title: 'Time (UTC)', width: 172, cell: row => <Figure text={utc(row.ts)} />, sort: row => row.ts },
  ...TRADE_COLUMNS,
  { key: 'price', title: 'Price', width: 95, align: 'right', cell: row => <Figure text={price(row.price)} />, sort: row => row.price },
  {
    key: 'quantity',
    title: 'Quantity',
    hint: 'Base units',
    width: 90,
    align: 'right',
    cell: row => <Figure text={quantity(row.quantity)} />,
    sort: row => row.quantity,
  },
  {
    key: 'fee',
    title: 'Fee',
    hint: 'Settlement asset; negative is a rebate',
    width: 80,
    align: 'right',
    cell: row => <Figure text={money(row.fee)} />,
    sort: row => row.fee,
  },
  {
    key: 'realised',
    title: 'Realised',
    hint: 'Settlement asset, before the fee',
    width: 100,
    align: 'right',
    cell: row => <Figure text={money(row.realised, true)} value={row.realised} />,
    sort: row => row.realised,
  },
  { key: 'liquidity', title: 'Liquidity', width: 85, cell: row => row.liquidity ?? '–', sort: row => row.liquidity },
  {
    key: 'cause',
    title: 'By',
    width: 100,
    cell: row =>
      row.cause === 'strategy' ? (
        <span class="muted">its order</span>
      ) : (
        <Badge tone="warn" title={codeText(row.cause)}>
          {row.cause}
        </Badge>
      ),
    sort: row => row.cause,
  },
  { key: 'order', title: 'Order', width: 110, cell: row => <span class="mono ellipsis">{row.orderId}</span>, sort: row => row.orderId },
];

const FILLS = ['OrderFilled', 'ExternalFilled', 'PositionAdopted'];

/** Fills, newest first, page by page. A row opens why it came about, back to the bar. */
export const FillsList = ({ account }: { readonly account: string }) => {
  const list = usePagedRows(`fills ${account}`, FILLS, (after, signal) =>
    call('accounts.fills', { params: { account }, query: { limit: 100, ...(after !== undefined && { after }) }, signal }),
  );
  return (
    <PagedTable
      list={list}
      caption="Fills, newest first"
      columns={COLUMNS}
      narrow={['symbol', 'side', 'quantity', 'price', 'realised', 'ts']}
      height={420}
      empty="Nothing has filled yet."
    />
  );
};
