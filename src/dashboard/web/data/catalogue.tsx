import type { DatasetLine } from '../../api/data-api.js';
import { Badge, SyntheticBadge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { bytes, count, utcDay } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { goTo } from '../state/route.js';
import { DATA_KINDS, DATA_WORDS, type DataKind } from './dataset-form.js';

const COLUMNS: readonly Column<DatasetLine>[] = [
  {
    key: 'dataset',
    title: 'Dataset',
    width: 190,
    sort: ({ dataset }) => dataset,
    cell: ({ dataset, synthetic }) => (
      <span class="inline">
        <strong>{dataset}</strong>
        {synthetic ? <SyntheticBadge /> : null}
      </span>
    ),
  },
  {
    key: 'source',
    title: 'Source',
    width: 120,
    sort: ({ source }) => source,
    cell: ({ source }) => <CutText text={source} />,
  },
  {
    key: 'symbols',
    title: 'Symbols',
    width: 170,
    sort: ({ symbols }) => symbols.length,
    cell: ({ symbols }) => (
      <span class="ellipsis" title={symbols.join(', ')}>
        {symbols.length > 3 ? `${symbols.length} symbols` : symbols.join(', ')}
      </span>
    ),
  },
  {
    key: 'kinds',
    title: 'Kinds',
    width: 150,
    cell: ({ kinds }) => <CutText text={kinds.join(', ')} />,
  },
  {
    key: 'from',
    title: 'Range (UTC)',
    width: 180,
    sort: ({ from }) => from,
    cell: ({ from, to }) => (
      <span class="figure">
        {utcDay(from)} – {utcDay(to)}
      </span>
    ),
  },
  { key: 'rows', title: 'Rows', width: 90, align: 'right', sort: ({ rows }) => rows, cell: ({ rows }) => <Figure text={count(rows)} /> },
  { key: 'bytes', title: 'Size', width: 76, align: 'right', sort: each => each.bytes, cell: each => <Figure text={bytes(each.bytes)} /> },
  {
    key: 'findings',
    title: 'Findings',
    width: 84,
    align: 'right',
    hint: 'Of the quality checks',
    sort: ({ findings }) => findings,
    cell: ({ findings }) => (findings === 0 ? <span class="muted">none</span> : <Badge tone="warn">{count(findings)}</Badge>),
  },
];

/** Every dataset of the workspace. */
export const Catalogue = ({
  datasets,
  onWork,
}: {
  readonly datasets: readonly DatasetLine[];
  readonly onWork: (kind: DataKind) => void;
}) => (
  <Panel
    title="Catalogue"
    note={`${datasets.length} ${datasets.length === 1 ? 'dataset' : 'datasets'}`}
    flush
    aside={
      <>
        {DATA_KINDS.map(kind => (
          <Button key={kind} small kind={kind === 'pull' ? 'primary' : 'plain'} onClick={() => onWork(kind)}>
            {DATA_WORDS[kind].title}
          </Button>
        ))}
      </>
    }
  >
    <DataTable
      caption="Datasets"
      columns={COLUMNS}
      rows={datasets}
      rowKey={({ dataset }) => dataset}
      onRow={({ dataset }) => goTo('/data', { dataset })}
      empty={
        <EmptyNote
          title="There is no data yet"
          command="quantai data pull --symbols BTC/USDT:USDT --timeframe 1h --from 2024-01-01 --dataset btc"
        >
          Pull some from an exchange, make synthetic data, or import files:
        </EmptyNote>
      }
    />
  </Panel>
);
