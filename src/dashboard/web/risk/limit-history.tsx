import type { AnswerOf } from '../../api/endpoints.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { utc } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';

type Change = AnswerOf<'accounts.limits'>['history'][number];

const name = ({ path }: Change): string => path.replace(/^risk\./, '');
const value = (text: string): string => (text === 'null' ? 'off' : text);

const COLUMNS: readonly Column<Change>[] = [
  { key: 'at', title: 'When (UTC)', width: 172, cell: row => <Figure text={utc(row.at)} />, sort: row => row.at },
  { key: 'path', title: 'Limit', width: 124, cell: row => <span class="mono ellipsis">{name(row)}</span>, sort: name },
  { key: 'before', title: 'Before', width: 62, align: 'right', cell: row => <Figure text={value(row.before)} /> },
  { key: 'after', title: 'After', width: 62, align: 'right', cell: row => <Figure text={value(row.after)} /> },
  { key: 'by', title: 'By', width: 70, cell: row => <span class="ellipsis">{row.by}</span>, sort: row => row.by },
  {
    key: 'reason',
    title: 'Reason',
    width: 160,
    cell: row => (
      <span class="ellipsis" title={row.reason}>
        {row.reason === '' ? <span class="muted">tighter</span> : row.reason}
      </span>
    ),
  },
];

/** Who changed which limit, when and why, newest first. */
export const LimitHistory = ({ changes }: { readonly changes: readonly Change[] }) => (
  <Panel title="Changes of limits" flush>
    <DataTable
      caption="Changes of limits"
      columns={COLUMNS}
      rows={[...changes].sort((a, b) => b.seq - a.seq)}
      rowKey={row => `${row.seq} ${row.path}`}
      page={20}
      empty={<EmptyNote title="No limit was changed yet." />}
    />
  </Panel>
);
