import type { RunView } from '../../api/research-api.js';
import { CutText } from '../parts/cut-text.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { Figure } from '../parts/figure.js';
import { ratio, utcDay } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { paramText } from './param-text.js';
import { recordOf } from './unknown-json.js';

type Fold = RunView['folds'][number];

const window = (from: number, to: number) => (
  <span class="figure">
    {utcDay(from)} – {utcDay(to)}
  </span>
);

const COLUMNS: readonly Column<Fold>[] = [
  { key: 'fold', title: 'Fold', width: 56, align: 'right', sort: ({ fold }) => fold, cell: ({ fold }) => <Figure text={String(fold)} /> },
  {
    key: 'train',
    title: 'Chosen on (in sample)',
    width: 204,
    sort: ({ trainFrom }) => trainFrom,
    cell: ({ trainFrom, trainTo }) => <span class="muted">{window(trainFrom, trainTo)}</span>,
  },
  {
    key: 'test',
    title: 'Tested on (out of sample)',
    width: 204,
    sort: ({ testFrom }) => testFrom,
    cell: ({ testFrom, testTo }) => window(testFrom, testTo),
  },
  {
    key: 'params',
    title: 'Parameters',
    width: 204,
    cell: ({ params }) => <CutText text={paramText(recordOf(params))} look="mono" />,
  },
  {
    key: 'inSample',
    title: 'In sample',
    width: 88,
    align: 'right',
    sort: ({ inSample }) => inSample,
    cell: ({ inSample }) => (
      <span class="in-sample">
        <Figure text={ratio(inSample)} />
      </span>
    ),
  },
  {
    key: 'outOfSample',
    title: 'Out of sample',
    width: 104,
    align: 'right',
    sort: ({ outOfSample }) => outOfSample,
    cell: ({ outOfSample }) => <Figure text={ratio(outOfSample)} value={outOfSample} />,
  },
];

/** The windows of a walk-forward: what was chosen where, and what became of it after. */
export const FoldsPanel = ({ folds }: { readonly folds: readonly Fold[] }) => {
  const pairs = folds.flatMap(({ inSample, outOfSample }) =>
    inSample === null || outOfSample === null ? [] : [{ inSample, outOfSample }],
  );
  const held = pairs.filter(({ outOfSample }) => outOfSample > 0).length;
  return (
    <Panel
      title="Folds"
      note={pairs.length === 0 ? undefined : `Objective in and out of sample; above zero out of sample in ${held} of ${pairs.length}`}
      flush
    >
      <DataTable
        caption="Folds of the walk-forward"
        columns={COLUMNS}
        rows={folds}
        rowKey={({ fold }) => fold}
        empty="No folds."
        page={24}
      />
    </Panel>
  );
};
