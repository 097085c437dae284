import type { PlanView } from '../../api/accounts-api.js';
import { SideBadge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { countdown, money, price, quantity, ratio, utcMinute } from '../parts/figures.js';
import { openWhy } from '../orders/open-why.js';

export type PlanRow = PlanView & { readonly strategy: string };

const columns = (marketTime: number | null): readonly Column<PlanRow>[] => [
  { key: 'symbol', title: 'Symbol', width: 150, cell: row => row.symbol, sort: row => row.symbol },
  { key: 'strategy', title: 'Strategy', width: 130, cell: row => <span class="ellipsis">{row.strategy}</span>, sort: row => row.strategy },
  { key: 'side', title: 'Side', width: 64, cell: row => <SideBadge side={row.side} />, sort: row => row.side },
  {
    key: 'quantity',
    title: 'Quantity',
    hint: 'Base units',
    width: 95,
    align: 'right',
    cell: row => <Figure text={quantity(row.quantity)} />,
    sort: row => row.quantity,
  },
  { key: 'entry', title: 'Entry', width: 100, align: 'right', cell: row => <Figure text={price(row.entry)} /> },
  { key: 'stop', title: 'Stop-loss', width: 100, align: 'right', cell: row => <Figure text={price(row.stopLoss)} /> },
  { key: 'target', title: 'Take-profit', width: 100, align: 'right', cell: row => <Figure text={price(row.takeProfit)} /> },
  {
    key: 'rr',
    title: 'R : R',
    hint: 'Reward ÷ risk',
    width: 70,
    align: 'right',
    cell: row => <Figure text={ratio(row.rewardToRisk)} />,
    sort: row => row.rewardToRisk,
  },
  {
    key: 'ev',
    title: 'Expected',
    hint: 'Expected value after costs, settlement asset',
    width: 95,
    align: 'right',
    cell: row => <Figure text={money(row.expectedValue, true)} value={row.expectedValue} />,
    sort: row => row.expectedValue,
  },
  {
    key: 'left',
    title: 'Time left',
    hint: 'Market time until the plan expires',
    width: 95,
    align: 'right',
    cell: row => (
      <span title={`Expires ${utcMinute(row.expiresAt)} UTC`}>
        <Figure text={marketTime === null ? '–' : countdown(row.expiresAt - marketTime)} />
      </span>
    ),
    sort: row => row.expiresAt,
  },
];

/** Plans that are not over. A row opens why it was made. */
export const PlansTable = ({ rows, marketTime }: { readonly rows: readonly PlanRow[]; readonly marketTime: number | null }) => (
  <DataTable
    caption="Plans that are not over"
    columns={columns(marketTime)}
    rows={rows}
    rowKey={({ strategy, plan }) => `${strategy} ${plan}`}
    onRow={openWhy}
    empty={<EmptyNote title="No plan is open.">A signal that is worth its costs makes one.</EmptyNote>}
  />
);
