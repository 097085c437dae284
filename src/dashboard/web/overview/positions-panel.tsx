import type { AccountView, PositionView } from '../../api/accounts-api.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { money, percent, price, quantity } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { addressOf, goTo } from '../state/route.js';

const COLUMNS: readonly Column<PositionView>[] = [
  { key: 'symbol', title: 'Symbol', width: 148, cell: row => <b>{row.symbol}</b>, sort: row => row.symbol },
  { key: 'strategy', title: 'Strategy', width: 92, cell: row => row.strategy, sort: row => row.strategy },
  {
    key: 'quantity',
    title: 'Quantity',
    width: 84,
    align: 'right',
    cell: row => <Figure text={quantity(row.quantity, true)} value={row.quantity} />,
    sort: row => row.quantity,
  },
  { key: 'entry', title: 'Entry', width: 88, align: 'right', cell: row => price(row.entryPrice), sort: row => row.entryPrice },
  { key: 'last', title: 'Last', width: 88, align: 'right', cell: row => price(row.lastPrice), sort: row => row.lastPrice },
  {
    key: 'unrealised',
    title: 'Open PnL',
    width: 88,
    align: 'right',
    cell: row => <Figure text={money(row.unrealised, true)} value={row.unrealised} reason="There is no price yet." />,
    sort: row => row.unrealised,
  },
  {
    key: 'exposure',
    title: 'Exposure',
    hint: 'Signed notional ÷ equity',
    width: 80,
    align: 'right',
    cell: row => percent(row.exposure, 1, true),
    sort: row => row.exposure,
  },
  {
    key: 'stop',
    title: 'Stop',
    hint: 'Protective stop at the venue',
    width: 92,
    align: 'right',
    cell: row => <Figure text={price(row.stop)} reason="There is no protective stop at the venue." />,
    sort: row => row.stop,
  },
];

/** What is held now. A row leads to its market. */
export const PositionsPanel = ({ account: it }: { readonly account: AccountView }) => (
  <Panel title="Positions" flush aside={<a href={addressOf('/orders')}>Orders</a>}>
    <DataTable
      caption="Open positions"
      columns={COLUMNS}
      rows={it.positions}
      rowKey={row => `${row.strategy}/${row.symbol}/${Math.sign(row.quantity)}`}
      onRow={row => goTo('/market', { symbol: row.symbol })}
      empty="Nothing is held."
    />
  </Panel>
);
