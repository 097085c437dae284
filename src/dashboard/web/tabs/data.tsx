import { useState } from 'preact/hooks';
import { Answered } from '../parts/answered.js';
import { Cell, Grid } from '../parts/grid.js';
import { Catalogue } from '../data/catalogue.js';
import { DatasetDialog } from '../data/dataset-dialog.js';
import type { DataKind } from '../data/dataset-form.js';
import { DatasetPage } from '../data/dataset-page.js';
import '../research/page-shapes.css';
import '../data/data.css';
import { JobsPanel } from '../research/jobs-panel.js';
import { useAnswer } from '../state/answer.js';
import { place } from '../state/route.js';

/** The catalogue, and work on it; `?dataset=` shows one. */
export default function Data() {
  const dataset = place.value.query.get('dataset');
  const answer = useAnswer('datasets.list', dataset === null ? {} : null, 30_000);
  const [open, setOpen] = useState<DataKind | null>(null);
  if (dataset !== null)
    return (
      <div class="study">
        <DatasetPage key={dataset} dataset={dataset} />
      </div>
    );
  return (
    <div class="study">
      <Grid>
        <Cell span={12}>
          <Answered answer={answer} height={260}>
            {({ datasets }) => <Catalogue datasets={datasets} onWork={setOpen} />}
          </Answered>
        </Cell>
        <Cell span={12}>
          <JobsPanel kinds={['pull', 'synth', 'check']} title="Work on data" />
        </Cell>
        {open === null ? null : (
          <DatasetDialog key={open} kind={open} datasets={answer.value?.datasets ?? []} dataset={null} onClose={() => setOpen(null)} />
        )}
      </Grid>
    </div>
  );
}
