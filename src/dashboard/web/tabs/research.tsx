import { Cell, Grid } from '../parts/grid.js';
import { ComparisonPage } from '../research/comparison-page.js';
import { RESEARCH_KINDS } from '../research/job-form.js';
import { JobsPanel } from '../research/jobs-panel.js';
import { NewJob } from '../research/new-job.js';
import { RunPage } from '../research/run-page.js';
import { RunsPanel } from '../research/runs-panel.js';
import '../research/page-shapes.css';
import '../research/research.css';
import { goTo, place } from '../state/route.js';

const Runs = ({ wanted }: { readonly wanted: string | null }) => (
  <Grid>
    <Cell span={12}>
      <JobsPanel />
    </Cell>
    <Cell span={12}>
      <RunsPanel />
    </Cell>
    {wanted === null ? null : (
      <NewJob key={wanted} kind={RESEARCH_KINDS.find(each => each === wanted) ?? 'backtest'} onClose={() => goTo('/research', {}, true)} />
    )}
  </Grid>
);

/** Runs, work in progress, one run, several against each other; `?new=train` opens the form for that kind. */
export default function Research() {
  const { query } = place.value;
  const run = query.get('run');
  const compared = query.get('compare');
  return (
    <div class="study">
      {run !== null ? (
        <RunPage key={run} run={run} />
      ) : compared !== null ? (
        <ComparisonPage key={compared} runs={compared.split(',').filter(each => each !== '')} />
      ) : (
        <Runs wanted={query.get('new')} />
      )}
    </div>
  );
}
