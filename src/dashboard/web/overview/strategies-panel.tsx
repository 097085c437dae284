import type { AccountView, StrategyView } from '../../api/accounts-api.js';
import { Badge, RiskBadge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { money } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { addressOf } from '../state/route.js';

const COLUMNS: readonly Column<StrategyView>[] = [
  { key: 'name', title: 'Strategy', width: 100, cell: row => <b>{row.name}</b>, sort: row => row.name },
  {
    key: 'state',
    title: 'State',
    width: 72,
    cell: row =>
      row.failure === null ? (
        row.risk === 'ACTIVE' ? (
          row.phase
        ) : (
          <RiskBadge risk={row.risk} />
        )
      ) : (
        <Badge tone="alarm" title={row.failure}>
          failed
        </Badge>
      ),
  },
  { key: 'equity', title: 'Equity', width: 92, align: 'right', cell: row => money(row.equity), sort: row => row.equity },
  {
    key: 'today',
    title: 'Today',
    width: 104,
    align: 'right',
    cell: row => <Figure text={money(row.today, true)} value={row.today} reason="The day has no beginning yet." />,
    sort: row => row.today,
  },
];

/** Each strategy's part of the account. */
export const StrategiesPanel = ({ account: it }: { readonly account: AccountView }) => (
  <Panel title="Strategies" flush aside={<a href={addressOf('/signals')}>Signals</a>}>
    <DataTable
      caption="Strategies of the account"
      columns={COLUMNS}
      rows={it.strategies}
      rowKey={row => row.name}
      empty="No strategy trades here."
    />
  </Panel>
);
