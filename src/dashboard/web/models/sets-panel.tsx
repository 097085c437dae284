import type { ModelSetLine } from '../../api/models-api.js';
import { Button } from '../parts/button.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { Figure } from '../parts/figure.js';
import { count, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { useAnswer } from '../state/answer.js';
import { goTo } from '../state/route.js';

const COLUMNS: readonly Column<ModelSetLine>[] = [
  { key: 'set', title: 'Set', width: 180, sort: ({ set }) => set, cell: ({ set }) => set },
  {
    key: 'current',
    title: 'In force',
    width: 110,
    cell: ({ current }) => <span class="mono">{current === null ? 'none' : current.slice(0, 12)}</span>,
  },
  {
    key: 'versions',
    title: 'Versions',
    width: 76,
    align: 'right',
    sort: ({ versions }) => versions,
    cell: ({ versions }) => <Figure text={count(versions)} />,
  },
  {
    key: 'trainedAt',
    title: 'Trained (UTC)',
    width: 136,
    align: 'right',
    sort: ({ trainedAt }) => trainedAt,
    cell: ({ trainedAt }) => <span class="figure muted">{utcMinute(trainedAt)}</span>,
  },
];

/** Saved sets of models. `chosen` is the one whose versions are shown. */
export const SetsPanel = ({ chosen }: { readonly chosen: string | null }) => {
  const answer = useAnswer('models.list', {}, 30_000);
  return (
    <Panel
      title="Saved sets"
      flush
      aside={
        <Button
          small
          disabled={!hasRole('researcher', 'operator')}
          title={lacksRole('researcher', 'operator') ?? undefined}
          onClick={() => goTo('/research', { new: 'train' })}
        >
          Train again
        </Button>
      }
    >
      {answer.error === null ? null : <ErrorNote error={answer.error} retry={answer.refresh} />}
      {answer.error !== null && answer.value === null ? null : (
        <DataTable
          caption="Saved sets of models"
          columns={COLUMNS}
          rows={answer.value?.sets ?? null}
          rowKey={({ set }) => set}
          isChosen={({ set }) => set === chosen}
          onRow={({ set }) => goTo('/models', { set })}
          empty={
            <EmptyNote title="No models are saved" command="quantai train quant-ensemble --dataset sample">
              A training saves a set that sessions and backtests can start from:
            </EmptyNote>
          }
        />
      )}
    </Panel>
  );
};
