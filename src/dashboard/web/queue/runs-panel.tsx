import type { QueueRunView } from '../../api/queue-api.js';
import { Badge } from '../parts/badge.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { count, span, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { Progress } from '../parts/progress.js';
import { now } from '../state/now.js';

/** A run says every two seconds that it lives. */
const SILENT_MS = 8_000;

/** Characters at the end of a name that are never cut off: a run's hash, by which it is told from others of its strategy. */
const KEPT = 10;

const RunName = ({ name }: { readonly name: string }) => (
  <span class="queue-run mono" title={name}>
    <span class="ellipsis">{name.slice(0, -KEPT)}</span>
    <span>{name.slice(-KEPT)}</span>
  </span>
);

const COLUMNS: readonly Column<QueueRunView>[] = [
  {
    key: 'name',
    title: 'Run',
    width: 240,
    sort: ({ name }) => name,
    cell: ({ name }) => <RunName name={name} />,
  },
  {
    key: 'progress',
    title: 'Progress',
    width: 150,
    cell: ({ name, done, jobs }) => (
      <span class="queue-progress">
        <Progress label={name} done={done} total={jobs} />
        <span class="figure">{done === null ? `of ${count(jobs)}` : `${count(done)} of ${count(jobs)}`}</span>
      </span>
    ),
  },
  {
    key: 'waiting',
    title: 'Waits for',
    width: 84,
    align: 'right',
    hint: 'Jobs',
    sort: ({ waiting }) => waiting,
    cell: ({ waiting }) => <span class="figure">{count(waiting)}</span>,
  },
  {
    key: 'submitter',
    title: 'By',
    width: 120,
    sort: ({ submitter }) => submitter,
    cell: ({ submitter }) => <CutText text={submitter} />,
  },
  { key: 'urgency', title: 'Priority', width: 84, sort: ({ urgency }) => urgency, cell: ({ urgency }) => <Badge>{urgency}</Badge> },
  {
    key: 'begun',
    title: 'Begun (UTC)',
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
    cell: ({ seen }) =>
      now.value - seen < SILENT_MS ? <span class="muted">now</span> : <span class="figure tone-warn">{span(now.value - seen)} ago</span>,
  },
];

/** Runs that wait for jobs of the queue. */
export const RunsPanel = ({ runs }: { readonly runs: readonly QueueRunView[] }) => (
  <Panel title="Runs that wait" flush>
    <DataTable
      caption="Runs that wait for jobs"
      columns={COLUMNS}
      rows={runs}
      rowKey={({ key }) => key}
      page={10}
      empty={<EmptyNote title="Nobody waits for anything">A walk-forward or a sweep with --on brings jobs here.</EmptyNote>}
    />
  </Panel>
);
