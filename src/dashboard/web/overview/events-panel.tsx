import type { DecisionView, FillView } from '../../api/accounts-api.js';
import { factName } from '../orders/fact-name.js';
import { Answered } from '../parts/answered.js';
import { Badge, SideBadge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { money, price, quantity, utc, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';
import { addressOf, goTo } from '../state/route.js';

const SHOWN = 8;

const FILLS: readonly Column<FillView>[] = [
  { key: 'ts', title: 'Time (UTC)', width: 150, cell: row => <span class="figure">{utc(row.ts)}</span> },
  { key: 'side', title: 'Side', width: 60, cell: row => <SideBadge side={row.side} /> },
  { key: 'symbol', title: 'Symbol', width: 140, cell: row => row.symbol },
  { key: 'quantity', title: 'Quantity', width: 80, align: 'right', cell: row => quantity(row.quantity) },
  { key: 'price', title: 'Price', width: 95, align: 'right', cell: row => price(row.price) },
  {
    key: 'realised',
    title: 'Realised',
    width: 90,
    align: 'right',
    cell: row => <Figure text={money(row.realised, true)} value={row.realised} />,
  },
];

const DENIALS: readonly Column<DecisionView>[] = [
  { key: 'ts', title: 'UTC', width: 116, cell: row => <span class="figure">{utcMinute(row.ts).slice(5)}</span> },
  {
    key: 'code',
    title: 'Why',
    width: 126,
    cell: row => (
      <Badge tone="warn" title={row.text}>
        {row.code ?? 'denied'}
      </Badge>
    ),
  },
  { key: 'symbol', title: 'Symbol', width: 142, cell: row => <span title={row.text}>{row.symbol ?? '–'}</span> },
];

/** The newest fills. A row opens the why-view. */
export const FillsPanel = ({ account }: { readonly account: string }) => {
  const fills = useAnswer('accounts.fills', { params: { account }, query: { limit: SHOWN } }, 0, ['OrderFilled', 'ExternalFilled']);
  return (
    <Panel title="Recent fills" flush aside={<a href={addressOf('/orders', { list: 'fills' })}>All</a>}>
      <Answered answer={fills} rows={5}>
        {({ rows }) => (
          <DataTable
            caption="Recent fills"
            columns={FILLS}
            rows={rows}
            rowKey={row => `${row.strategy}/${row.seq}`}
            onRow={row => goTo('/orders', { list: 'fills', why: factName(row) })}
            empty="Nothing has been filled yet."
          />
        )}
      </Answered>
    </Panel>
  );
};

/** The newest refusals, with their reasons. */
export const DenialsPanel = ({ account }: { readonly account: string }) => {
  const denials = useAnswer('accounts.decisions', { params: { account }, query: { kind: 'denied', limit: SHOWN } }, 0, ['IntentDenied']);
  return (
    <Panel title="Recent denials" flush aside={<a href={addressOf('/signals', { kind: 'denied' })}>All</a>}>
      <Answered answer={denials} rows={5}>
        {({ rows }) => (
          <DataTable
            caption="Recent denials"
            columns={DENIALS}
            rows={rows}
            rowKey={row => `${row.strategy}/${row.seq}`}
            empty="Nothing has been denied."
          />
        )}
      </Answered>
    </Panel>
  );
};
