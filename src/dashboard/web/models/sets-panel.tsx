import type { ModelSetLine } from '../../api/models-api.js';
import { Answered } from '../parts/answered.js';
import { Button } from '../parts/button.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { count, percent, utcDay, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { hasRole, lacksRole } from '../state/roles.js';
import type { Answer } from '../state/answer.js';
import { goTo } from '../state/route.js';
import { numberOf, recordOf, textOf } from '../research/unknown-json.js';
import { skillWord } from './score-pivot.js';

const COLUMNS: readonly Column<ModelSetLine>[] = [
  { key: 'set', title: 'Set', width: 180, sort: ({ set }) => set, cell: ({ set }) => set },
  {
    key: 'current',
    title: 'In force',
    width: 110,
    cell: ({ current }) => <span class="mono">{current === null ? 'none' : current.slice(0, 12)}</span>,
  },
  {
    key: 'strategy',
    title: 'Strategy',
    width: 140,
    sort: ({ detail }) => textOf(recordOf(detail).strategy),
    cell: ({ detail }) => textOf(recordOf(detail).strategy) || '–',
  },
  {
    key: 'dataset',
    title: 'Trained on',
    width: 190,
    cell: ({ detail }) => {
      const { dataset, dataUntil } = recordOf(detail);
      return (
        <span class="ellipsis" title={textOf(dataset)}>
          {textOf(dataset).split('@')[0]} <span class="muted figure">until {utcDay(numberOf(dataUntil))}</span>
        </span>
      );
    },
  },
  {
    key: 'skill',
    title: 'Skill',
    width: 150,
    align: 'right',
    hint: 'Of its recipe out of sample: share of the log loss of the climatology that is saved, with its 95% interval',
    sort: ({ detail }) => numberOf(recordOf(recordOf(detail).skill).estimate),
    cell: ({ detail }) => {
      const skill = recordOf(recordOf(detail).skill);
      const [low, high] = [numberOf(skill.low), numberOf(skill.high)];
      return (
        <span class="score">
          <Figure text={percent(numberOf(skill.estimate), 1, true)} reason="The evidence does not carry one." />
          {low === null || high === null ? null : (
            <span class={`figure muted score-${skillWord({ low, high })}`}>
              {percent(low, 1)} to {percent(high, 1)}
            </span>
          )}
        </span>
      );
    },
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
export const SetsPanel = ({
  answer,
  chosen,
}: {
  readonly answer: Answer<{ readonly sets: readonly ModelSetLine[] }>;
  readonly chosen: string | null;
}) => (
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
    <Answered answer={answer} rows={5}>
      {({ sets }) => (
        <DataTable
          caption="Saved sets of models"
          columns={COLUMNS}
          rows={sets}
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
    </Answered>
  </Panel>
);
