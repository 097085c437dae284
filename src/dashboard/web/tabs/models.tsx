import { Answered } from '../parts/answered.js';
import { EmptyNote } from '../parts/empty-note.js';
import { utcMinute } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { useForecastRuns } from '../models/forecast-runs.js';
import { RunScores } from '../models/run-scores.js';
import { SetsPanel } from '../models/sets-panel.js';
import { VersionPanel } from '../models/version-panel.js';
import '../research/page-shapes.css';
import '../models/models.css';
import { JobsPanel } from '../research/jobs-panel.js';
import { useAnswer } from '../state/answer.js';
import { place, setQuery } from '../state/route.js';

/** Saved models, what is in force, and how forecasts did. `?set=` shows the versions of a set, `?run=` the scores of a run. */
export default function Models() {
  const { query } = place.value;
  const set = query.get('set');
  const sets = useAnswer('models.list', {}, 30_000);
  const { runs, answer } = useForecastRuns();
  const run = query.get('run') ?? runs?.[0]?.run ?? null;
  return (
    <div class="study">
      <Grid>
        <Cell span={12}>
          <SetsPanel answer={sets} chosen={set} />
        </Cell>
        {set === null ? null : (
          <Cell span={12}>
            <VersionPanel key={set} set={set} onChanged={sets.refresh} />
          </Cell>
        )}
        <Cell span={12}>
          <JobsPanel kinds={['train']} title="Trainings in progress" />
        </Cell>
        <Cell span={12}>
          <div class="page-head">
            <h2>How forecasts did</h2>
            {runs === null || runs.length === 0 ? null : (
              <SelectField
                bare
                label="Run"
                value={run ?? ''}
                onChange={value => setQuery({ run: value })}
                options={runs.map(({ run: value, strategy, dataset, at }) => ({
                  value,
                  text: `${strategy} on ${dataset}, ${utcMinute(at)}`,
                }))}
              />
            )}
          </div>
          {run !== null ? (
            <RunScores key={run} run={run} />
          ) : (
            <Panel title="Scores">
              <Answered answer={{ ...answer, value: runs }} rows={5}>
                {() => (
                  <EmptyNote title="No run has made forecasts" command="quantai walkforward quant-ensemble --dataset sample">
                    A strategy with models makes them, for example:
                  </EmptyNote>
                )}
              </Answered>
            </Panel>
          )}
        </Cell>
      </Grid>
    </div>
  );
}
