import type { FillView } from '../../api/accounts-api.js';
import { Answered } from '../parts/answered.js';
import { Badge, SideBadge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { money, price, quantity, utc } from '../parts/figures.js';
import { call } from '../state/api.js';
import { codeText } from './code-words.js';
import { rowKey } from './keyed-rows.js';
import { OlderButton } from './older-button.js';
import { openWhy } from './open-why.js';
import { firstColumns } from './first-columns.js';
import { useNarrow } from './use-narrow.js';
import { usePagedRows } from './use-paged-rows.js';

const COLUMNS: readonly Column<FillView>[] = [
  { key: 'ts', title: 'Time (UTC)', width: 172, cell: row => <Figure text={utc(row.ts)} />, sort: row => row.ts },
  { key: 'symbol', title: 'Symbol', width: 134, cell: row => row.symbol, sort: row => row.symbol },
  {
    key: 'strategy',
    title: 'Strategy',
    width: 95,
    cell: row => <span class="ellipsis">{row.strategy === '' ? 'the broker' : row.strategy}</span>,
    sort: row => row.strategy,
  },
  { key: 'side', title: 'Side', width: 58, cell: row => <SideBadge side={row.side} /> },
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
  const isNarrow = useNarrow();
  const list = usePagedRows(`fills ${account}`, FILLS, (after, signal) =>
    call('accounts.fills', { params: { account }, query: { limit: 100, ...(after !== undefined && { after }) }, signal }),
  );
  return (
    <>
      <Answered answer={list} height={420}>
        {rows => (
          <DataTable
            caption="Fills, newest first"
            columns={isNarrow ? firstColumns(COLUMNS, ['symbol', 'side', 'quantity', 'price', 'realised', 'ts']) : COLUMNS}
            rows={rows}
            rowKey={rowKey}
            onRow={openWhy}
            height={420}
            empty={<EmptyNote title="Nothing has filled yet." />}
          />
        )}
      </Answered>
      <OlderButton list={list} />
    </>
  );
};
