import type { ScoresView } from '../../api/models-api.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { count, percent, ratio } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { scoreRows, SHOWN_SCORES, skillWord, type ModelRow } from './score-pivot.js';

const COLUMNS: readonly Column<ModelRow>[] = [
  { key: 'model', title: 'Model', width: 130, sort: ({ model }) => model, cell: ({ model }) => model },
  {
    key: 'n',
    title: 'Forecasts',
    width: 84,
    align: 'right',
    hint: 'That have matured',
    sort: ({ n }) => n,
    cell: ({ n }) => <Figure text={count(n)} />,
  },
  ...SHOWN_SCORES.map(({ metric, title, hint, isShare }): Column<ModelRow> => ({
    key: metric,
    title,
    hint,
    width: metric.startsWith('skill') || isShare ? 128 : 78,
    align: 'right',
    sort: ({ scores }) => scores.get(metric)?.value,
    cell: ({ scores }) => {
      const score = scores.get(metric);
      const text = isShare ? percent(score?.value, 1, metric.startsWith('skill')) : ratio(score?.value, 3);
      const hasInterval = score !== undefined && score.low !== null && score.high !== null;
      return (
        <span class="score">
          <Figure text={text} reason={score?.reason ?? 'This model has no such score.'} />
          {hasInterval ? (
            <span class={`figure muted score-${metric.startsWith('skill') ? skillWord(score) : 'plain'}`} title="95% interval">
              {percent(score.low, 1)} to {percent(score.high, 1)}
            </span>
          ) : null}
        </span>
      );
    },
  })),
];

/** What each model's forecasts were worth, out of sample. A dash says on hover why there is no figure. */
export const ScoresTable = ({ metrics }: { readonly metrics: ScoresView['metrics'] }) => (
  <Panel title="Scores" note="Out of sample. Under a figure its 95% interval; a dash says on hover why there is none" flush>
    <DataTable
      caption="Scores of the models"
      columns={COLUMNS}
      rows={scoreRows(metrics)}
      rowKey={({ model }) => model}
      empty="No scores."
    />
  </Panel>
);
