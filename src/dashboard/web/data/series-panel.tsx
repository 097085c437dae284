import type { DatasetView } from '../../api/data-api.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { count, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';

type Series = DatasetView['series'][number];

const COLUMNS: readonly Column<Series>[] = [
  { key: 'symbol', title: 'Symbol', width: 140, sort: ({ symbol }) => symbol, cell: ({ symbol }) => symbol },
  { key: 'kind', title: 'Kind', width: 110, sort: ({ kind }) => kind, cell: ({ kind }) => kind },
  { key: 'timeframe', title: 'Timeframe', width: 90, sort: ({ timeframe }) => timeframe, cell: ({ timeframe }) => timeframe ?? '–' },
  {
    key: 'from',
    title: 'First (UTC)',
    width: 136,
    align: 'right',
    sort: ({ from }) => from,
    cell: ({ from }) => <Figure text={utcMinute(from)} />,
  },
  { key: 'to', title: 'Last (UTC)', width: 136, align: 'right', sort: ({ to }) => to, cell: ({ to }) => <Figure text={utcMinute(to)} /> },
  { key: 'rows', title: 'Rows', width: 90, align: 'right', sort: ({ rows }) => rows, cell: ({ rows }) => <Figure text={count(rows)} /> },
];

/** What the dataset holds. */
export const SeriesPanel = ({ series }: Pick<DatasetView, 'series'>) => (
  <Panel title="Series" note={`${series.length} of them`} flush>
    <DataTable
      caption="Series of the dataset"
      columns={COLUMNS}
      rows={series}
      rowKey={({ kind, symbol, timeframe }) => `${kind} ${symbol} ${timeframe ?? ''}`}
      page={12}
      empty="No series."
    />
  </Panel>
);
