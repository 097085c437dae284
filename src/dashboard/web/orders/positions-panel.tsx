import type { AccountView, PositionView } from '../../api/accounts-api.js';
import { Badge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { money, NONE, percent, price, quantity } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { goTo } from '../state/route.js';
import { firstColumns } from './first-columns.js';
import { useNarrow } from './use-narrow.js';
import { distanceTo, judgedPrice } from './order-words.js';

/** A level with how far the price is from it. */
const Level = ({ level, position, none }: { readonly level: number | null; readonly position: PositionView; readonly none: string }) =>
  level === null ? (
    <Figure text={NONE} reason={none} />
  ) : (
    <span class="figure level">
      {price(level)}
      <small class="muted">{percent(distanceTo(level, position), 1, true)}</small>
    </span>
  );

const COLUMNS: readonly Column<PositionView>[] = [
  { key: 'symbol', title: 'Symbol', width: 134, cell: row => row.symbol, sort: row => row.symbol },
  { key: 'strategy', title: 'Strategy', width: 95, cell: row => <span class="ellipsis">{row.strategy}</span>, sort: row => row.strategy },
  {
    key: 'side',
    title: 'Side',
    width: 64,
    cell: row => <Badge tone={row.quantity >= 0 ? 'gain' : 'loss'}>{row.quantity >= 0 ? 'long' : 'short'}</Badge>,
    sort: row => Math.sign(row.quantity),
  },
  {
    key: 'quantity',
    title: 'Quantity',
    hint: 'Base units, signed',
    width: 80,
    align: 'right',
    cell: row => <Figure text={quantity(row.quantity, true)} />,
    sort: row => row.quantity,
  },
  {
    key: 'entry',
    title: 'Entry',
    hint: 'Average entry price',
    width: 88,
    align: 'right',
    cell: row => <Figure text={price(row.entryPrice)} />,
    sort: row => row.entryPrice,
  },
  {
    key: 'mark',
    title: 'Mark',
    hint: 'Mark price, or the last price where there is none',
    width: 88,
    align: 'right',
    cell: row => <Figure text={price(judgedPrice(row))} reason="No price has come yet." />,
  },
  {
    key: 'unrealised',
    title: 'Unrealised',
    hint: 'At the last price, settlement asset',
    width: 94,
    align: 'right',
    cell: row => <Figure text={money(row.unrealised, true)} value={row.unrealised} reason="No price has come yet." />,
    sort: row => row.unrealised,
  },
  {
    key: 'exposure',
    title: 'Exposure',
    hint: 'Signed notional ÷ equity of the account',
    width: 76,
    align: 'right',
    cell: row => <Figure text={percent(row.exposure, 1, true)} />,
    sort: row => row.exposure,
  },
  {
    key: 'stop',
    title: 'Stop',
    hint: 'The protective stop at the venue, and how far it is',
    width: 146,
    align: 'right',
    cell: row => <Level level={row.stop} position={row} none="No protective stop is at the venue." />,
  },
  {
    key: 'target',
    title: 'Target',
    width: 146,
    align: 'right',
    cell: row => <Level level={row.target} position={row} none="The strategy has no target price." />,
  },
  {
    key: 'liquidation',
    title: 'Liquidation',
    hint: 'Estimated price at which the venue closes the position, and how far it is',
    width: 146,
    align: 'right',
    cell: row => (
      <Level level={row.liquidationPrice} position={row} none="The venue would not liquidate at any price, or has not said at which." />
    ),
    sort: row => Math.abs(distanceTo(row.liquidationPrice, row) ?? Infinity),
  },
];

/** Open positions, marked as the stream brings prices. A row opens its market. */
export const PositionsPanel = ({ view }: { readonly view: AccountView }) => {
  const isNarrow = useNarrow();
  return (
    <Panel title="Positions" note={`${view.asset}, marked now`} flush>
      <DataTable
        caption="Open positions"
        columns={isNarrow ? firstColumns(COLUMNS, ['symbol', 'unrealised', 'quantity', 'mark', 'stop']) : COLUMNS}
        rows={view.positions}
        rowKey={({ strategy, symbol, quantity: size }) => `${strategy} ${symbol} ${Math.sign(size)}`}
        onRow={({ symbol }) => goTo('/market', { symbol })}
        empty={<EmptyNote title="Nothing is held." />}
      />
    </Panel>
  );
};
