import type { QueueWorkerView } from '../../api/queue-api.js';
import { Badge } from '../parts/badge.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { count, span, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { now } from '../state/now.js';

const COLUMNS: readonly Column<QueueWorkerView>[] = [
  {
    key: 'name',
    title: 'Worker',
    width: 220,
    sort: ({ name }) => name,
    cell: ({ name }) => <CutText text={name} look="mono" />,
  },
  {
    key: 'host',
    title: 'Host',
    width: 130,
    sort: ({ host }) => host,
    cell: ({ host }) => <CutText text={host} />,
  },
  {
    key: 'state',
    title: 'State',
    width: 84,
    sort: ({ alive, busy }) => (alive ? busy : -1),
    cell: ({ alive, busy }) =>
      alive ? <Badge tone={busy > 0 ? 'accent' : 'neutral'}>{busy > 0 ? 'at work' : 'idle'}</Badge> : <Badge tone="warn">gone</Badge>,
  },
  {
    key: 'threads',
    title: 'Threads',
    width: 92,
    align: 'right',
    hint: 'Busy, of all',
    sort: ({ threads }) => threads,
    cell: ({ busy, threads, alive }) => (
      <span class="figure">
        {alive ? count(busy) : 0} of {count(threads)}
      </span>
    ),
  },
  {
    key: 'done',
    title: 'Jobs done',
    width: 92,
    align: 'right',
    sort: ({ done }) => done,
    cell: ({ done }) => <span class="figure">{count(done)}</span>,
  },
  {
    key: 'begun',
    title: 'Since (UTC)',
    width: 136,
    align: 'right',
    sort: ({ begun }) => begun,
    cell: ({ begun }) => <span class="figure muted">{utcMinute(begun)}</span>,
  },
  {
    key: 'seen',
    title: 'Last seen',
    width: 100,
    align: 'right',
    sort: ({ seen }) => seen,
    cell: ({ seen, alive }) =>
      alive ? <span class="muted">now</span> : <span class="figure tone-warn">{span(Math.max(0, now.value - seen))} ago</span>,
  },
];

/** Who does the jobs: those that live first. One that ended in good order is not listed, one that is gone stays for a week. */
export const WorkersPanel = ({ workers }: { readonly workers: readonly QueueWorkerView[] }) => (
  <Panel title="Workers" flush>
    <DataTable
      caption="Workers of the queue"
      columns={COLUMNS}
      rows={[...workers].sort((a, b) => Number(b.alive) - Number(a.alive) || b.seen - a.seen)}
      rowKey={({ name }) => name}
      page={10}
      empty={
        <EmptyNote title="No worker serves this queue" command="quantai worker --on postgres://…">
          Start one on any machine that reaches the database:
        </EmptyNote>
      }
    />
  </Panel>
);
