import type { ScoresView } from '../../api/models-api.js';
import { Badge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { count, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';

type Training = ScoresView['trainings'][number];

const COLUMNS: readonly Column<Training>[] = [
  {
    key: 'ts',
    title: 'In force from (UTC)',
    width: 140,
    sort: ({ ts }) => ts,
    cell: ({ ts }) => <span class="figure">{utcMinute(ts)}</span>,
  },
  { key: 'model', title: 'Model', width: 120, sort: ({ model }) => model, cell: ({ model }) => model },
  {
    key: 'trigger',
    title: 'Because of',
    width: 110,
    sort: ({ trigger }) => trigger,
    cell: ({ trigger, late }) => (
      <span class="inline">
        {trigger}
        {late ? <Badge tone="warn">late</Badge> : null}
      </span>
    ),
  },
  { key: 'rows', title: 'Rows', width: 80, align: 'right', sort: ({ rows }) => rows, cell: ({ rows }) => <Figure text={count(rows)} /> },
  {
    key: 'checkpoint',
    title: 'Checkpoint',
    width: 110,
    cell: ({ checkpoint }) => (
      <span class="mono muted" title={checkpoint}>
        {checkpoint.slice(0, 12)}
      </span>
    ),
  },
];

/** Models that came into force, newest first. */
export const TrainingsPanel = ({ trainings }: { readonly trainings: readonly Training[] }) => (
  <Panel title="Trainings" note={`${trainings.length} models came into force`} flush>
    <DataTable
      caption="Trainings"
      columns={COLUMNS}
      rows={trainings}
      rowKey={({ ts, model, checkpoint }) => `${ts} ${model} ${checkpoint}`}
      sortBy={{ key: 'ts', down: true }}
      page={10}
      empty={<EmptyNote title="Nothing was trained in this run" />}
    />
  </Panel>
);
